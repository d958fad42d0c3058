import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, inject, test } from "vitest";
import { type Outside, startOutside } from "../support/outside.ts";
import { createDatabase } from "../support/postgres.ts";
import { createStorage, runCommand, startProcess } from "../support/process.ts";
import { eventually } from "../support/service.ts";

const directory = mkdtempSync(join(tmpdir(), "tenantry-doctor-"));
afterAll(() => rmSync(directory, { recursive: true }));

test("an embedded database that a server uses is well as long as that server is ready", async () => {
  await using storage = await createStorage("sqlite");
  await using server = await startProcess([...storage.flags, "--drain-seconds", "60"]);

  const well = await examine(...storage.flags);
  void server.end("SIGTERM");
  await eventually(async () => ((await server.send("GET", "/readyz")).status === 503 ? true : undefined));
  const ending = await examine(...storage.flags);
  await server.end("SIGKILL");
  const alone = await examine(...storage.flags);

  expect(well).toMatchObject({
    code: 0,
    database: {
      state: "good",
      found: expect.stringContaining(`the server at ${server.origins[0]} uses it and is ready`),
    },
    clock: { state: "unknown" },
    provisioner: { state: "good" },
  });
  expect(ending).toMatchObject({
    code: 1,
    database: { state: "fault", found: expect.stringContaining(`no server is ready at ${server.origins[0]}`) },
  });
  expect(alone).toMatchObject({ code: 0, database: { found: `embedded, in ${storage.directory}` } });
});

test("a data directory in use by something else than a server is a fault, and what to do about it is said", async () => {
  await using storage = await createStorage("sqlite");
  const database = storage.open();

  const found = await examine(...storage.flags);
  await database.close();

  expect(found).toMatchObject({
    code: 1,
    database: { state: "fault", advice: expect.stringContaining("wait for its end") },
  });
});

test("what is found is printed for people as a line each, with what to do about it beneath", async () => {
  const { out } = await runCommand(["doctor", "--data-dir", directory]);

  const lines = out.trimEnd().split("\n");
  expect(lines[0]).toMatch(/^good {5}database: /);
  expect(lines).toContain("         Set --issuer and --audience to serve others.");
  expect(lines.filter((line) => line.length > 160)).toEqual([]);
});

test("a PostgreSQL database is looked at: its version, its role, its migrations and its clock", async () => {
  await using migrated = await createStorage("postgres");
  await using empty = await createStorage("postgres", { migrated: false });

  const [well, pending] = [await examine(...migrated.flags), await examine(...empty.flags)];

  expect(well).toMatchObject({
    code: 0,
    database: { state: "good", found: expect.stringMatching(/^PostgreSQL \d+\.\d+$/) },
    "database role": { state: "good" },
    migrations: { state: "good", found: expect.stringMatching(/^all \d+ are applied$/) },
    clock: { state: "good" },
  });
  expect(pending).toMatchObject({
    code: 0,
    migrations: { state: "warning", advice: expect.stringContaining("migrate up") },
  });
});

test("a database that is not there is a fault, and nothing else stays unsaid for it", async () => {
  const url = "postgres://user:secret@127.0.0.1:1/none";

  const found = await examine("--data-dir", directory, "--database-url", url);

  expect(found).toMatchObject({
    code: 1,
    database: { state: "fault", advice: expect.stringContaining("--database-url") },
  });
  expect(found).toHaveProperty("provisioner");
  expect(JSON.stringify(found)).not.toContain("secret");
});

test("a role above row-level security is warned of, and is a fault where a server would refuse it", async () => {
  const { url, template } = inject("postgres");
  const database = await createDatabase(url, { template });
  const asSuperuser = new URL(database.url);
  const superuser = new URL(url);
  [asSuperuser.username, asSuperuser.password] = [superuser.username, superuser.password];

  const found = await examine("--data-dir", directory, "--database-url", asSuperuser.href);
  const strict = ["--issuer", "http://127.0.0.1:1", "--audience", "a"];
  const refused = await examine("--data-dir", directory, "--database-url", asSuperuser.href, ...strict);
  await database.drop();

  expect(refused).toMatchObject({ code: 1, "database role": { state: "fault" } });
  expect(found).toMatchObject({
    code: 0,
    "database role": { state: "warning", advice: expect.stringContaining("ordinary role") },
  });
});

test("an issuer is well when its keys can be read; its clock is compared with ours", async () => {
  await using issuer = await startIssuer({ secondsAhead: 0 });
  await using hasty = await startIssuer({ secondsAhead: 300 });

  const well = await examine("--data-dir", directory, "--issuer", issuer.origin, "--audience", "a");
  const late = await examine("--data-dir", directory, "--issuer", hasty.origin, "--audience", "a");
  const gone = await examine("--data-dir", directory, "--issuer", "http://127.0.0.1:1", "--audience", "a");

  expect(well).toMatchObject({ code: 0, issuer: { state: "good" }, clock: { state: "good" } });
  expect(late).toMatchObject({
    code: 1,
    clock: { state: "fault", found: expect.stringMatching(/^(?:299|300|301) seconds behind$/) },
  });
  expect(gone).toMatchObject({ code: 1, issuer: { state: "fault", advice: expect.stringContaining("--issuer") } });
});

test("a provisioner of the operator's own must answer", async () => {
  await using service = await startIssuer({ secondsAhead: 0 });
  const flags = ["--data-dir", directory, "--provisioner", "http"];
  const secret = { TENANTRY_PROVISIONER_SECRET: "0123456789abcdef0123456789abcdef0123456789abcdef" };

  const well = await examineWith(secret, ...flags, "--provisioner-url", service.origin);
  const gone = await examineWith(secret, ...flags, "--provisioner-url", "http://127.0.0.1:1");

  expect(well).toMatchObject({ code: 0, provisioner: { state: "good" } });
  expect(gone).toMatchObject({
    code: 1,
    provisioner: { state: "fault", advice: expect.stringContaining("--provisioner-url") },
  });
});

function examine(...flags: string[]) {
  return examineWith({}, ...flags);
}

async function examineWith(environment: Readonly<Record<string, string>>, ...flags: string[]) {
  const { code, out } = await runCommand(["doctor", "--output", "json", ...flags], environment);
  const findings: { readonly what: string }[] = JSON.parse(out);
  return { code, ...Object.fromEntries(findings.map(({ what, ...finding }) => [what, finding])) };
}

/** An issuer that publishes keys, and whose clock may be wrong. */
function startIssuer({ secondsAhead }: { readonly secondsAhead: number }): Promise<Outside> {
  return startOutside(async ({ url, headers }) => {
    const issuer = `http://${headers.host}`;
    const isDiscovery = url === "/.well-known/openid-configuration";
    return {
      status: 200,
      headers: { date: new Date(Date.now() + secondsAhead * 1000).toUTCString() },
      body: isDiscovery ? { issuer, jwks_uri: `${issuer}/keys` } : { keys: [] },
    };
  });
}
