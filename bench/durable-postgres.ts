import { spawn } from "node:child_process";
import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { createDatabase, startPostgres } from "../test/support/postgres.ts";

const restartMillisecondsMax = 30_000;
const pollMilliseconds = 20;

/** A PostgreSQL server that keeps what it acknowledges. */
export interface DurablePostgres extends AsyncDisposable {
  readonly version: string;
  readonly durability: string;
  createDatabase(): Promise<AsyncDisposable & { readonly url: string }>;
}

/** Starts the server that the tests use, but with everything on that makes it safe. */
export async function startDurablePostgres(): Promise<DurablePostgres> {
  const { url, stop: stopFirst } = await startPostgres();
  let restarted: number | undefined;
  const stop = async () => {
    if (restarted !== undefined) await end(restarted);
    await stopFirst();
  };
  try {
    if ((await readSettings(url)).fsync !== "on") restarted = await restartDurably(url);
    const { version, ...durability } = await readSettings(url);
    const weak = Object.entries(durability).filter(([, value]) => value !== "on");
    if (weak.length > 0) throw new Error(`The PostgreSQL server is not durable: ${weak.flat().join(" ")}.`);
    return {
      version,
      durability: Object.keys(durability)
        .map((name) => `${name}=on`)
        .join(" "),
      async createDatabase() {
        const created = await createDatabase(url);
        return { url: created.url, [Symbol.asyncDispose]: created.drop };
      },
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * The tests switch fsync off on the server's command line, which stands above `alter system` and above any reload: the
 * only way on is another start. The new server takes the place of the old one in the same directory, so that the watch
 * over it still ends it and removes everything when this process dies. Gives the number of the new server's process.
 */
async function restartDurably(url: string): Promise<number> {
  const [place] = await query<{ binaries: string; data: string; sockets: string; port: string; pid: number }>(
    url,
    `select (select setting from pg_config() where name = 'BINDIR') as binaries, current_setting('data_directory') as data,
      current_setting('unix_socket_directories') as sockets, current_setting('port') as port,
      split_part(pg_read_file('postmaster.pid'), chr(10), 1)::integer as pid`,
  );
  if (place === undefined) throw new Error("PostgreSQL did not say where it is.");
  await end(place.pid);
  const { uid, gid } = await stat(place.data);
  const settings = { port: place.port, unix_socket_directories: place.sockets, listen_addresses: "127.0.0.1" };
  const more = { fsync: "on", synchronous_commit: "on", full_page_writes: "on", max_connections: "200" };
  const flags = Object.entries({ ...settings, ...more }).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const server = spawn(join(place.binaries, "postgres"), ["-D", place.data, ...flags], {
    cwd: dirname(place.data),
    env: { PATH: process.env["PATH"], LC_ALL: "C" },
    stdio: "ignore",
    detached: true,
    ...(process.getuid?.() === 0 ? { uid, gid } : {}),
  });
  server.unref();
  await until("PostgreSQL to start again", async () => {
    if (server.exitCode !== null)
      throw new Error(`PostgreSQL ended with ${server.exitCode} when it was started again.`);
    return readSettings(url).then(
      () => true,
      () => false,
    );
  });
  if (server.pid === undefined) throw new Error("PostgreSQL has no process number.");
  return server.pid;
}

async function end(pid: number): Promise<void> {
  process.kill(pid, "SIGINT");
  await until(`PostgreSQL process ${pid} to end`, async () => !isAlive(pid));
}

type Durability = {
  readonly version: string;
  readonly fsync: string;
  readonly synchronous_commit: string;
  readonly full_page_writes: string;
};

async function readSettings(url: string): Promise<Durability> {
  const [row] = await query<Durability>(
    url,
    `select current_setting('server_version') as version, current_setting('fsync') as fsync,
      current_setting('synchronous_commit') as synchronous_commit, current_setting('full_page_writes') as full_page_writes`,
  );
  if (row === undefined) throw new Error("PostgreSQL did not tell its settings.");
  return row;
}

async function query<Row extends pg.QueryResultRow>(url: string, text: string): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
    throw error;
  }
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + restartMillisecondsMax;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`Waited ${restartMillisecondsMax / 1000} seconds for ${what}.`);
    await sleep(pollMilliseconds);
  }
}
