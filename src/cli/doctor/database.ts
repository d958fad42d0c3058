import { type Database, everyPartner } from "../../store/database.ts";
import { migrationStates } from "../../store/migrate.ts";
import { findUnboundRole } from "../../store/role.ts";
import { raw } from "../../store/sql.ts";
import { DataDirectoryInUse } from "../../store/sqlite.ts";
import type { Configuration } from "../config.ts";
import { findServer } from "../directory-server.ts";
import { openDatabase } from "../open-database.ts";
import { type Finding, good, reasonOf } from "./finding.ts";

const versionMin = 140_000;
const answerMillisecondsMax = 5_000;

/** Examines the database, and gives its clock when it is another machine's. */
export async function examineDatabase(
  configuration: Configuration,
): Promise<{ readonly findings: readonly Finding[]; readonly clock?: Date }> {
  try {
    const database = await openDatabase(configuration);
    try {
      return await examine(database, configuration);
    } finally {
      await database.close();
    }
  } catch (error) {
    return { findings: [await explain(configuration, error)] };
  }
}

async function examine(database: Database, { databaseUrl, dataDirectory, development }: Configuration) {
  const migrations = await examineMigrations(database);
  if (databaseUrl === undefined) {
    return { findings: [good("database", `embedded, in ${dataDirectory}`), migrations] };
  }
  const [row] = await database.read(
    everyPartner,
    raw(`select current_setting('server_version_num')::int as "version",
        (extract(epoch from clock_timestamp()) * 1000)::float8 as "milliseconds"`),
  );
  const version = Number(row?.["version"]);
  const findings = [examineVersion(version), examineRole(await findUnboundRole(database), development), migrations];
  return { findings, clock: new Date(Number(row?.["milliseconds"])) };
}

function examineVersion(version: number): Finding {
  const found = `PostgreSQL ${Math.floor(version / 10_000)}.${version % 10_000}`;
  if (version >= versionMin) return good("database", found);
  return { what: "database", state: "fault", found, advice: "Use PostgreSQL 14 or newer." };
}

// As at its start: a server refuses such a role, and in development mode warns of it.
function examineRole(unbound: string | undefined, development: boolean): Finding {
  const what = "database role";
  if (unbound === undefined) return good(what, "an ordinary role: row-level security holds");
  const found = `'${unbound}' is a superuser or has BYPASSRLS: the second wall between partners does not hold`;
  const advice = "Use an ordinary role: docs/postgresql.md shows how to make one.";
  return { what, state: development ? "warning" : "fault", found, advice };
}

async function examineMigrations(database: Database): Promise<Finding> {
  const states = await migrationStates(database);
  const wrong = states.filter(({ state }) => state === "changed" || state === "unknown");
  const pending = states.filter(({ state }) => state === "pending");
  if (wrong.length > 0) {
    const found = wrong.map(({ name, state }) => `${name} is ${state}`).join(", ");
    const advice = "Use the version of Tenantry that wrote the database, or a newer one.";
    return { what: "migrations", state: "fault", found, advice };
  }
  if (pending.length === 0) return good("migrations", `all ${states.length} are applied`);
  const advice = "The server applies them when it starts; 'tenantry migrate up' does it now.";
  return { what: "migrations", state: "warning", found: `${pending.length} are pending`, advice };
}

async function explain({ databaseUrl, dataDirectory }: Configuration, error: unknown): Promise<Finding> {
  const what = "database";
  if (databaseUrl !== undefined) {
    const advice = "Check --database-url, that the server runs, and that its network lets this machine in.";
    return { what, state: "fault", found: reasonOf(error), advice };
  }
  if (error instanceof DataDirectoryInUse) return examineHolder(dataDirectory);
  return { what, state: "fault", found: reasonOf(error), advice: `Check that ${dataDirectory} can be written.` };
}

// The embedded database belongs to the process that serves it: that one is asked instead.
async function examineHolder(dataDirectory: string): Promise<Finding> {
  const what = "database";
  const origin = findServer(dataDirectory);
  if (origin !== undefined && (await isReady(origin))) {
    return good(what, `embedded, in ${dataDirectory}; the server at ${origin} uses it and is ready`);
  }
  const found = `${dataDirectory} is in use by another Tenantry process`;
  if (origin !== undefined) {
    const advice = "If it is starting or ending, examine again when it is done; otherwise its log says more.";
    return { what, state: "fault", found: `${found}, and no server is ready at ${origin}`, advice };
  }
  const advice = "If a command such as 'tenantry migrate up' runs, wait for its end; otherwise end that process.";
  return { what, state: "fault", found: `${found}, which is no server that is ready`, advice };
}

async function isReady(origin: string): Promise<boolean> {
  try {
    return (await fetch(`${origin}/readyz`, { signal: AbortSignal.timeout(answerMillisecondsMax) })).status === 200;
  } catch {
    return false;
  }
}
