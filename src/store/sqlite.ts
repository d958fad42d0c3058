import { chmodSync, closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import { LRUCache } from "lru-cache";
import { type Database, type OpenDatabase, type Row, type Scope, UniqueViolation } from "./database.ts";
import { printStatement, sqliteDialect } from "./dialect.ts";
import { atEndOfTick } from "./end-of-tick.ts";
import { type Statement, sql, type TakeRows, type Value } from "./sql.ts";
import { registerFunctions } from "./sqlite-functions.ts";
import { databaseWithin, type Session, takeTurns } from "./transaction.ts";

const statementsMax = 500;
const busyMillisecondsMax = 5_000;
/** One that writes, and one that reads. */
const connectionCount = 2;

type Connection = SqliteDatabase.Database;

/** A transaction that waits for the next commit. */
interface Waiting {
  readonly statements: readonly Statement[];
  readonly resolve: (rows: readonly (readonly Row[])[]) => void;
  readonly reject: (error: unknown) => void;
}

/** The data directory belongs to another process. */
export class DataDirectoryInUse extends Error {
  constructor(directory: string, cause: unknown) {
    super(
      `The data directory '${directory}' is in use by another Tenantry process. ` +
        "Stop that process, choose another --data-dir, or use PostgreSQL (--database-url) to run several processes.",
      { cause },
    );
    this.name = "DataDirectoryInUse";
  }
}

/**
 * Opens the embedded database of a data directory and keeps every other process out of it until it is closed.
 * Writes of one tick are committed together: each is a savepoint of its own, and all are on disk before any is answered.
 */
export function openSqlite(directory: string): OpenDatabase {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const lock = lockDirectory(directory);
  const file = ownFile(directory, "tenantry.db");
  const writer = openConnection(file);
  const reader = openConnection(file);
  reader.pragma("query_only = true");
  const prepareWrite = preparer(writer);
  const prepareRead = preparer(reader);
  const read = atEndOfTick((statement: Statement) => run(prepareRead, statement));
  const inTurn = takeTurns();
  let waiting: Waiting[] = [];
  let isTaken = false;

  // While a transaction has the writer, what waits goes on waiting: it is committed as soon as the transaction has ended.
  function commitWaiting(): void {
    if (isTaken) return;
    const group = waiting;
    waiting = [];
    if (group.length > 0) commitGroup(writer, prepareWrite, group);
  }

  return {
    dialect: sqliteDialect,
    read: (_scope, statement) => read(statement),
    write(_scope, statements) {
      return new Promise((resolve, reject) => {
        if (waiting.length === 0) setImmediate(commitWaiting);
        waiting.push({ statements, resolve, reject });
      });
    },
    transaction(_scope, work) {
      return inTurn(async () => {
        isTaken = true;
        try {
          return await runTransaction(writer, prepareWrite, work);
        } finally {
          isTaken = false;
          commitWaiting();
        }
      });
    },
    load: () => ({ connections: connectionCount, pending: waiting.length }),
    async close() {
      await inTurn(async () => commitWaiting());
      // What was asked for before is answered before. Whoever closes it again finds nothing more to do.
      if (reader.open) await read(sql`select 1`);
      reader.close();
      writer.close();
      lock.close();
    },
  };
}

/** Gives the path of a file that its owner alone can read, whatever the mode of its directory; SQLite's own follow it. */
function ownFile(directory: string, name: string): string {
  const file = join(directory, name);
  closeSync(openSync(file, "a", 0o600));
  chmodSync(file, 0o600);
  return file;
}

// The lock is an exclusive transaction on a file of its own: the operating system releases it however the process ends.
function lockDirectory(directory: string): Connection {
  const lock = new SqliteDatabase(ownFile(directory, "lock.db"), { timeout: 0 });
  try {
    lock.pragma("journal_mode = delete");
    lock.exec("begin exclusive");
    return lock;
  } catch (error) {
    lock.close();
    throw new DataDirectoryInUse(directory, error);
  }
}

function openConnection(file: string): Connection {
  const connection = new SqliteDatabase(file, { timeout: busyMillisecondsMax });
  connection.pragma("journal_mode = wal");
  connection.pragma("synchronous = full");
  connection.pragma("foreign_keys = on");
  registerFunctions(connection);
  return connection;
}

type Prepare = (statement: Statement) => SqliteDatabase.Statement<Value[], Row>;

function preparer(connection: Connection): Prepare {
  const prepared = new LRUCache<readonly string[], SqliteDatabase.Statement<Value[], Row>>({ max: statementsMax });
  return (statement) => {
    const known = prepared.get(statement.texts);
    if (known !== undefined) return known;
    const fresh = connection.prepare<Value[], Row>(printStatement(sqliteDialect, statement));
    prepared.set(statement.texts, fresh);
    return fresh;
  };
}

function run(prepare: Prepare, statement: Statement): readonly Row[] {
  const prepared = prepare(statement);
  // SQLite has no boolean: true is 1.
  const values = statement.values.map((value) => (typeof value === "boolean" ? Number(value) : value));
  if (statement.take !== undefined) return takeRows(prepared, values, statement.take);
  if (prepared.reader) return prepared.all(...values);
  prepared.run(...values);
  return [];
}

function takeRows(
  prepared: SqliteDatabase.Statement<Value[], Row>,
  values: readonly Value[],
  take: TakeRows,
): readonly Row[] {
  const takeRow = take(columnsOf(prepared));
  try {
    for (const row of prepared.raw(true).all(...values)) takeRow(listOf(row));
  } finally {
    // Whoever runs the same text next may want objects, also when this run has failed.
    prepared.raw(false);
  }
  return [];
}

const columns = new WeakMap<object, readonly string[]>();

// To ask for them takes as long as to read some rows, and they stay as they are.
function columnsOf(prepared: SqliteDatabase.Statement<Value[], Row>): readonly string[] {
  const found = columns.get(prepared) ?? prepared.columns().map(({ name }) => name);
  columns.set(prepared, found);
  return found;
}

// In raw mode a row is a list, of which its types know nothing.
function listOf(row: unknown): readonly unknown[] {
  return Array.isArray(row) ? row : [];
}

async function runTransaction<T>(
  writer: Connection,
  prepare: Prepare,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  let isOpen = true;
  // Beside a transaction each statement would be committed by itself, or be part of the transaction of someone else.
  function assertOpen(): void {
    if (!isOpen || !writer.inTransaction) throw new Error("The transaction has ended; nothing more can be done in it.");
  }
  async function runWithin(_scope: Scope, statement: Statement): Promise<readonly Row[]> {
    assertOpen();
    try {
      return run(prepare, statement);
    } catch (error) {
      throw translate(error);
    }
  }
  const session: Session = {
    dialect: sqliteDialect,
    read: runWithin,
    run: runWithin,
    async steer(command) {
      assertOpen();
      writer.exec(command);
    },
  };
  writer.exec("begin immediate");
  try {
    const result = await work(databaseWithin(session));
    writer.exec("commit");
    return result;
  } catch (error) {
    if (writer.inTransaction) writer.exec("rollback");
    throw error;
  } finally {
    isOpen = false;
  }
}

type Outcome = { readonly rows: readonly (readonly Row[])[] } | { readonly error: unknown };

function commitGroup(writer: Connection, prepare: Prepare, group: readonly Waiting[]): void {
  const outcomes: Outcome[] = [];
  try {
    writer.exec("begin immediate");
    for (const each of group) outcomes.push(runSavepoint(writer, prepare, each.statements));
    writer.exec("commit");
  } catch (error) {
    if (writer.inTransaction) writer.exec("rollback");
    for (const each of group) each.reject(error);
    return;
  }
  for (const [index, each] of group.entries()) {
    const outcome = outcomes[index];
    if (outcome !== undefined && "rows" in outcome) each.resolve(outcome.rows);
    else each.reject(outcome?.error);
  }
}

function runSavepoint(writer: Connection, prepare: Prepare, statements: readonly Statement[]): Outcome {
  writer.exec("savepoint one");
  try {
    const rows = statements.map((statement) => run(prepare, statement));
    writer.exec("release one");
    return { rows };
  } catch (error) {
    // A full disk and the like end the whole transaction: then there is no savepoint to go back to.
    if (!writer.inTransaction) throw error;
    writer.exec("rollback to one");
    writer.exec("release one");
    return { error: translate(error) };
  }
}

function translate(error: unknown): unknown {
  const isUniqueViolation =
    error instanceof SqliteDatabase.SqliteError &&
    (error.code === "SQLITE_CONSTRAINT_UNIQUE" || error.code === "SQLITE_CONSTRAINT_PRIMARYKEY");
  return isUniqueViolation ? new UniqueViolation(error, tableIn(error)) : error;
}

// "UNIQUE constraint failed: customers.partnerId, customers.externalId"; of an index on an expression it names the index.
function tableIn(error: Error): string | undefined {
  return /failed: (\w+)\./.exec(error.message)?.[1];
}
