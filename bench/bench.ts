import { mkdtempSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createToken, startLimit, startOurs } from "./contenders.ts";
import { type DurablePostgres, startDurablePostgres } from "./durable-postgres.ts";
import { printLine, printTable, type Report } from "./report.ts";
import { type Arrangement, compare, type Engine, type Opponents } from "./rounds.ts";
import { measureNotifications } from "./w6-notifications.ts";
import { type Workload, workloads } from "./workloads.ts";

const usage = `npm run bench -- [options]

  --engine sqlite|postgres|both   on which databases (default: both)
  --workload W1,W2,W6             which workloads (default: all); W6 is of our server alone
  --rounds N                      how often each pair is measured, one after the other (default: 5)
  --seconds N                     how long each measurement takes (default: 4)
  --connections N                 how many clients send at a time, each over one connection (default: 16)
  --json FILE                     also write every measurement to a file
  --profile DIRECTORY             write a CPU profile of our server for each engine (slower: do not compare)
`;

/** What a run was asked for. */
interface Settings extends Arrangement {
  readonly engines: readonly Engine[];
  readonly measuresNotifications: boolean;
  readonly json: string | undefined;
  readonly profile: string | undefined;
}

// Without a listener a signal ends the process at once, and what it has started would stay.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const notificationWorkload = "W6";
const workloadsByDefault = [...workloads.map(({ name }) => name), notificationWorkload].join(",");

// How one request fares as data grows is a measurement of its own, with options of its own.
if (process.argv.includes("--growth")) await import("./growth.ts");
else process.exitCode = await main();

async function main(): Promise<number> {
  let settings: Settings;
  try {
    settings = readSettings();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return 2;
  }
  const report = await run(settings);
  process.stdout.write(printTable(report));
  if (settings.json !== undefined) await writeFile(settings.json, `${JSON.stringify(report, undefined, 2)}\n`);
  const failures = report.comparisons.flatMap(({ rounds }) =>
    rounds.flatMap(({ ours, limit }) => [...ours.failures, ...limit.failures]),
  );
  for (const failure of new Set(failures)) process.stderr.write(`Not as expected: ${failure}\n`);
  return failures.length === 0 ? 0 : 1;
}

function readSettings(): Settings {
  const { values } = parseArgs({
    options: {
      engine: { type: "string", default: "both" },
      workload: { type: "string", default: workloadsByDefault },
      rounds: { type: "string", default: "5" },
      seconds: { type: "string", default: "4" },
      connections: { type: "string", default: "16" },
      json: { type: "string" },
      profile: { type: "string" },
    },
  });
  const names = values.workload.split(",");
  return {
    engines: readEngines(values.engine),
    workloads: names.filter((name) => name !== notificationWorkload).map(findWorkload),
    measuresNotifications: names.includes(notificationWorkload),
    rounds: readNumber("rounds", values.rounds),
    seconds: readNumber("seconds", values.seconds),
    connections: readNumber("connections", values.connections),
    json: values.json,
    profile: values.profile,
  };
}

function readEngines(value: string): readonly Engine[] {
  if (value === "both") return ["sqlite", "postgres"];
  if (value === "sqlite" || value === "postgres") return [value];
  throw new Error(`--engine must be sqlite, postgres or both; it is '${value}'.`);
}

function findWorkload(name: string): Workload {
  const found = workloads.find((workload) => workload.name === name);
  if (found !== undefined) return found;
  throw new Error(`--workload must be of ${workloadsByDefault}; it is '${name}'.`);
}

function readNumber(name: string, value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new Error(`--${name} must be a whole number of at least 1; it is '${value}'.`);
}

async function run(settings: Settings): Promise<Report> {
  const directory = mkdtempSync(join(tmpdir(), "tenantry-bench-"));
  process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
  const { engines, rounds, seconds, connections } = settings;
  const report: Report = {
    began: new Date().toISOString(),
    machine: { platform: process.platform, cpu: cpus()[0]?.model ?? "", cores: cpus().length, node: process.version },
    settings: { rounds, seconds, connections },
    comparisons: [],
    notifications: [],
  };
  for (const engine of engines) {
    const { comparisons, notifications } = await runEngine(settings, engine, directory);
    report.comparisons.push(...comparisons);
    report.notifications.push(...notifications);
  }
  return report;
}

async function runEngine(settings: Settings, engine: Engine, directory: string) {
  await using postgres = engine === "postgres" ? await startDurablePostgres() : undefined;
  if (postgres !== undefined) printLine(`PostgreSQL ${postgres.version}, ${postgres.durability}`);
  await using opponents = await startOpponents(settings, engine, join(directory, engine), postgres);
  const comparisons = await compare(opponents, settings);
  if (!settings.measuresNotifications) return { comparisons, notifications: [] };
  const { ours, token } = opponents;
  return { comparisons, notifications: [{ engine, ...(await measureNotifications({ origin: ours.origin, token })) }] };
}

/** Starts both servers, each on a database of its own in the same engine. */
async function startOpponents(
  { profile }: Settings,
  engine: Engine,
  directory: string,
  postgres: DurablePostgres | undefined,
): Promise<Opponents & AsyncDisposable> {
  await using started = new AsyncDisposableStack();
  const placeOf = async (name: string) => {
    const dataDirectory = join(directory, name);
    return postgres === undefined
      ? { dataDirectory }
      : { dataDirectory, databaseUrl: started.use(await postgres.createDatabase()).url };
  };
  const ours = started.use(await startOurs(await placeOf("ours"), profile));
  const limit = started.use(await startLimit(await placeOf("limit")));
  const token = await createToken(ours.place);
  const all = started.move();
  return { engine, ours, limit, token, [Symbol.asyncDispose]: () => all.disposeAsync() };
}
