import { createHmac, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { Client, escapeIdentifier, escapeLiteral, type QueryResultRow } from "pg";
import { startServer } from "./postgres-server.ts";

/** Returns the server of TENANTRY_TEST_DATABASE_URL if that is set, else one started for these tests. */
export async function startPostgres(): Promise<{ url: string; stop(): Promise<void> }> {
  const { TENANTRY_TEST_DATABASE_URL: url } = process.env;
  if (url === undefined || url === "") return startServer();
  if (!URL.canParse(url) || new URL(url).hostname === "") {
    throw new Error("TENANTRY_TEST_DATABASE_URL is not of the form postgres://superuser:password@host:port/database.");
  }
  return { url, stop: async () => undefined };
}

/**
 * Creates a database of a random name, owned by the ordinary role `tenantry_test`, and returns a URL that logs in as
 * that role. `template` is the name of a database that nobody is connected to; by default the new one is empty.
 */
export async function createDatabase(
  serverUrl: string,
  { template }: { template?: string } = {},
): Promise<{ name: string; url: string; drop(): Promise<void> }> {
  const name = `${roleName}_${randomBytes(8).toString("hex")}`;
  const password = deriveRolePassword(serverUrl);
  await withClient(serverUrl, async (client) => {
    await ensureRole(client, password);
    const owner = escapeIdentifier(roleName);
    await execute(client, `create database ${escapeIdentifier(name)} owner ${owner} ${printTemplate(template)}`);
  });
  const drop = () =>
    withClient(serverUrl, async (client) => {
      await execute(client, `drop database if exists ${escapeIdentifier(name)} with (force)`);
    });
  return { name, url: printRoleUrl(serverUrl, { name, password }), drop };
}

/** Parts the tables of a migrated database into partitions, as an operator does. */
export async function partitionTables(url: string, partitions: number): Promise<void> {
  const script = readFileSync(new URL("../../deploy/partition.sql", import.meta.url), "utf8");
  await withClient(url, async (client) => {
    await execute(client, `set tenantry.partitions = ${partitions}`);
    await execute(client, script);
  });
}

/** Creates an ordinary role that may read and write the tables of a database and not change them. */
export async function createOrdinaryRole(serverUrl: string, { name, url }: { name: string; url: string }) {
  const role = `${name}_user`;
  const password = randomBytes(16).toString("hex");
  const own = new URL(url);
  await withClient(serverUrl, async (client) => {
    await execute(client, `create role ${escapeIdentifier(role)} login password ${escapeLiteral(password)}`);
  });
  await withClient(url, async (client) => {
    await execute(client, `revoke create on schema public from public`);
    await execute(client, `grant usage on schema public to ${escapeIdentifier(role)}`);
    await execute(
      client,
      `grant select, insert, update, delete on all tables in schema public to ${escapeIdentifier(role)}`,
    );
  });
  own.username = role;
  own.password = password;
  const query = (text: string) => withClient(own.href, async (client) => void (await execute(client, text)));
  // Only when the database is gone, where it may do something.
  const drop = () =>
    withClient(serverUrl, async (client) => void (await execute(client, `drop role ${escapeIdentifier(role)}`)));
  return { url: own.href, query, drop };
}

const roleName = "tenantry_test";

/** Every test process derives the same password, and nobody else knows it: the server may be in use by others. */
function deriveRolePassword(serverUrl: string): string {
  const serverPassword = decodeURIComponent(new URL(serverUrl).password);
  return createHmac("sha256", serverPassword).update(roleName).digest("hex");
}

async function withClient(url: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: url, application_name: "tenantry tests" });
  // A connection that breaks also rejects the statement under way, which is where the failure is reported.
  client.on("error", () => undefined);
  try {
    await client.connect();
  } catch (error) {
    const { username, host } = new URL(url);
    throw new Error(`Could not connect to PostgreSQL at ${host} as '${username}': ${String(error)}`, { cause: error });
  }
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

async function ensureRole(client: Client, password: string): Promise<void> {
  await execute(client, "begin");
  // Test processes that start together would otherwise both find the role absent. Held until the commit.
  await execute(client, `select pg_advisory_xact_lock(hashtext(${escapeLiteral(roleName)}))`);
  const [role] = await execute<{ rolsuper: boolean; rolbypassrls: boolean }>(
    client,
    `select rolsuper, rolbypassrls from pg_roles where rolname = ${escapeLiteral(roleName)}`,
  );
  if (role?.rolsuper || role?.rolbypassrls) {
    throw new Error(`The role '${roleName}' of this server passes row security; the tests need an ordinary one.`);
  }
  const verb = role === undefined ? "create" : "alter";
  await execute(client, `${verb} role ${escapeIdentifier(roleName)} with login password ${escapeLiteral(password)}`);
  await execute(client, "commit");
}

// template0 and not template1: whatever the server's owner keeps there, the database is empty, UTF-8 and of locale C.
function printTemplate(template: string | undefined): string {
  if (template === undefined) return "template template0 encoding 'UTF8' locale 'C'";
  return `template ${escapeIdentifier(template)}`;
}

async function execute<Row extends QueryResultRow>(client: Client, statement: string): Promise<Row[]> {
  try {
    return (await client.query<Row>(statement)).rows;
  } catch (error) {
    const shown = statement.replace(/ password .*/, " password …");
    throw new Error(`PostgreSQL at ${client.host}:${client.port} refused: ${shown}: ${String(error)}`, {
      cause: error,
    });
  }
}

function printRoleUrl(serverUrl: string, { name, password }: { name: string; password: string }): string {
  const url = new URL(serverUrl);
  // pg prefers these parameters to the user and password before the host.
  url.searchParams.delete("user");
  url.searchParams.delete("password");
  url.username = roleName;
  url.password = password;
  url.pathname = `/${name}`;
  return url.href;
}
