import type { Statement } from "./sql.ts";

/** What the two engines do not have in common. */
export interface Dialect {
  readonly engine: "sqlite" | "postgres";
  /** The placeholder of the value of this index, counted from 0. */
  readonly placeholder: (index: number) => string;
  /** The words of a migration that differ: `{{word}}` stands for the text given here. */
  readonly words: Readonly<Record<string, string>>;
  /** Ends a select whose rows are about to be updated: rows that another worker holds are left out. */
  readonly skipLocked: string;
  /** The columns by which changes are ordered for their readers, and the types of their values. */
  readonly changeOrder: readonly { readonly column: "transactionId" | "position"; readonly type: string }[];
  /** Holds for a change that none can appear before any more: every transaction that came earlier has ended (D16). */
  readonly settledChange: string;
  /** Selects what tells this log of changes from a copy of it. */
  readonly changeLogName: string;
  /**
   * Puts the log, and the lanes that read it, in order when they come from elsewhere, where the transactions were counted
   * by themselves. What a lane has not told stays behind it.
   */
  readonly repairChanges: readonly string[];
  /** Begins a migration: nobody else migrates until it has ended. */
  readonly migrationLock: readonly string[];
}

export const sqliteDialect: Dialect = {
  engine: "sqlite",
  placeholder: () => "?",
  words: {
    text: "text",
    position: "integer primary key autoincrement",
    transaction: "",
    order: '"position"',
    unlogged: "",
    // Null is lower than any value as it is.
    lowest: "",
  },
  skipLocked: "",
  // There is one writer: changes become visible in the order of their positions.
  changeOrder: [{ column: "position", type: "bigint" }],
  settledChange: "true",
  // A backup gives its copy a number of its own.
  changeLogName: `select "user_version" as "name" from pragma_user_version`,
  repairChanges: [],
  migrationLock: [],
};

const isFromElsewhere = `exists (
  select 1 from (select "transactionId" from "changes" order by "position" desc limit 1) as "newest"
  where "newest"."transactionId" >= pg_snapshot_xmax(pg_current_snapshot()))`;

export const postgresDialect: Dialect = {
  engine: "postgres",
  placeholder: (index) => `$${index + 1}`,
  words: {
    text: 'text collate "C"',
    position: "bigint generated always as identity primary key",
    transaction: `"transactionId" xid8 not null default pg_current_xact_id(),`,
    order: '"transactionId", "position"',
    // What may be forgotten when the server of the database dies.
    unlogged: "unlogged",
    // In an index null comes first, as it is lower than any value to whoever asks.
    lowest: " nulls first",
  },
  skipLocked: "for update skip locked",
  changeOrder: [
    { column: "transactionId", type: "xid8" },
    { column: "position", type: "bigint" },
  ],
  settledChange: `"transactionId" < pg_snapshot_xmin(pg_current_snapshot())`,
  changeLogName: `select cast("system_identifier" as text) || '/' || cast("oid" as text) as "name"
    from pg_control_system(), pg_database where "datname" = current_database()`,
  // To a server that has not counted so far yet, restored changes would be of the future, and settled only one day.
  repairChanges: [
    // Of processes that start together one does it, and the others find it done.
    "select pg_advisory_xact_lock(7355608, 2)",
    `update "notificationLanes" as l set "transactionId" = '0', "position" = cast(coalesce(
        (select min(c."position") - 1 from "changes" as c where c."partnerId" = l."partnerId"
          and (c."transactionId", c."position") > (cast(l."transactionId" as xid8), cast(l."position" as bigint))),
        (select max(c."position") from "changes" as c where c."partnerId" = l."partnerId"),
        cast(l."position" as bigint)) as text)
      where cast(l."transactionId" as xid8) >= pg_snapshot_xmax(pg_current_snapshot()) or ${isFromElsewhere}`,
    `update "changes" set "transactionId" = '0' where ${isFromElsewhere}`,
  ],
  migrationLock: ["select pg_advisory_xact_lock(7355608, 1)"],
};

/** Prints a statement with the placeholders of an engine. */
export function printStatement(dialect: Dialect, statement: Statement): string {
  let text = statement.texts[0] ?? "";
  for (let index = 1; index < statement.texts.length; index++) {
    text += dialect.placeholder(index - 1) + (statement.texts[index] ?? "");
  }
  return text;
}
