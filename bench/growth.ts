import { mkdtempSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { readDevelopmentKey, signToken } from "../src/cli/development-key.ts";
import { permissions } from "../src/onboarding/permissions.ts";
import { everyPartner } from "../src/store/database.ts";
import { migrate } from "../src/store/migrate.ts";
import { openPostgres } from "../src/store/postgres.ts";
import { raw } from "../src/store/sql.ts";
import { openSqlite } from "../src/store/sqlite.ts";
import { type Amount, customerOf, fillStatements, partnerOf } from "../test/support/many-customers.ts";
import { type Contender, startOurs } from "./contenders.ts";
import { type DurablePostgres, startDurablePostgres } from "./durable-postgres.ts";
import type { Place } from "./place.ts";
import { printLine } from "./report.ts";

const requestsPerRound = 20;

/** A server on a database of some size. */
interface World {
  readonly name: string;
  readonly amount: Amount;
  readonly server: Contender;
  readonly headers: Readonly<Record<string, string>>;
  /** Where the next page of W3 begins, far behind. */
  readonly deep: string;
  readonly latest: string;
}

const named = "$filter=startswith(companyProfile/companyName,'Con')&$orderby=companyProfile/companyName";
const shown = "$select=id,companyProfile&$top=100";
let opened = 0;

/** What is asked of each world, one request at a time. */
const requests: Readonly<Record<string, (world: World) => Promise<unknown>>> = {
  "W1 add customer": addCustomer,
  "W2 read by id": (world) => get(world, `/customers/${customerOf(0)}`),
  "W3 first page": (world) => get(world, `/customers?${named}&${shown}`),
  "W3 page behind 10": (world) => get(world, world.deep),
  "W5 delta page": (world) => get(world, world.latest),
  "list by id": (world) => get(world, "/customers?$select=id&$top=100"),
  "newest first": (world) => get(world, "/customers?$select=id&$top=100&$orderby=createdDateTime desc"),
};

const { values: options } = parseArgs({
  options: {
    growth: { type: "boolean" },
    engine: { type: "string", default: "postgres" },
    worlds: { type: "string", default: "1x1000,1x100000,1x1000000,1000x1000" },
    rounds: { type: "string", default: "10" },
    json: { type: "string" },
  },
});

await measureGrowth();

/** Measures what one request takes on databases of different sizes, in turn, so that all meet the same machine. */
async function measureGrowth(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "tenantry-growth-"));
  process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
  await using stack = new AsyncDisposableStack();
  const postgres = options.engine === "postgres" ? stack.use(await startDurablePostgres()) : undefined;
  const worlds: World[] = [];
  for (const name of options.worlds.split(",")) {
    const place = await makePlace(join(directory, name), postgres, stack);
    const [partners = 1, customersEach = 1] = name.split("x").map(Number);
    await fill(place, { partners, customersEach });
    worlds.push(await open(name, { partners, customersEach }, place, stack.use(await startOurs(place, undefined))));
  }
  const medians = Object.entries(requests).map(([name, send]) => ({
    name,
    send,
    taken: worlds.map((): number[] => []),
  }));
  for (let round = 0; round <= Number(options.rounds); round++) {
    for (const { send, taken } of medians) {
      for (const [index, world] of worlds.entries()) {
        const milliseconds = await measureRound(() => send(world));
        // The first round fills caches and plans.
        if (round > 0) taken[index]?.push(milliseconds);
      }
    }
  }
  const rows = medians.map(({ name, taken }) => ({ name, milliseconds: taken.map(medianOf) }));
  printLine(
    `| ${options.engine}, ms | ${worlds.map(({ name }) => name.replace("x", " × ")).join(" | ")} | most / first |`,
  );
  printLine(`| --- | ${worlds.map(() => "---").join(" | ")} | --- |`);
  for (const { name, milliseconds } of rows) {
    const ratio = Math.max(...milliseconds) / (milliseconds[0] ?? 1);
    printLine(`| ${name} | ${milliseconds.map((each) => each.toFixed(2)).join(" | ")} | ${ratio.toFixed(2)} |`);
  }
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify({ options, rows }, undefined, 2)}\n`);
}

async function makePlace(
  dataDirectory: string,
  postgres: DurablePostgres | undefined,
  stack: AsyncDisposableStack,
): Promise<Place> {
  if (postgres === undefined) return { dataDirectory };
  return { dataDirectory, databaseUrl: stack.use(await postgres.createDatabase()).url };
}

async function fill({ dataDirectory, databaseUrl }: Place, amount: Amount): Promise<void> {
  const database = databaseUrl === undefined ? openSqlite(dataDirectory) : openPostgres(databaseUrl, "unbounded");
  await migrate(database, new Date().toISOString());
  for (const statement of fillStatements(amount)) await database.write(everyPartner, [raw(statement)]);
  // As autovacuum does in time.
  if (databaseUrl !== undefined) await database.read(everyPartner, raw("vacuum analyze"));
  await database.close();
  printLine(`filled ${amount.partners} × ${amount.customersEach}`);
}

async function open(name: string, amount: Amount, place: Place, server: Contender): Promise<World> {
  const key = await readDevelopmentKey(place.dataDirectory);
  const token = await signToken(key, { partnerId: partnerOf(0), permissions, expires: "24h" });
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const world = { name, amount, server, headers, deep: "", latest: "" };
  let deep = `/customers?${named}&$select=id,companyProfile&$top=${Math.max(1, Math.floor(amount.customersEach / 1000))}`;
  for (let page = 0; page < 10; page++) deep = await get(world, deep);
  const latest = await get(world, "/customers/delta?$deltatoken=latest");
  const { value } = JSON.parse(await send(world, "GET", "/customers?$select=id&$top=100"));
  for (const { id } of value) {
    await send(world, "PATCH", `/customers/${id}`, { companyProfile: { companyName: `Contoso ${id}` } });
  }
  return { ...world, deep: deep.replace(/\$top=\d+/, "$top=100"), latest };
}

/** The middle of the times that requests take, one after the other. */
async function measureRound(ask: () => Promise<unknown>): Promise<number> {
  const taken: number[] = [];
  for (let request = 0; request < requestsPerRound; request++) {
    const begun = performance.now();
    await ask();
    taken.push(performance.now() - begun);
  }
  return medianOf(taken);
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

async function addCustomer(world: World): Promise<void> {
  opened += 1;
  const domain = `g${process.pid}n${opened}.onmicrosoft.com`;
  const { id } = JSON.parse(await send(world, "POST", "/customerCreationOperations", { domain }));
  const body = { companyProfile: { companyName: `Contoso ${opened}` }, billingProfile: {} };
  await send(world, "POST", `/customerCreationOperations/${id}/customer/$ref`, body);
}

async function get(world: World, path: string): Promise<string> {
  const page = JSON.parse(await send(world, "GET", path));
  return page["@odata.nextLink"] ?? page["@odata.deltaLink"] ?? path;
}

async function send({ server, headers }: World, method: string, path: string, body?: object): Promise<string> {
  const url = path.startsWith("/") ? `${server.origin}/v1.0${path}` : path;
  const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${text}`);
  return text;
}
