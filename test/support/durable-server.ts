import { spawn } from "node:child_process";
import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

const changeMillisecondsMax = 30_000;
const pollMilliseconds = 20;

/** Where a PostgreSQL server of this machine is, and the number of its process. */
export interface ServerPlace {
  readonly url: string;
  readonly binaries: string;
  readonly data: string;
  readonly sockets: string;
  readonly port: string;
  readonly pid: number;
}

/** Asks a server where it is. */
export async function findPlace(url: string): Promise<ServerPlace> {
  const [place] = await query<Omit<ServerPlace, "url">>(
    url,
    `select (select setting from pg_config() where name = 'BINDIR') as binaries, current_setting('data_directory') as data,
      current_setting('unix_socket_directories') as sockets, current_setting('port') as port,
      split_part(pg_read_file('postmaster.pid'), chr(10), 1)::integer as pid`,
  );
  if (place === undefined) throw new Error("PostgreSQL did not say where it is.");
  return { ...place, url };
}

/** Asks a server for the processes in which it serves others. */
export async function findSessions(url: string): Promise<readonly number[]> {
  const rows = await query<{ pid: number }>(url, "select pid from pg_stat_activity where pid <> pg_backend_pid()");
  return rows.map(({ pid }) => pid);
}

/**
 * Starts a server where another one was, with everything on that makes it safe, and waits until it answers. It takes the
 * place of the old one, so that the watch over that one still ends it and removes everything when this process dies.
 * Gives the number of its process.
 */
export async function startDurably(place: ServerPlace): Promise<number> {
  const { uid, gid } = await stat(place.data);
  const settings = { port: place.port, unix_socket_directories: place.sockets, listen_addresses: "127.0.0.1" };
  const more = { fsync: "on", synchronous_commit: "on", full_page_writes: "on", max_connections: "200" };
  const flags = Object.entries({ ...settings, ...more }).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const launch = () => {
    const launched = spawn(join(place.binaries, "postgres"), ["-D", place.data, ...flags], {
      cwd: dirname(place.data),
      env: { PATH: process.env["PATH"], LC_ALL: "C" },
      stdio: "ignore",
      detached: true,
      ...(process.getuid?.() === 0 ? { uid, gid } : {}),
    });
    launched.unref();
    return launched;
  };
  let server = launch();
  await until("PostgreSQL to start again", async () => {
    // After a crash it refuses to begin as long as one of the old processes holds the shared memory.
    if (server.exitCode !== null) server = launch();
    return answers(place.url);
  });
  if (server.pid === undefined) throw new Error("PostgreSQL has no process number.");
  return server.pid;
}

/** Waits until a process is gone. */
export function untilGone(pid: number): Promise<void> {
  return until(`the process ${pid} to end`, async () => !isAlive(pid));
}

async function answers(url: string): Promise<boolean> {
  return query(url, "select 1").then(
    () => true,
    () => false,
  );
}

async function query<Row extends pg.QueryResultRow>(url: string, text: string): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  try {
    await client.connect();
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
  const deadline = Date.now() + changeMillisecondsMax;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`Waited ${changeMillisecondsMax / 1000} seconds for ${what}.`);
    await sleep(pollMilliseconds);
  }
}
