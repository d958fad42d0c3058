import pg from "pg";
import { Problem } from "../model/problem.ts";
import type { Database, OpenDatabase, Row, Scope } from "./database.ts";
import { postgresDialect } from "./dialect.ts";
import {
  connectionOptions,
  type FindForms,
  queryOf,
  refuseData,
  rowsOf,
  silenceMillisecondsMax,
  sqlState,
  translate,
  unreachable,
} from "./postgres-query.ts";
import type { Statement } from "./sql.ts";
import { databaseWithin, handOver, type Session } from "./transaction.ts";

const clientsMax = 4;
const idleMillisecondsMax = 10_000;

/** Runs transactions that read in the middle. */
export interface Transactions {
  readonly run: Database["transaction"];
  readonly load: OpenDatabase["load"];
  close(): Promise<void>;
}

/**
 * Opens a small pool of connections for transactions that read in the middle. They are not those of the hot path: there
 * the statements of many requests stand in one queue, and a transaction that stops to think would stop them all.
 */
export function openTransactions(url: string, find: FindForms): Transactions {
  const pool = new pg.Pool({
    ...connectionOptions(url, "bounded", "asSeemsBest"),
    query_timeout: silenceMillisecondsMax,
    max: clientsMax,
    idleTimeoutMillis: 0,
    // A transaction whose process hangs must not keep its locks for ever.
    idle_in_transaction_session_timeout: idleMillisecondsMax,
  });
  // An idle connection that breaks is taken out of the pool by the pool itself; whoever needs one gets another.
  pool.on("error", () => undefined);

  return {
    async run(_scope, work) {
      const client = await pool.connect().catch((error: unknown) => {
        throw unreachable(error);
      });
      let fault: Error | undefined;
      // Without a listener, a connection that breaks between two statements would end the process.
      const noticeFault = (error: Error) => {
        fault = error;
      };
      client.on("error", noticeFault);
      try {
        return await runTransaction(client, find, work);
      } catch (error) {
        fault ??= await rollBack(client);
        throw translate(error);
      } finally {
        client.off("error", noticeFault);
        client.release(fault);
      }
    },
    load: () => ({
      connections: pool.totalCount,
      pending: pool.totalCount - pool.idleCount + pool.waitingCount,
    }),
    async close() {
      if (!pool.ending) await pool.end();
    },
  };
}

async function runTransaction<T>(
  client: pg.PoolClient,
  find: FindForms,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const state = { isOpen: true };
  await client.query("begin");
  try {
    const result = await work(databaseWithin(sessionOf(client, find, state)));
    const { command } = await client.query("commit");
    // The server answers a commit of a transaction that has failed with a rollback, and without an error.
    if (command !== "COMMIT") throw new Error("The transaction had failed and was rolled back.");
    return result;
  } finally {
    state.isOpen = false;
  }
}

function sessionOf(client: pg.PoolClient, find: FindForms, state: { readonly isOpen: boolean }): Session {
  let current: Scope | undefined;

  async function send(query: pg.QueryConfig): Promise<pg.QueryResult> {
    if (!state.isOpen) throw new Error("The transaction has ended; nothing more can be done in it.");
    try {
      return await client.query(query);
    } catch (error) {
      throw refuseConflict(translate(error));
    }
  }

  async function run(scope: Scope, statement: Statement): Promise<readonly Row[]> {
    if (current !== scope) {
      // The third argument lets the setting end with the transaction.
      const text = `select set_config('tenantry.partner', $1, true)`;
      await send({ name: "scopeWithin", text, values: [scope] });
      current = scope;
    }
    const { values, name, text, take } = queryOf(find, statement);
    const rows = rowsOf(await send({ name, text, values: [...values] }));
    return take === undefined ? rows : handOver(rows, take);
  }

  return {
    dialect: postgresDialect,
    read: (scope, statement) => refuseData(() => run(scope, statement)),
    run,
    async steer(command) {
      // To go back to a savepoint is to go back to the scope that was set at it.
      if (command.startsWith("rollback")) current = undefined;
      await send({ text: command });
    },
  };
}

/** The faults that others cause who change the same rows: 40P01: a deadlock was broken; 40001: a conflict of snapshots. */
function refuseConflict(error: unknown): unknown {
  if (sqlState(error) !== "40P01" && sqlState(error) !== "40001") return error;
  const message = "Others are changing the same entities at this moment. Nothing was changed; repeat the request.";
  return new Problem("conflict", message, { cause: error });
}

// A connection that cannot even roll back is of no more use.
async function rollBack(client: pg.PoolClient): Promise<Error | undefined> {
  try {
    await client.query("rollback");
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error("The rollback failed.", { cause: error });
  }
}
