import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import { LRUCache } from "lru-cache";
import type { Database, OpenDatabase, Row, Scope } from "./database.ts";
import { printStatement, sqliteDialect } from "./dialect.ts";
import { atEndOfTick } from "./end-of-tick.ts";
import { type Statement, sql, type TakeRows, type Value } from "./sql.ts";
import { bound, type Connection, openConnection, type Prepared, runPrepared } from "./sqlite-connection.ts";
import { groupSizeMax } from "./sqlite-messages.ts";
import { openWriter, rowsOf, type Writer } from "./sqlite-writer.ts";
import { databaseWithin, handOver, type Session, takeTurns } from "./transaction.ts";

const databaseName = "tenantry.db";
const statementsMax = 500;
/** One that writes, and one that reads. */
const connectionCount = 2;

/** So many writes the other thread is told before the tick ends: it begins with them while more are made ready. */
const toldAtOnce = 4;

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
 * Writes that wait at the same time are committed together, in a thread of their own: each is kept or not for
 * itself, and all are on disk before any is answered.
 */
export function openSqlite(directory: string): OpenDatabase {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const lock = lockDirectory(directory);
  const isNew = !existsSync(join(directory, databaseName));
  const file = ownFile(directory, databaseName);
  const reader = openConnection(file);
  reader.pragma("query_only = true");
  const writer = openWriter(file, { isNew });
  const prepare = preparer(reader);
  const read = atEndOfTick((statement: Statement) => readRows(prepare(statement), statement));
  const inTurn = takeTurns();
  const waiting: Waiting[] = [];
  let isTaken = false;
  let closed: Promise<void> | undefined;

  // While a transaction has the writer, what waits goes on waiting: it is committed as soon as the transaction has ended.
  function commitWaiting(): void {
    if (isTaken) return;
    while (waiting.length > 0) commitGroup(writer, waiting.splice(0, groupSizeMax));
  }

  return {
    dialect: sqliteDialect,
    read: (_scope, statement) => read(statement),
    write(_scope, statements) {
      return new Promise((resolve, reject) => {
        if (waiting.length === 0) setImmediate(commitWaiting);
        waiting.push({ statements, resolve, reject });
        if (waiting.length >= toldAtOnce) commitWaiting();
      });
    },
    transaction(_scope, work) {
      return inTurn(async () => {
        isTaken = true;
        try {
          return await runTransaction(writer, work);
        } finally {
          isTaken = false;
          commitWaiting();
        }
      });
    },
    load: () => ({ connections: connectionCount, pending: waiting.length + writer.pending() }),
    close() {
      closed ??= close();
      return closed;
    },
  };

  async function close(): Promise<void> {
    await inTurn(async () => commitWaiting());
    // What was asked for before is answered before.
    await read(sql`select 1`);
    reader.close();
    await writer.close();
    lock.close();
  }
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

function preparer(connection: Connection): (statement: Statement) => Prepared {
  const prepared = new LRUCache<readonly string[], Prepared>({ max: statementsMax });
  return (statement) => {
    const known = prepared.get(statement.texts);
    if (known !== undefined) return known;
    const fresh = connection.prepare<Value[], Row>(printStatement(sqliteDialect, statement));
    prepared.set(statement.texts, fresh);
    return fresh;
  };
}

function readRows(prepared: Prepared, { values, take }: Statement): readonly Row[] {
  return take === undefined ? runPrepared(prepared, values) : takeRows(prepared, values, take);
}

function takeRows(prepared: Prepared, values: readonly Value[], take: TakeRows): readonly Row[] {
  const takeRow = take(columnsOf(prepared));
  try {
    for (const row of prepared.raw(true).all(...bound(values))) takeRow(listOf(row));
  } finally {
    // Whoever runs the same text next may want objects, also when this run has failed.
    prepared.raw(false);
  }
  return [];
}

const columns = new WeakMap<object, readonly string[]>();

// To ask for them takes as long as to read some rows, and they stay as they are.
function columnsOf(prepared: Prepared): readonly string[] {
  const found = columns.get(prepared) ?? prepared.columns().map(({ name }) => name);
  columns.set(prepared, found);
  return found;
}

// In raw mode a row is a list, of which its types know nothing.
function listOf(row: unknown): readonly unknown[] {
  return Array.isArray(row) ? row : [];
}

async function runTransaction<T>(writer: Writer, work: (database: Database) => Promise<T>): Promise<T> {
  let isOpen = true;
  // Beside a transaction each statement would be committed by itself, or be part of the transaction of someone else.
  function assertOpen(): void {
    if (!isOpen || !writer.isInTransaction()) {
      throw new Error("The transaction has ended; nothing more can be done in it.");
    }
  }
  async function runWithin(_scope: Scope, statement: Statement): Promise<readonly Row[]> {
    assertOpen();
    const rows = await writer.run(statement);
    return statement.take === undefined ? rows : handOver(rows, statement.take);
  }
  const session: Session = {
    dialect: sqliteDialect,
    read: runWithin,
    run: runWithin,
    async steer(command) {
      assertOpen();
      await writer.steer(command);
    },
  };
  await writer.steer("begin immediate");
  try {
    const result = await work(databaseWithin(session));
    await writer.steer("commit");
    return result;
  } catch (error) {
    if (writer.isInTransaction()) await writer.steer("rollback");
    throw error;
  } finally {
    isOpen = false;
  }
}

/** Commits what waits together, and tells each what became of it. */
function commitGroup(writer: Writer, group: readonly Waiting[]): void {
  const committed = writer.commit(group.map(({ statements }) => statements));
  for (const [index, { resolve, reject }] of group.entries()) {
    committed.then((outcomes) => rowsOf(outcomes[index])).then(resolve, reject);
  }
}
