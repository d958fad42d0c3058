import type { Database, Row, Scope } from "./database.ts";
import type { Dialect } from "./dialect.ts";
import type { Statement, TakeRows } from "./sql.ts";

/** A connection that one transaction has for itself, from its begin to its end. */
export interface Session {
  readonly dialect: Dialect;
  /** Runs one statement that changes nothing. */
  read(scope: Scope, statement: Statement): Promise<readonly Row[]>;
  /** Runs one statement. */
  run(scope: Scope, statement: Statement): Promise<readonly Row[]>;
  /** Runs one of the words that steer a transaction. */
  steer(command: string): Promise<void>;
}

/**
 * The database as it is seen from within a transaction. Each call is a savepoint, so that one that fails takes nothing
 * with it, on PostgreSQL as on SQLite; and each waits for the one before it, since savepoints of one connection nest.
 */
export function databaseWithin(session: Session, depth = 1): Database {
  const inTurn = takeTurns();
  const savepoint = `level${depth}`;

  async function attempt<T>(work: () => Promise<T>): Promise<T> {
    await session.steer(`savepoint ${savepoint}`);
    try {
      const result = await work();
      await session.steer(`release savepoint ${savepoint}`);
      return result;
    } catch (error) {
      await goBack(error);
      throw error;
    }
  }

  async function goBack(reason: unknown): Promise<void> {
    try {
      await session.steer(`rollback to savepoint ${savepoint}`);
      await session.steer(`release savepoint ${savepoint}`);
    } catch (error) {
      // A full disk or a lost connection ends the whole transaction: then there is no savepoint to go back to.
      throw new AggregateError([reason, error], "The transaction was lost.");
    }
  }

  async function runAll(scope: Scope, statements: readonly Statement[]): Promise<readonly (readonly Row[])[]> {
    const results: (readonly Row[])[] = [];
    for (const statement of statements) results.push(await session.run(scope, statement));
    return results;
  }

  return {
    dialect: session.dialect,
    read: (scope, statement) => inTurn(() => attempt(() => session.read(scope, statement))),
    write: (scope, statements) => inTurn(() => attempt(() => runAll(scope, statements))),
    transaction: (_scope, work) => inTurn(() => attempt(() => work(databaseWithin(session, depth + 1)))),
    // Whoever opened the database closes it; the transaction ends by itself.
    close: () => Promise.resolve(),
  };
}

/** Lets rows be taken that were made already: in a transaction there is one request at a time, and little to gain. */
export function handOver(rows: readonly Row[], take: TakeRows): readonly Row[] {
  const columns = Object.keys(rows[0] ?? {});
  const takeRow = take(columns);
  for (const row of rows) takeRow(columns.map((column) => row[column]));
  return [];
}

/** Gives a function that runs what it is given one after the other, in the order in which it was called. */
export function takeTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work);
    // Whether a turn failed is for its own caller to know; the next one begins either way.
    last = turn.catch(() => undefined);
    return turn;
  };
}
