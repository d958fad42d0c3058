import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Contender, startServer } from "./contenders.ts";
import { openDoor, type Place, type Row } from "./place.ts";
import type { Template } from "./seed.ts";

const folder = fileURLToPath(new URL("./peers/cap/", import.meta.url));
const server = `${folder}server.js`;
const run = promisify(execFile);
// As its users run it in production.
const env = { ...process.env, NODE_ENV: "production" };

/** Installs CAP in its own folder, unless it is there, and lets it make its tables at a place. */
export async function deployCap(place: Place): Promise<void> {
  if (!existsSync(`${folder}node_modules`)) {
    const path = `${dirname(process.execPath)}${delimiter}${process.env["PATH"]}`;
    await run("npm", ["ci"], { cwd: folder, env: { ...process.env, PATH: path } });
  }
  // Makes the directory.
  await (await openDoor(place))[Symbol.asyncDispose]();
  await run(process.execPath, [server, "deploy", ...wordsOf(place)], { cwd: folder, env });
  await using door = await openDoor(place);
  // CAP makes none but those of keys and of what is unique.
  await door.run("create index customers_companyName on customers (companyProfile_companyName, id)");
  await door.run("create index customers_operation on customers (operation_id)");
}

/** Starts CAP at a place that has its tables. */
export async function startCap(place: Place): Promise<Contender> {
  return { ...(await startServer([server, "serve", ...wordsOf(place)], { cwd: folder, env })), name: "cap" };
}

function wordsOf({ dataDirectory, databaseUrl }: Place): readonly string[] {
  return databaseUrl === undefined ? [dataDirectory] : [dataDirectory, databaseUrl];
}

// Of what the product keeps, this has no column there.
const unknown = "partnerId version correlationId customerId provisionedCustomerId bodyDigest undoAttempts".split(" ");

/** The same customer in the tables of CAP, whose columns bear the same names, in lower case on PostgreSQL. */
export function capTemplate({ rows, ...rest }: Template): Template {
  const [operation = {}] = rows.get("customerCreationOperations") ?? [];
  const [customer = {}] = rows.get("customers") ?? [];
  return {
    ...rest,
    rows: new Map([
      ["operations", [columnsOf(operation)]],
      ["customers", [columnsOf({ ...customer, operation_id: operation["id"] })]],
    ]),
  };
}

function columnsOf(row: Row): Row {
  const known = Object.entries(row).filter(([name]) => !unknown.includes(name));
  return Object.fromEntries(
    known.map(([name, value]) => {
      // On PostgreSQL they are instants there, and not texts.
      const isInstant = name.endsWith("DateTime") && typeof value === "string";
      return [name.toLowerCase(), isInstant ? new Date(value) : value];
    }),
  );
}
