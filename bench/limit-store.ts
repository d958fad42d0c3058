import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import pg from "pg";
import { type Dialect, postgresDialect, sqliteDialect } from "../src/store/dialect.ts";
import { type customerRow, type operationRow, partnerId, type Row, type Value } from "./limit-rows.ts";

const poolMax = 8;

/** What the lean server keeps its rows in. Every write is on disk when it has ended. */
export interface LimitStore {
  open(operation: ReturnType<typeof operationRow>, now: string): Promise<void>;
  attach(
    operation: { readonly operationId: string; readonly version: string },
    customer: ReturnType<typeof customerRow>,
    now: string,
  ): Promise<void>;
  findCustomer(id: string): Promise<Row | undefined>;
  close(): Promise<void>;
}

/** Opens a PostgreSQL database by its URL, or a SQLite one in a directory, with the tables of the product in it. */
export async function openStore(directory: string, databaseUrl: string | undefined): Promise<LimitStore> {
  return storeOn(databaseUrl === undefined ? openSqlite(directory) : await openPostgres(databaseUrl));
}

/** A statement with its values; `?` stands for each of them. */
type Step = readonly [text: string, values: readonly Value[]];

/** One engine: it reads a row, and carries steps out together. The name is the same whenever the texts are. */
interface Engine {
  read(name: string, step: Step): Promise<Row | undefined>;
  write(name: string, steps: readonly Step[]): Promise<void>;
  close(): Promise<void>;
}

const reserve = `insert into "domains" ("domain", "operationId", "expirationDateTime") values (?, ?, ?)`;

const record = `insert into "changes"
  ("partnerId", "entitySet", "entityId", "changeType", "changeDateTime", "correlationId") values (?, ?, ?, ?, ?, ?)`;

const recordTwo = `${record}, (?, ?, ?, ?, ?, ?)`;

const start = `update "customerCreationOperations" set "status" = 'running', "stage" = 'validating', "percentComplete" = 5,
  "history" = rtrim("history", ']') || ?, "lastActionDateTime" = ?, "version" = ?, "customerId" = ?,
  "expirationDateTime" = null, "work" = 'provision', "dueDateTime" = ?
  where "partnerId" = ? and "id" = ? and "status" = 'notStarted'`;

const keep = `update "domains" set "expirationDateTime" = null where "domain" = ? and "operationId" = ?`;

const find = `select * from "customers" where "partnerId" = ? and "id" = ? and "deletedDateTime" is null`;

function storeOn({ read, write, close }: Engine): LimitStore {
  return {
    open: (operation, now) =>
      write("open", [
        [reserve, [operation.domain, operation.id, operation.expirationDateTime]],
        [record, changeOf("customerCreationOperations", operation.id, "created", now)],
        insert("customerCreationOperations", operation),
      ]),
    attach({ operationId, version }, customer, now) {
      const step = JSON.stringify({ status: "running", stage: "validating", transitionDateTime: now });
      return write("attach", [
        [start, [`,${step}]`, now, version, customer.id, now, partnerId, operationId]],
        [keep, [customer.companyProfile_domain, operationId]],
        [
          recordTwo,
          [
            ...changeOf("customerCreationOperations", operationId, "updated", now),
            ...changeOf("customers", customer.id, "created", now),
          ],
        ],
        insert("customers", customer),
      ]);
    },
    findCustomer: (id) => read("find", [find, [partnerId, id]]),
    close,
  };
}

function changeOf(set: string, id: string, changeType: string, now: string): readonly Value[] {
  return [partnerId, set, id, changeType, now, id];
}

const inserts = new Map<string, string>();

function insert(table: string, row: Row): Step {
  let text = inserts.get(table);
  if (text === undefined) {
    const names = Object.keys(row);
    const columns = names.map((name) => `"${name}"`).join(", ");
    text = `insert into "${table}" (${columns}) values (${names.map(() => "?").join(", ")})`;
    inserts.set(table, text);
  }
  return [text, Object.values(row)];
}

/** Each group of steps is a transaction with a commit of its own. */
function openSqlite(directory: string): Engine {
  const connection = new SqliteDatabase(join(directory, "limit.db"));
  connection.pragma("journal_mode = wal");
  connection.pragma("synchronous = full");
  connection.exec(readTables(sqliteDialect));
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
    read: async (_name, [text, values]) => prepare(text).get(...values),
    write: async (_name, steps) => runAll.immediate(steps),
    close: async () => void connection.close(),
  };
}

/** Each group of steps is one named statement, of common table expressions: one trip, one commit. */
async function openPostgres(url: string): Promise<Engine> {
  const pool = new pg.Pool({ connectionString: url, max: poolMax, idleTimeoutMillis: 0 });
  await pool.query(readTables(postgresDialect));
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
    read: async (name, step) => (await query(name, [step])).rows[0],
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

/** The tables and indexes of the product, without what its own second wall between partners adds on PostgreSQL. */
function readTables(dialect: Dialect): string {
  const folder = new URL("../src/store/migrations/", import.meta.url);
  const files = readdirSync(folder).filter((file) => /^\d{4}_[a-z_]+\.sql$/.test(file));
  const texts = files.sort().map((file) => readFileSync(new URL(file, folder), "utf8"));
  return texts.join("\n").replaceAll(/\{\{(\w+)\}\}/g, (_, word: string) => dialect.words[word] ?? "");
}
