import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import { type Arena, type Engine, openArena } from "./arena.ts";
import { startDurablePostgres } from "./durable-postgres.ts";
import { watchMemory } from "./memory.ts";
import { type MemoryReport, printLine, type Report } from "./report.ts";
import { keepMemory, keepRun } from "./results.ts";
import { compare } from "./rounds.ts";
import { readSettings, type Settings, usage } from "./settings.ts";
import { legend, printTables, summarizeMemory } from "./tables.ts";
import { measureNotifications } from "./w6-notifications.ts";

// Without a listener a signal ends the process at once, and what it has started would stay.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const directory = mkdtempSync(join(tmpdir(), "tenantry-bench-"));
process.once("exit", () => rmSync(directory, { recursive: true, force: true }));

// How soon it starts, and how one request fares as data grows, are measurements of their own, with options of their own.
if (process.argv.includes("--start")) await import("./start.ts").then(({ measureStarts }) => measureStarts());
else if (process.argv.includes("--growth")) await import("./growth.ts");
else process.exitCode = await main();

async function main(): Promise<number> {
  let settings: Settings | undefined;
  try {
    settings = readSettings(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return 2;
  }
  if (settings === undefined) {
    process.stdout.write(usage);
    return 0;
  }
  const { memorySeconds } = settings;
  const failures =
    memorySeconds === undefined ? await runComparison(settings) : await runMemory(settings, memorySeconds);
  for (const failure of new Set(failures)) process.stderr.write(`Not as expected: ${failure}\n`);
  return failures.length === 0 ? 0 : 1;
}

/** Compares the servers on each engine. Gives what was not as expected. */
async function runComparison(settings: Settings): Promise<readonly string[]> {
  const { command, engines, rounds, seconds, customers } = settings;
  const report: Report = {
    began: new Date().toISOString(),
    command,
    machine: {
      platform: process.platform,
      cpu: cpus()[0]?.model ?? "",
      cores: cpus().length,
      memoryBytes: totalmem(),
      node: process.version,
    },
    versions: settings.against.includes("cap") ? { "SAP CAP": readCapVersion() } : {},
    settings: { rounds, seconds, customers },
    comparisons: [],
    notifications: [],
  };
  for (const engine of engines) {
    await inArena(settings, engine, async (arena, version) => {
      Object.assign(report.versions, version);
      report.comparisons.push(...(await compare(arena, settings)));
      const [ours] = arena.contenders;
      if (!settings.measuresNotifications || ours === undefined) return;
      const latency = await measureNotifications({ origin: ours.origin, token: ours.target.token });
      report.notifications.push({ engine, ...latency });
    });
  }
  process.stdout.write(`\n${[...legend, "", ...printTables(report)].join("\n")}\n`);
  if (settings.json !== undefined) writeFileSync(settings.json, `${JSON.stringify(report, undefined, 2)}\n`);
  if (settings.isKept) keepRun(report);
  return report.comparisons.flatMap((comparison) =>
    comparison.rounds.flatMap((round) => Object.values(round).flatMap((measurement) => measurement.failures)),
  );
}

/** Watches the memory of our server on each engine. Gives what was not as expected. */
async function runMemory(settings: Settings, seconds: number): Promise<readonly string[]> {
  const failures: string[] = [];
  const { command, customers, json, isKept, workloads } = settings;
  const connections = Math.ceil(Math.max(...settings.connections) / workloads.length);
  for (const engine of settings.engines) {
    await inArena({ ...settings, against: [] }, engine, async (arena) => {
      const began = new Date().toISOString();
      const watched = await watchMemory(arena, { seconds, connections, workloads });
      const memory: MemoryReport = { began, command, engine, customers, connections, ...watched };
      process.stdout.write(`\n${summarizeMemory(memory)}\n`);
      if (json !== undefined) writeFileSync(json, `${JSON.stringify(memory, undefined, 2)}\n`);
      if (isKept) keepMemory(memory);
      failures.push(...memory.failures);
    });
  }
  return failures;
}

async function inArena(
  { customers, profile, against }: Settings,
  engine: Engine,
  work: (arena: Arena, version: Readonly<Record<string, string>>) => Promise<void>,
): Promise<void> {
  await using postgres = engine === "postgres" ? await startDurablePostgres() : undefined;
  if (postgres !== undefined) printLine(`PostgreSQL ${postgres.version}, ${postgres.durability}`);
  const version = postgres === undefined ? { SQLite: readSqliteVersion() } : { PostgreSQL: postgres.version };
  const wanted = { engine, customers, profile, against, postgres, directory: join(directory, engine) };
  await using arena = await openArena(wanted);
  await work(arena, version);
}

function readSqliteVersion(): string {
  const connection = new SqliteDatabase(":memory:");
  try {
    return String(connection.prepare<[], { version: string }>("select sqlite_version() as version").get()?.version);
  } finally {
    connection.close();
  }
}

function readCapVersion(): string {
  const { dependencies } = JSON.parse(readFileSync(new URL("./peers/cap/package.json", import.meta.url), "utf8"));
  return dependencies["@sap/cds"];
}
