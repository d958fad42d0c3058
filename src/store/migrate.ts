import { hash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { type Database, everyPartner, type Row, UniqueViolation } from "./database.ts";
import type { Dialect } from "./dialect.ts";
import { raw, type Statement, sql } from "./sql.ts";

/** A numbered migration: the SQL text of an engine, and its digest, by which a later change of it is found. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly text: string;
  readonly digest: string;
}

/** What has become of a migration in a database. */
export interface MigrationState {
  readonly number: number;
  readonly name: string;
  readonly state: "applied" | "pending" | "changed" | "unknown";
}

// By way of its room: what was put together for the package lies in another one.
const folder = new URL("../store/migrations/", import.meta.url);

/** Reads the migrations of an engine in their order. `0001_name.postgres.sql` follows `0001_name.sql` on PostgreSQL. */
function readMigrations(dialect: Dialect): readonly Migration[] {
  const files = readdirSync(folder).sort();
  const common = files.filter((file) => /^\d{4}_[a-z_]+\.sql$/.test(file));
  return common.map((file) => {
    const name = file.slice(0, -".sql".length);
    const own = `${name}.${dialect.engine}.sql`;
    const parts = files.includes(own) ? [file, own] : [file];
    const template = parts.map((part) => readFileSync(new URL(part, folder), "utf8")).join("\n");
    const text = template.replaceAll(/\{\{(\w+)\}\}/g, (_, word: string) => dialect.words[word] ?? "");
    return { number: Number(name.slice(0, 4)), name, text, digest: hash("sha256", text) };
  });
}

/** Compares the migrations of the code with those of the database. */
export async function migrationStates(database: Database): Promise<readonly MigrationState[]> {
  const applied = await readApplied(database);
  const known = readMigrations(database.dialect);
  const states = known.map(({ number, name, digest }): MigrationState => {
    const row = applied.find((each) => each["number"] === number);
    if (row === undefined) return { number, name, state: "pending" };
    return { number, name, state: row["digest"] === digest ? "applied" : "changed" };
  });
  const unknown = applied.filter((row) => !known.some((migration) => migration.number === row["number"]));
  return [
    ...states,
    ...unknown.map((row): MigrationState => {
      return { number: Number(row["number"]), name: String(row["name"]), state: "unknown" };
    }),
  ];
}

/**
 * Applies what is pending, each migration in a transaction of its own, and gives what it applied. Where nothing is, it
 * only reads: a role that may not make tables can start the server on a database that another has migrated.
 */
export async function migrate(database: Database, now: string): Promise<readonly Migration[]> {
  const states = await migrationStates(database);
  const wrong = states.find(({ state }) => state === "changed" || state === "unknown");
  if (wrong !== undefined) {
    throw new Error(
      `The database has migration ${wrong.name} in ${wrong.state === "changed" ? "another form than" : "addition to"} ` +
        "those of this version of Tenantry. Use the version that wrote it, or a newer one.",
    );
  }
  const pending = states.filter(({ state }) => state === "pending").map(({ number }) => number);
  if (pending.length === 0) return [];
  await database.write(everyPartner, [...lock(database.dialect), createTable(database.dialect)]);
  const migrations = readMigrations(database.dialect).filter(({ number }) => pending.includes(number));
  const done: Migration[] = [];
  for (const migration of migrations) if (await apply(database, migration, now)) done.push(migration);
  return done;
}

// The number goes in first: of two processes that start together, the second fails on the key and carries on.
async function apply(database: Database, migration: Migration, now: string): Promise<boolean> {
  const { number, name, digest } = migration;
  const note = sql`insert into "migrations" ("number", "name", "digest", "appliedDateTime")
    values (${number}, ${name}, ${digest}, ${now})`;
  try {
    await database.write(everyPartner, [...lock(database.dialect), note, ...statementsOf(migration.text)]);
    return true;
  } catch (error) {
    if (error instanceof UniqueViolation) return false;
    throw error;
  }
}

function lock(dialect: Dialect): readonly Statement[] {
  return dialect.migrationLock.map(raw);
}

function createTable(dialect: Dialect): Statement {
  const text = dialect.words["text"] ?? "text";
  return raw(
    `create table if not exists "migrations" ("number" integer not null primary key, "name" ${text} not null, ` +
      `"digest" ${text} not null, "appliedDateTime" ${text} not null)`,
  );
}

/** Parts a migration into its statements. A statement ends with a semicolon at the end of a line. */
function statementsOf(text: string): readonly Statement[] {
  return text
    .replaceAll(/^\s*--.*$/gm, "")
    .split(/;\s*$/m)
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map(raw);
}

async function readApplied(database: Database): Promise<readonly Row[]> {
  try {
    return await database.read(
      everyPartner,
      sql`select "number", "name", "digest" from "migrations" order by "number"`,
    );
  } catch (error) {
    if (isMissingTable(error)) return [];
    throw error;
  }
}

function isMissingTable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ("code" in error && error.code === "42P01") || error.message.includes("no such table");
}
