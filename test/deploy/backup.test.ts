import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, inject, test } from "vitest";
import { readCodeBlocks } from "../docs/code-blocks.ts";
import { createDatabase } from "../support/postgres.ts";
import { createStorage, type ServerProcess, startProcess } from "../support/process.ts";
import { eventually, newDomain } from "../support/service.ts";

const operationsPath = "/v1.0/customerCreationOperations";
const deltaPath = "/v1.0/customers/delta()";
const customer = { companyProfile: {}, billingProfile: { companyName: "Contoso" } };
const enough = 30;

const program = fileURLToPath(new URL("../../bin/tenantry.js", import.meta.url));

test("a copy of PostgreSQL that is made while a server writes is restored as the guide says", {
  timeout: 90_000,
}, async () => {
  const [dump = "", restore = ""] = stepsOf("PostgreSQL");
  await using storage = await createStorage("postgres");
  const restored = await createDatabase(inject("postgres").url);
  await using _ = { [Symbol.asyncDispose]: restored.drop };
  const url = storage.flags.at(-1) ?? "";
  const steps = runIn(storage.directory, { TENANTRY_DATABASE_URL: url, RESTORED_DATABASE_URL: restored.url });

  const before = await writeWhile(storage.flags, () => steps(dump));
  await steps(restore);
  await using server = await startProcess(["--data-dir", storage.directory, "--database-url", restored.url]);

  await expectWhole(server, before);
});

test("a copy of the embedded database that is made while a server writes is restored as the guide says", {
  timeout: 90_000,
}, async () => {
  const [backup = "", restore = ""] = stepsOf("The embedded database");
  await using storage = await createStorage("sqlite");
  const steps = runIn(storage.directory, { TENANTRY_DATA_DIR: storage.directory });

  const before = await writeWhile(storage.flags, () => steps(backup));
  await steps(restore);
  await using server = await startProcess(["--data-dir", join(storage.directory, "restored")]);

  await expectWhole(server, before);
});

test("a copy is not made over a file that is there, nor of another database than the embedded one", async () => {
  await using storage = await createStorage("sqlite");
  const steps = runIn(storage.directory, { TENANTRY_DATA_DIR: storage.directory });
  await startProcess(storage.flags).then((server) => server.end("SIGTERM"));
  await steps("npx tenantry backup one.db");

  const [again, elsewhere] = await Promise.allSettled([
    steps("npx tenantry backup one.db"),
    steps("npx tenantry backup two.db --database-url postgres://127.0.0.1/none"),
  ]);

  const refused = (why: string) => ({ status: "rejected", reason: { code: 2, stderr: expect.stringContaining(why) } });
  expect(again).toMatchObject(refused("'one.db' is there already"));
  expect(elsewhere).toMatchObject(refused("pg_dump"));
  expect(readdirSync(storage.directory).filter((name) => /two|part/.test(name))).toEqual([]);
});

/** What was acknowledged before the copy began, and the link of a client that has followed the customers since. */
interface Before {
  readonly customers: readonly string[];
  readonly deltaLink: string;
}

/** Adds customers without a pause, and makes the copy in the midst of it. */
async function writeWhile(flags: readonly string[], copy: () => Promise<unknown>): Promise<Before> {
  await using server = await startProcess(flags);
  const acknowledged: string[] = [];
  let isOver = false;
  const write = async () => {
    while (!isOver) acknowledged.push(await addCustomer(server));
  };
  const writing = Promise.all([write(), write(), write()]);
  await eventually(async () => (acknowledged.length >= enough ? true : undefined));
  const customers = [...acknowledged];
  await copy();
  const last = acknowledged.length;
  await eventually(async () => (acknowledged.length > last ? true : undefined));
  isOver = true;
  await writing;
  const { json } = await server.send("GET", deltaPath);
  await server.end("SIGTERM");
  return { customers, deltaLink: json["@odata.deltaLink"] ?? json["@odata.nextLink"] };
}

/** Asserts that nothing is lost, that the server goes on where it was, and that clients of delta begin anew. */
async function expectWhole(server: ServerProcess, { customers, deltaLink }: Before): Promise<void> {
  const found = await Promise.all(customers.map((id) => server.send("GET", `/v1.0/customers/${id}`)));
  const { pathname, search } = new URL(deltaLink);
  const followed = await server.send("GET", pathname + search);
  const anew = new URL(followed.headers.get("location") ?? "").pathname;
  const added = await addCustomer(server);
  const active = await eventually(async () => {
    const { json } = await server.send("GET", `/v1.0/customers/${added}`);
    return json.lifecycleState === "active" ? json : undefined;
  });
  const seen = await followAll(server, anew);

  expect(found.map(({ status }) => status)).toEqual(customers.map(() => 200));
  expect(customers.length).toBeGreaterThanOrEqual(enough);
  expect([followed.status, followed.json.error.innerError.code]).toEqual([410, "syncStateNotFound"]);
  expect(active.tenantId).toMatch(/^[0-9a-f-]{36}$/);
  expect([...customers, added].filter((id) => !seen.has(id))).toEqual([]);
}

async function followAll(server: ServerProcess, path: string): Promise<ReadonlySet<string>> {
  const seen = new Set<string>();
  for (let next: string | undefined = path; next !== undefined; ) {
    const { json } = await server.send("GET", next);
    for (const { id } of json.value) seen.add(id);
    const link: string | undefined = json["@odata.nextLink"];
    next = link === undefined ? undefined : new URL(link).pathname + new URL(link).search;
  }
  return seen;
}

/** Adds a customer and gives its id. */
async function addCustomer(server: ServerProcess): Promise<string> {
  const { json } = await server.send("POST", operationsPath, { domain: newDomain() });
  const { status, headers } = await server.send("POST", `${operationsPath}/${json.id}/customer/$ref`, customer);
  if (status !== 204) throw new Error(`The customer was answered ${status}.`);
  return headers.get("location")?.split("/").at(-1) ?? "";
}

/** The commands of a section of the guide, block by block. */
function stepsOf(title: string): readonly string[] {
  const blocks = readCodeBlocks("docs/backup.md", "sh");
  return blocks.filter(({ section }) => section === title).map(({ code }) => code);
}

/** Makes what runs commands in a folder, with the programs of the newest PostgreSQL of this machine. */
function runIn(folder: string, variables: Readonly<Record<string, string>>) {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("TENANTRY_"));
  const env = { ...Object.fromEntries(inherited), ...variables, PATH: `${newestBinaries()}:${process.env["PATH"]}` };
  return (commands: string) => {
    const text = commands.replaceAll("npx tenantry", `"${process.execPath}" "${program}"`);
    return promisify(execFile)("sh", ["-euc", text], { cwd: folder, env });
  };
}

function newestBinaries(): string {
  const parent = "/usr/lib/postgresql";
  try {
    const newest = readdirSync(parent).sort((a, b) => Number(b) - Number(a))[0] ?? "";
    return join(parent, newest, "bin");
  } catch {
    // They are on the PATH, then.
    return parent;
  }
}
