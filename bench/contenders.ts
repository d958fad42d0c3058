import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import pg from "pg";
import { packedCommand } from "./package.ts";
import { openDoor, type Place } from "./place.ts";
import type { Name } from "./report.ts";
import type { Target } from "./workload.ts";

const readyMillisecondsMax = 30_000;
const ticksPerSecond = 100;
const clearAttemptsMax = 5;
// PostgreSQL, appendix A: deadlock_detected.
const deadlock = "40P01";

const limitServer = fileURLToPath(new URL("./limit.ts", import.meta.url));

// What one partner may ask for and have is not what is measured.
const unlimited = ["requestsPerMinuteMax", "customersMax", "openOperationsMax"]
  .map((name) => `${name}=1000000000`)
  .join(",");

/** A server that is measured: a process of its own. */
export interface Contender extends AsyncDisposable {
  readonly name: Name;
  readonly origin: string;
  /** Processor time so far in microseconds, user and system; undefined where the system does not tell. */
  readCpuMicroseconds(): number | undefined;
  /** Bytes of memory that it holds; undefined where the system does not tell. */
  readMemoryBytes(): number | undefined;
  /** The customers that still wait to be provisioned, of a server that provisions. */
  readonly backlog?: { count(): Promise<number>; clear(): Promise<void> };
}

/** One of those that are compared, and what clients need to know of it. */
export interface Opponent extends Contender {
  readonly target: Target;
  /** How many statements a database server is carrying out for it. */
  countStatements(): Promise<number>;
}

/** Starts the product as a user would. */
export async function startOurs(place: Place, profile: string | undefined): Promise<Contender> {
  const profiling = profile === undefined ? [] : ["--cpu-prof", "--cpu-prof-dir", profile];
  const database = place.databaseUrl === undefined ? [] : ["--database-url", place.databaseUrl];
  const flags = [
    "--port",
    "0",
    "--log-level",
    "error",
    "--limits",
    unlimited,
    "--data-dir",
    place.dataDirectory,
    ...database,
  ];
  const server = await startServer([...profiling, packedCommand(), "serve", ...flags]);
  return { ...server, name: "ours", backlog: { count: () => countBacklog(place), clear: () => clearBacklog(place) } };
}

/** Starts the lean server: the limit of what can be reached. It provisions nothing. */
export async function startLimit(place: Place): Promise<Contender> {
  const { dataDirectory, databaseUrl } = place;
  const server = await startServer([limitServer, dataDirectory, ...(databaseUrl === undefined ? [] : [databaseUrl])]);
  return { ...server, name: "limit" };
}

/** Signs a token with the development key of a place. */
export async function createToken({ dataDirectory }: Place): Promise<string> {
  const words = [packedCommand(), "token", "--data-dir", dataDirectory, "--expires", "24h"];
  return (await promisify(execFile)(process.execPath, words)).stdout.trim();
}

/** Starts a Node process and waits until it prints its origin. */
export async function startServer(words: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}) {
  const child = spawn(process.execPath, words, { ...options, stdio: ["ignore", "pipe", "inherit"] });
  // A bench that fails must not leave a server behind.
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  child.once("exit", () => process.removeListener("exit", kill));
  try {
    const origin = await readOrigin(child);
    return {
      origin,
      readCpuMicroseconds: () => readCpuMicroseconds(child.pid),
      readMemoryBytes: () => readMemoryBytes(child.pid),
      [Symbol.asyncDispose]: () => stop(child),
    };
  } catch (error) {
    await stop(child);
    throw error;
  }
}

async function readOrigin(child: ChildProcess): Promise<string> {
  const late = AbortSignal.timeout(readyMillisecondsMax);
  let text = "";
  child.stdout?.setEncoding("utf8");
  child.stdout?.on("data", (chunk: string) => {
    text += chunk;
    const found = /http:\/\/[\d.]+:\d+/.exec(text)?.[0];
    if (found !== undefined) child.emit("origin", found);
  });
  const early = once(child, "exit", { signal: late }).then(([code]) => {
    throw new Error(`The server ended with ${String(code)} before it was ready. It printed:\n${text}`);
  });
  const [origin] = await Promise.race([once(child, "origin", { signal: late }), early]);
  return String(origin);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGTERM");
  await exit;
}

// Fields 14 and 15 of /proc/<pid>/stat (proc(5)); the name in parentheses before them may hold spaces.
function readCpuMicroseconds(pid: number | undefined): number | undefined {
  if (process.platform !== "linux") return undefined;
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * (1_000_000 / ticksPerSecond);
}

function readMemoryBytes(pid: number | undefined): number | undefined {
  if (process.platform !== "linux") return undefined;
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

/** Tells how many statements a database server is carrying out in the database of a place. */
export async function countStatements(place: Place): Promise<number> {
  if (place.databaseUrl === undefined) return 0;
  await using door = await openDoor(place);
  const [row] = await door.read(`select count(*) as "count" from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()
      and backend_type = 'client backend' and state = 'active'`);
  return Number(row?.["count"]);
}

async function countBacklog(place: Place): Promise<number> {
  await using door = await openDoor(place);
  const [row] = await door.read(
    `select count(*) as "count" from "customerCreationOperations" where "work" = 'provision'`,
  );
  return Number(row?.["count"]);
}

/**
 * Takes what waits off the work loop's list. What it has in hand it finds to be no longer its own. The loop locks its rows
 * in another order, so that the two may meet in a deadlock.
 */
async function clearBacklog(place: Place): Promise<void> {
  for (let attempts = 1; attempts < clearAttemptsMax; attempts++) {
    try {
      return await clearOnce(place);
    } catch (error) {
      if (!(error instanceof pg.DatabaseError) || error.code !== deadlock) throw error;
    }
  }
  return clearOnce(place);
}

async function clearOnce(place: Place): Promise<void> {
  await using door = await openDoor(place);
  await door.run(`update "customerCreationOperations" set "work" = null, "dueDateTime" = null, "leaseOwner" = null,
    "leaseExpirationDateTime" = null where "work" is not null`);
}
