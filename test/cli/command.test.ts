import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import SqliteDatabase from "better-sqlite3";
import { decodeJwt } from "jose";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createStorage, runCommand, type ServerProcess, type Storage, startProcess } from "../support/process.ts";
import { type Engine, engines, eventually } from "../support/service.ts";

const directory = mkdtempSync(join(tmpdir(), "tenantry-command-"));
const migrations = readdirSync(new URL("../../src/store/migrations/", import.meta.url))
  .filter((file) => /^\d{4}_[a-z_]+\.sql$/.test(file))
  .sort()
  .map((file) => file.slice(0, -".sql".length));
const inDirectory = ["--data-dir", directory];
afterAll(() => rmSync(directory, { recursive: true }));

describe.concurrent("a wrong call", () => {
  test.for<[string[], RegExp]>([
    [["--no-such-flag"], /unknown option '--no-such-flag'/],
    [["no-such-command"], /no-such-command|too many arguments/],
    [["--host", "0.0.0.0"], /Development mode listens on loopback only, and --host is '0\.0\.0\.0'\..*--issuer/],
    [["--port", "seventy"], /--port must be a number from 0 to 65535, and a whole one; it is 'seventy'/],
    [["--port", "8080.5"], /--port must be .*; it is '8080\.5'/],
    [["--issuer", "https://issuer.example/"], /set --issuer and --audience/],
    [["--audience", "urn:tenantry"], /set --issuer and --audience/],
    [
      ["--issuer", "http://issuer.example/", "--audience", "a"],
      /--issuer must be .* https:\/\/.*'http:\/\/issuer.example\/'/,
    ],
    [
      ["--issuer", "https://a.example", "--audience", "a", "--jwks-url", "http://secret@keys.example"],
      /--jwks-url must be a URL that begins with https:\/\//,
    ],
    [
      ["--issuer", "https://a.example,https://b.example", "--audience", "a", "--jwks-url", "https://a.example/keys"],
      /--jwks-url goes with one issuer/,
    ],
    [["--database-url", "mysql://user:secret@host/db"], /--database-url must be a URL that begins with postgres:/],
    [["--tls", "files", "--tls-cert", "x.crt"], /--tls files goes with both --tls-cert and --tls-key/],
    [["--tls-key", "x.key"], /--tls files goes with both --tls-cert and --tls-key/],
    [
      ["--cors-origins", "https://a.example/path"],
      /--cors-origins must be a list of origins .*'https:\/\/a.example\/path'/,
    ],
    [["--profile", "strict"], /--profile must be one of graph, oasis; it is 'strict'/],
    [["token", "--permissions", "Customer.Read.All,Customer.Eat.All"], /'Customer\.Eat\.All' is not a permission/],
    [["token", "--partner", "contoso"], /--partner must be a GUID such as .*; it is 'contoso'/],
    [["token", "--expires", "soon"], /--expires must be a span such as 1h.*; it is 'soon'/],
  ])("%j ends with 2 and says what would be right", async ([words, sentence], { expect }) => {
    const { code, out, err } = await runCommand(words, { TENANTRY_DATA_DIR: directory });

    expect(err).toMatch(sentence);
    expect(err).not.toMatch(/^ +at |secret/m);
    expect({ code, out }).toEqual({ code: 2, out: "" });
  });

  test("names a file with a secret that cannot be read, or that is set twice", async ({ expect }) => {
    const url = "postgres://user:secret@host/db";

    const missing = await runCommand(["migrate", "up"], { TENANTRY_DATABASE_URL_FILE: "/no/such/file" });
    const twice = await runCommand(["migrate", "up"], {
      TENANTRY_DATABASE_URL: url,
      TENANTRY_DATABASE_URL_FILE: "/no/such/file",
    });

    expect(missing).toEqual({
      code: 2,
      out: "",
      err: "The file that TENANTRY_DATABASE_URL_FILE names cannot be read.\n",
    });
    expect(twice).toEqual({
      code: 2,
      out: "",
      err: "Set TENANTRY_DATABASE_URL or TENANTRY_DATABASE_URL_FILE, not both.\n",
    });
  });

  test("is refused in a file as in a variable", async ({ expect }) => {
    const file = join(directory, "database-url");
    writeFileSync(file, "mysql://user:secret@host/db\n");

    const { code, err } = await runCommand(["migrate", "up"], { TENANTRY_DATABASE_URL_FILE: file });

    expect(code).toBe(2);
    expect(err).toMatch(/--database-url must be a URL that begins with postgres:/);
    expect(err).not.toContain("secret");
  });

  test("of a misspelt flag is answered with the flag that was meant", async ({ expect }) => {
    const { code, err } = await runCommand(["serve", "--prot", "1"]);

    expect(code).toBe(2);
    expect(err).toContain("Did you mean --port?");
  });

  test("in a variable is refused like one in a flag, and the flag stands above the variable", async ({ expect }) => {
    const environment = { TENANTRY_DATA_DIR: directory, TENANTRY_TLS: "on" };

    const refused = await runCommand(["migrate", "up"], environment);
    const accepted = await runCommand(["serve", "--tls", "off", "--host", "192.0.2.1"], environment);

    expect(refused).toMatchObject({ code: 2, err: "--tls must be one of auto, files, off; it is 'on'.\n" });
    expect(accepted.err).toContain("--host is '192.0.2.1'");
  });
});

describe("a server on the embedded database", () => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await startProcess(inDirectory);
  });
  afterAll(() => server[Symbol.asyncDispose]());

  test("adds a customer when the lines of its banner are pasted into a shell", async () => {
    const lines = server.banner.split("\n").filter((line) => line !== "");
    const pasted = lines.slice(lines.findIndex((line) => line.startsWith("export TOKEN=")));
    const commands = pasted.filter((line) => !line.startsWith("  Add a customer:")).join("\n");

    const { stdout } = await promisify(execFile)("bash", ["-c", commands]);

    expect(stdout).toMatch(/^HTTP\/1\.1 204 /);
    expect(stdout).toMatch(new RegExp(`^location: ${server.origins[0]}/v1\\.0/customers/[0-9a-f-]{36}\r$`, "im"));
  });

  test("says in its banner where everything is, and each of these places answers 200", async () => {
    const urls = [...server.banner.matchAll(/^ {2}(http\S+)$/gm)].map(([, url = ""]) => url);

    const statuses = await Promise.all(urls.map(async (url) => [new URL(url).pathname, (await fetch(url)).status]));

    expect(Object.fromEntries(statuses)).toEqual({
      "/v1.0": 200,
      "/v1.0/$metadata": 200,
      "/v1.0/openapi.json": 200,
      "/readyz": 200,
      "/portal/": 200,
    });
  });

  test("is healthy and ready, to anyone who asks", async () => {
    const answers = await Promise.all(
      ["/healthz", "/readyz"].map(async (path) => {
        const response = await fetch(`${server.origins[0]}${path}`);
        return { status: response.status, json: await response.json() };
      }),
    );

    expect(answers).toEqual([
      { status: 200, json: { status: "ok" } },
      { status: 200, json: { status: "ok" } },
    ]);
  });

  test("believes a token that the token command printed, for what that token allows", async () => {
    const partner = "33333333-3333-4333-8333-333333333333";
    const permissions = "Customer.Read.All CustomerCreationOperation.Read.All";

    const printed = await runCommand(["token", ...inDirectory, "--partner", partner, "--permissions", permissions]);
    const token = printed.out.trim();
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const read = await fetch(`${server.origins[0]}/v1.0/customers`, { headers });
    const url = `${server.origins[0]}/v1.0/customerCreationOperations`;
    const written = await fetch(url, { method: "POST", headers, body: "{}" });

    expect(printed).toEqual({ code: 0, out: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+\n$/), err: "" });
    expect(decodeJwt(token)).toMatchObject({ tid: partner, roles: permissions.split(" ") });
    expect(await read.json()).toMatchObject({ value: [] });
    expect([read.status, written.status]).toEqual([200, 403]);
  });

  test("keeps a second one out of its port with a clear message", async () => {
    const blocked = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => blocked.once("listening", resolve));
    const address = blocked.address();
    const port = typeof address === "object" ? String(address?.port) : "";

    const { code, err } = await runCommand([
      ...["--data-dir", join(directory, "other"), "--port", port, "--metrics-port", "0"],
    ]);

    blocked.close();
    expect(err).toContain(`The port ${port} of 127.0.0.1 is taken.`);
    expect(err).toContain("--port");
    expect(err).not.toMatch(/^ +at /m);
    expect(code).toBe(1);
  });
});

describe.concurrent.each(engines)("on %s", (engine) => {
  test.for(["SIGTERM", "SIGINT"] as const)(
    "%s ends a server that is at work with 0 and keeps everything",
    // The others of this file start their processes at the same time.
    { timeout: 60_000 },
    async (signal, { expect }) => {
      await using storage = await createStorage(engine);
      await using server = await startProcess(storage.flags);
      const path = "/v1.0/customers";
      const body = { companyProfile: { domain: "contoso.onmicrosoft.com" }, billingProfile: {} };

      const created = await server.send("POST", path, body);
      const ended = await server.end(signal);
      await using again = await startProcess(storage.flags);
      const read = await eventually(async () => {
        const answer = await again.send("GET", `${path}/${created.json.id}`);
        return answer.json.lifecycleState === "active" ? answer : undefined;
      });

      expect(created.status).toBe(201);
      expect(ended).toMatchObject({ code: 0, err: "" });
      expect(read.status).toBe(200);
    },
  );

  // It starts seven processes, one after the other.
  test("migrate tells honestly what is pending, applied or changed", { timeout: 60_000 }, async ({ expect }) => {
    await using storage = await createStorage(engine, { migrated: false });
    const run = (verb: string) => runCommand(["migrate", verb, ...storage.flags]);

    const pending = await run("status");
    const unverified = await run("verify");
    const up = await run("up");
    const again = await run("up");
    const status = await run("status");
    await changeDigest(engine, storage);
    const changed = await run("verify");
    const refused = await run("up");

    const listed = (state: string) => migrations.map((name) => `${name}  ${state}\n`).join("");
    const fine = "The database is as it should be.\n";
    expect(pending).toMatchObject({ code: 1, out: `${listed("pending")}${migrations.length} not as it should be.\n` });
    expect(unverified).toMatchObject({ code: 0, out: `${listed("pending")}${fine}` });
    expect(up).toMatchObject({ code: 0, out: `${listed("applied")}${fine}` });
    expect(again).toMatchObject({ code: 0, out: fine });
    expect(status).toMatchObject({ code: 0, out: `${listed("applied")}${fine}` });
    expect(changed).toMatchObject({ code: 1, out: expect.stringContaining(`${migrations[0]}  changed\n`) });
    expect(changed.out).toContain("1 not as it should be.\n");
    expect(refused).toMatchObject({
      code: 1,
      out: "",
      err: expect.stringContaining(`${migrations[0]} in another form`),
    });
  });
});

async function changeDigest(engine: Engine, storage: Storage): Promise<void> {
  const statement = `update "migrations" set "digest" = 'another' where "number" = 1`;
  if (engine === "sqlite") {
    new SqliteDatabase(join(storage.directory, "tenantry.db")).exec(statement).close();
    return;
  }
  const client = new Client({ connectionString: String(storage.flags.at(-1)) });
  await client.connect();
  await client.query(statement);
  await client.end();
}

test("a server that is set to oasis answers in 4.01 what does not ask for less", async () => {
  await using server = await startProcess(["--data-dir", join(directory, "oasis"), "--profile", "oasis"]);

  const service = await fetch(`${server.origins[0]}/v1.0/`);
  const older = await fetch(`${server.origins[0]}/v1.0/`, { headers: { "OData-MaxVersion": "4.0" } });
  const refused = await fetch(`${server.origins[0]}/v1.0/nothing`);

  expect(service.headers.get("OData-Version")).toBe("4.01");
  expect(service.headers.get("Content-Type")).toBe("application/json;metadata=minimal");
  expect(older.headers.get("Content-Type")).toBe("application/json;odata.metadata=minimal");
  expect(await refused.json()).toHaveProperty("error.innererror.code", "itemNotFound");
});

test("tenantry --version is that of the package", async () => {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));

  const { code, out } = await runCommand(["--version"]);

  expect({ code, out }).toEqual({ code: 0, out: `${version}\n` });
});
