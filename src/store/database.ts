import type { DatabaseLoad } from "../telemetry/metrics.ts";
import type { Dialect } from "./dialect.ts";
import type { Statement } from "./sql.ts";

/** A row as the engine gives it: column name to value. */
export type Row = Readonly<Record<string, unknown>>;

/**
 * For whom a statement runs: one partner, or `everyPartner`, which is the server's own work (claims, migrations).
 * On PostgreSQL the row-level security policies see it; it does not replace the condition in the statement.
 */
export type Scope = string;
export const everyPartner: Scope = "*";

/** One engine, open. What it acknowledges is on disk. */
export interface Database {
  readonly dialect: Dialect;
  /** Runs one statement that changes nothing. */
  read(scope: Scope, statement: Statement): Promise<readonly Row[]>;
  /**
   * Runs statements in one transaction and one round trip, and gives the rows of each. There is no answer in the middle:
   * a later statement that depends on an earlier one says so in its own condition.
   */
  write(scope: Scope, statements: readonly Statement[]): Promise<readonly (readonly Row[])[]>;
  /**
   * Runs work whose reads and writes are one transaction: they see what it wrote, and nobody else sees any of it before
   * all of it is on disk. It is kept when the work resolves, and nothing of it when the work throws. The work must use
   * the database that it is given and no other: a write beside it would wait for the very transaction that waits for it.
   */
  transaction<T>(scope: Scope, work: (database: Database) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** An engine that says how busy it is. */
export interface OpenDatabase extends Database {
  load(): DatabaseLoad;
}

/** A write would have made a second row of a key that must be unique. Nothing was written. */
export class UniqueViolation extends Error {
  /** The table whose key it is, when the engine says so. */
  readonly table: string | undefined;

  constructor(cause: unknown, table?: string) {
    super("A row with this key exists already.", { cause });
    this.name = "UniqueViolation";
    this.table = table;
  }
}
