import { findPlace, findSessions, startDurably, untilGone } from "./durable-server.ts";
import { createDatabase } from "./postgres.ts";
import { startServer } from "./postgres-server.ts";

/** A PostgreSQL server of our own that keeps what it acknowledges, and that can be killed. */
export interface MortalPostgres extends AsyncDisposable {
  /** A database in it, empty at first. */
  readonly databaseUrl: string;
  /** Kills it: with SIGKILL its first process alone, with SIGQUIT all at once (an immediate shutdown). */
  kill(signal: "SIGKILL" | "SIGQUIT"): Promise<void>;
  /** Starts it again, and waits until it has recovered. */
  revive(): Promise<void>;
}

/** Starts such a server. */
export async function startMortalPostgres(): Promise<MortalPostgres> {
  const { url, stop } = await startServer();
  const place = await findPlace(url);
  const end = async (pid: number, signal: "SIGKILL" | "SIGQUIT" | "SIGINT") => {
    process.kill(pid, signal);
    await untilGone(pid);
  };
  await end(place.pid, "SIGINT");
  let pid: number | undefined = await startDurably(place);
  const database = await createDatabase(url);
  return {
    databaseUrl: database.url,
    async kill(signal) {
      if (pid === undefined) return;
      // Whoever serves a connection ends by itself when it sees that the first process is gone.
      const others = await findSessions(url);
      await end(pid, signal);
      pid = undefined;
      await Promise.all(others.map(untilGone));
    },
    async revive() {
      pid = await startDurably(place);
    },
    async [Symbol.asyncDispose]() {
      if (pid !== undefined) await end(pid, "SIGINT");
      await stop();
    },
  };
}
