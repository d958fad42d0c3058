import SqliteDatabase from "better-sqlite3";
import type { Row } from "./database.ts";
import type { Value } from "./sql.ts";
import { registerFunctions } from "./sqlite-functions.ts";

const busyMillisecondsMax = 5_000;

export type Connection = SqliteDatabase.Database;

/** A statement that a connection has compiled. */
export type Prepared = SqliteDatabase.Statement<Value[], Row>;

/** Opens a database file so that what is committed is on disk. */
export function openConnection(file: string): Connection {
  const connection = new SqliteDatabase(file, { timeout: busyMillisecondsMax });
  connection.pragma("journal_mode = wal");
  connection.pragma("synchronous = full");
  connection.pragma("foreign_keys = on");
  registerFunctions(connection);
  return connection;
}

/** Gives values as they are bound: SQLite has no boolean, true is 1. */
export function bound(values: readonly Value[]): Value[] {
  return values.map((value) => (typeof value === "boolean" ? Number(value) : value));
}

/** Runs a statement and gives its rows; of one that gives none, none. */
export function runPrepared(prepared: Prepared, values: readonly Value[]): readonly Row[] {
  if (prepared.reader) return prepared.all(...bound(values));
  prepared.run(...bound(values));
  return [];
}
