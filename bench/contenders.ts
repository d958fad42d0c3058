import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import SqliteDatabase from "better-sqlite3";
import pg from "pg";

const readyMillisecondsMax = 30_000;
const ticksPerSecond = 100;

const command = fileURLToPath(new URL("../bin/tenantry.js", import.meta.url));
const limitServer = fileURLToPath(new URL("./limit.ts", import.meta.url));

/** Where a server keeps what it is given: a data directory, and a PostgreSQL database if it is to use one. */
export interface Place {
  readonly dataDirectory: string;
  readonly databaseUrl?: string;
}

// The load comes from one partner, and the limit of its requests is not what is measured.
const unlimited = "requestsPerMinuteMax=1000000000";

/** A server that is measured: a process of its own. */
export interface Contender extends AsyncDisposable {
  readonly name: "ours" | "limit";
  readonly origin: string;
  readonly place: Place;
  /** Processor time so far in microseconds, user and system; undefined where the system does not tell. */
  readCpuMicroseconds(): number | undefined;
  /** How many customers still wait to be provisioned. */
  countBacklog(): Promise<number>;
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
  const server = await start([...profiling, command, "serve", ...flags]);
  return { ...server, name: "ours", place, countBacklog: () => countBacklog(place) };
}

/** Starts the lean server: the limit of what can be reached. It provisions nothing. */
export async function startLimit(place: Place): Promise<Contender> {
  mkdirSync(place.dataDirectory, { recursive: true });
  const { dataDirectory, databaseUrl } = place;
  const server = await start([limitServer, dataDirectory, ...(databaseUrl === undefined ? [] : [databaseUrl])]);
  return { ...server, name: "limit", place, countBacklog: async () => 0 };
}

/** Signs a token with the development key of a place. */
export async function createToken({ dataDirectory }: Place): Promise<string> {
  const words = [command, "token", "--data-dir", dataDirectory, "--expires", "24h"];
  return (await promisify(execFile)(process.execPath, words)).stdout.trim();
}

/** Starts a Node process and waits until it prints its origin. */
async function start(words: readonly string[]) {
  const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
  // A bench that fails must not leave a server behind.
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  child.once("exit", () => process.removeListener("exit", kill));
  try {
    const origin = await readOrigin(child);
    return {
      origin,
      readCpuMicroseconds: () => readCpuMicroseconds(child.pid),
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

const backlog = `select count(*) as "count" from "customerCreationOperations" where "work" = 'provision'`;

async function countBacklog({ dataDirectory, databaseUrl }: Place): Promise<number> {
  if (databaseUrl === undefined) {
    const connection = new SqliteDatabase(join(dataDirectory, "tenantry.db"), { readonly: true });
    try {
      return Number(connection.prepare<[], { count: number }>(backlog).get()?.count);
    } finally {
      connection.close();
    }
  }
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query("set tenantry.partner = '*'");
    return Number((await client.query<{ count: string }>(backlog)).rows[0]?.count);
  } finally {
    await client.end();
  }
}
