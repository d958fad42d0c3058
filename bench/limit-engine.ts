import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import pg from "pg";
import type { Row, Value } from "./limit-rows.ts";
import { databaseFile, type Place } from "./place.ts";

const poolMax = 8;

/** A statement with its values; `?` stands for each of them. */
export type Step = readonly [text: string, values: readonly Value[]];

/** One engine: it reads rows, and carries steps out together. The name is the same whenever the texts are. */
export interface Engine {
  read(name: string, step: Step): Promise<readonly Row[]>;
  write(name: string, steps: readonly Step[]): Promise<void>;
  close(): Promise<void>;
}

/** Opens what a place has: PostgreSQL or SQLite. */
export function openEngine({ dataDirectory, databaseUrl }: Place): Engine {
  return databaseUrl === undefined ? openSqlite(join(dataDirectory, databaseFile)) : openPostgres(databaseUrl);
}

/** Each group of steps is a transaction with a commit of its own. */
function openSqlite(file: string): Engine {
  const connection = new SqliteDatabase(file);
  connection.pragma("journal_mode = wal");
  connection.pragma("synchronous = full");
  const prepared = new Map<string, SqliteDatabase.Statement<Value[], Row>>();
  const prepare = (text: string) => {
    const known = prepared.get(text);
    if (known !== undefined) return known;
    const fresh = connection.prepare<Value[], Row>(text);
    prepared.set(text, fresh);
    return fresh;
  };
  // SQLite has no boolean: true is 1.
  const bind = (value: Value) => (typeof value === "boolean" ? Number(value) : value);
  const runAll = connection.transaction((steps: readonly Step[]) => {
    for (const [text, values] of steps) prepare(text).run(...values.map(bind));
  });
  return {
    read: async (_name, [text, values]) => prepare(text).all(...values),
    write: async (_name, steps) => runAll.immediate(steps),
    close: async () => void connection.close(),
  };
}

/** Each group of steps is one named statement, of common table expressions: one trip, one commit. */
function openPostgres(url: string): Engine {
  const pool = new pg.Pool({ connectionString: url, max: poolMax, idleTimeoutMillis: 0 });
  const texts = new Map<string, string>();
  const textOf = (name: string, steps: readonly Step[]) => {
    const known = texts.get(name);
    if (known !== undefined) return known;
    const fresh = combine(steps.map(([text]) => text));
    texts.set(name, fresh);
    return fresh;
  };
  const query = (name: string, steps: readonly Step[]) =>
    pool.query<Row>({ name, text: textOf(name, steps), values: steps.flatMap(([, values]) => values) });
  return {
    read: async (name, step) => (await query(name, [step])).rows,
    write: async (name, steps) => void (await query(name, steps)),
    close: () => pool.end(),
  };
}

function combine(texts: readonly string[]): string {
  const last = texts.at(-1) ?? "";
  const others = texts.slice(0, -1).map((text, index) => `"step${index}" as (${text})`);
  const whole = others.length === 0 ? last : `with ${others.join(",\n")}\n${last}`;
  let count = 0;
  return whole.replaceAll("?", () => `$${++count}`);
}
