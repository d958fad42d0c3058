import pg from "pg";
import { findPlace, startDurably, untilGone } from "../test/support/durable-server.ts";
import { createDatabase, startPostgres } from "../test/support/postgres.ts";

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
 * only way on is another start. Gives the number of the new server's process.
 */
async function restartDurably(url: string): Promise<number> {
  const place = await findPlace(url);
  await end(place.pid);
  return startDurably(place);
}

async function end(pid: number): Promise<void> {
  process.kill(pid, "SIGINT");
  await untilGone(pid);
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
