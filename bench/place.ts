import { mkdirSync } from "node:fs";
import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import pg from "pg";

/** Where a server keeps what it is given: a data directory, and a PostgreSQL database if it is to use one. */
export interface Place {
  readonly dataDirectory: string;
  readonly databaseUrl?: string;
}

export type Row = Readonly<Record<string, unknown>>;

/** A way into the database of a place, past the server on it. */
export interface Door extends AsyncDisposable {
  readonly engine: "sqlite" | "postgres";
  read(text: string): Promise<readonly Row[]>;
  run(text: string): Promise<void>;
}

/** Opens the database of a place. On PostgreSQL it is the one of the URL, else the file that the product keeps. */
export async function openDoor({ dataDirectory, databaseUrl }: Place): Promise<Door> {
  if (databaseUrl === undefined) return openSqlite(dataDirectory);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  // To see past the wall between partners.
  await client.query("set tenantry.partner = '*'");
  return {
    engine: "postgres",
    read: async (text) => (await client.query<Row>(text)).rows,
    run: async (text) => void (await client.query(text)),
    [Symbol.asyncDispose]: () => client.end(),
  };
}

function openSqlite(dataDirectory: string): Door {
  mkdirSync(dataDirectory, { recursive: true });
  const connection = new SqliteDatabase(join(dataDirectory, databaseFile));
  connection.pragma("journal_mode = wal");
  return {
    engine: "sqlite",
    read: async (text) => connection.prepare<[], Row>(text).all(),
    run: async (text) => void connection.exec(text),
    [Symbol.asyncDispose]: async () => void connection.close(),
  };
}

/** The name of the file in a data directory. */
export const databaseFile = "tenantry.db";
