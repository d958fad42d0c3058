import { beginning, type ChangePlace, type EntityChange } from "../model/delta.ts";
import type { Query } from "../model/query.ts";
import { currentTraceParent } from "../telemetry/trace.ts";
import type { Database, Row } from "./database.ts";
import type { Dialect } from "./dialect.ts";
import { aliasOf, printCondition } from "./expression.ts";
import { readEntity } from "./rows.ts";
import { fromEach, integer, join, name, raw, type Statement, sql } from "./sql.ts";
import { tableOf } from "./tables.ts";

/** Which row a write is about. */
export interface RowKey {
  readonly partnerId: string;
  readonly id: string;
}

/** When something was done, and under which client-request-id. */
export interface Note {
  readonly changeDateTime: string;
  readonly correlationId: string;
}

/** One thing that happened to an entity. */
interface Change extends Note {
  readonly entitySet: string;
  readonly key: RowKey;
  readonly changeType: "created" | "updated" | "deleted";
  /** The paths of the properties that clients give and that have other values by it. */
  readonly changedProperties?: readonly string[];
}

/** A statement that records a change. What it tells of goes with it, for whoever records more in the same transaction. */
export interface ChangeStatement extends Statement {
  readonly change: Change;
  /** Holds, in the transaction, when the change has taken place. */
  readonly wasWritten: Statement;
}

/** Tells a statement that records a change from others. */
export function isChangeStatement(statement: Statement): statement is ChangeStatement {
  return "change" in statement && "wasWritten" in statement;
}

/** Records a change, in the transaction of the write that it tells of, if that write has taken place. */
export function changeStatement(change: Change, wasWritten: Statement): ChangeStatement {
  const { key, entitySet, changeType, changeDateTime, correlationId } = change;
  const statement = sql`insert into "changes"
    ("partnerId", "entitySet", "entityId", "changeType", "changeDateTime", "correlationId", "traceParent")
    select ${key.partnerId}, ${entitySet}, ${key.id}, ${changeType}, ${changeDateTime}, ${correlationId},
      ${currentTraceParent()}${fromEach}
    where ${wasWritten}`;
  return { ...statement, change, wasWritten };
}

/**
 * Gives the place of a partner's newest change. `settled`: no change can appear before it any more (D16); `visible`:
 * nothing that this or an earlier statement has read is behind it.
 */
export async function newestPlace(
  database: Database,
  partnerId: string,
  which: "settled" | "visible",
): Promise<ChangePlace> {
  const { dialect } = database;
  const condition = raw(which === "settled" ? dialect.settledChange : "true");
  const [row] = await database.read(
    partnerId,
    sql`select ${printPlace(dialect, "changes")} from "changes"
      where "partnerId" = ${partnerId} and ${condition}
      order by ${printPlace(dialect, "changes", "desc")} limit 1`,
  );
  return row === undefined ? beginning : readPlace(row);
}

/** The changes of the entities that a query asks for, in one stretch of the log. */
export interface ChangeQuery extends Pick<Query, "type" | "partnerId" | "filter" | "limit"> {
  /** Only changes behind this place are told. */
  readonly since: ChangePlace;
  /** What was created behind this place was not shown to the reader before, nor behind `since`. */
  readonly shown: ChangePlace;
  /** And only changes up to this one, which is settled. */
  readonly until: ChangePlace;
  /** Where the page begins: behind this place, which is not before `since`. */
  readonly after: ChangePlace;
}

/** A page of changes, and the place of the last one, if there is more. */
export interface ChangePage {
  readonly changes: readonly EntityChange[];
  readonly next?: ChangePlace;
}

/** Gives each entity that has changed once, in the order of the last changes, with what has become of it by now. */
export async function selectChanges(database: Database, query: ChangeQuery, now: string): Promise<ChangePage> {
  const statement = changesStatement(database.dialect, { ...query, limit: query.limit + 1 }, now);
  const rows = await database.read(query.partnerId, statement);
  const page = rows.slice(0, query.limit);
  const changes = page.map((row) => readChange(query, row));
  const last = page.at(-1);
  return rows.length <= query.limit || last === undefined ? { changes } : { changes, next: readPlace(last) };
}

function changesStatement(dialect: Dialect, query: ChangeQuery, now: string): Statement {
  const { type, partnerId, filter, until, after } = query;
  const own = aliasOf(0);
  const { columns, name: table } = tableOf(type);
  const shown = columns.map((column) => sql`${own}.${name(column.name)}`);
  const exists = sql`(${own}."id" is not null and ${own}."deletedDateTime" is null)`;
  const around = { places: new Map([[0, { kind: "row", type }] as const]), partnerId, now };
  const matches = filter === undefined ? raw("true") : printCondition(filter, around);
  return sql`select ${join(shown, ", ")}, ${printPlace(dialect, "c")}, c."entityId" as "changedId",
      case when not ${exists} then 'deleted' when ${matches} then null else 'changed' end as "removed"
    from "changes" as c left join ${name(table)} as ${own}
      on ${own}."partnerId" = ${partnerId} and ${own}."id" = c."entityId"
    where c."partnerId" = ${partnerId} and c."entitySet" = ${type.set}
      and ${isBehind(dialect, "c", after)} and ${isUpTo(dialect, "c", until)}
      and not exists (select 1 from "changes" as n
        where n."partnerId" = ${partnerId} and n."entityId" = c."entityId" and n."entitySet" = ${type.set}
          and ${isLater(dialect, "n", "c")} and ${isUpTo(dialect, "n", until)})
      and ((${exists} and ${matches}) or not ${isNew(dialect, query)})
    order by ${printPlace(dialect, "c")} limit ${integer(query.limit)}`;
}

/**
 * Holds for an entity that the reader has never been shown: it was created in this stretch, and nothing was told of it
 * before. The second must be asked: a transaction that changes an entity may be older than the one that created it.
 */
function isNew(dialect: Dialect, { type, partnerId, since, shown, until }: ChangeQuery): Statement {
  const ofEntity = (alias: "b" | "p") => {
    const own = raw(alias);
    return sql`${own}."partnerId" = ${partnerId} and ${own}."entityId" = c."entityId" and ${own}."entitySet" = ${type.set}`;
  };
  // One entity's changes are looked up in an index; of an `exists` PostgreSQL may make a table of the whole log.
  return sql`((select 1 from "changes" as b
      where ${ofEntity("b")} and b."changeType" = 'created'
        and ${isBehind(dialect, "b", since)} and ${isBehind(dialect, "b", shown)} and ${isUpTo(dialect, "b", until)}
      limit 1) is not null
    and (select 1 from "changes" as p where ${ofEntity("p")} and ${isUpTo(dialect, "p", since)} limit 1) is null)`;
}

type Alias = "changes" | "c" | "n" | "b" | "p";

/** The columns of a place, as the engine orders changes by them. */
export function printPlace({ changeOrder }: Dialect, alias: Alias, direction: "" | "desc" = ""): Statement {
  return raw(changeOrder.map(({ column }) => `${alias}."${column}" ${direction}`).join(", "));
}

/** Holds for a change that comes after a place. */
export function isBehind(dialect: Dialect, alias: Alias, place: ChangePlace): Statement {
  return sql`((${printPlace(dialect, alias)}) > (${bindPlace(dialect, place)}))`;
}

/** Holds for a change that does not come after a place. */
export function isUpTo(dialect: Dialect, alias: Alias, place: ChangePlace): Statement {
  return sql`((${printPlace(dialect, alias)}) <= (${bindPlace(dialect, place)}))`;
}

function bindPlace({ changeOrder }: Dialect, place: ChangePlace): Statement {
  return join(
    changeOrder.map(({ column, type }) => sql`cast(${place[column]} as ${raw(type)})`),
    ", ",
  );
}

function isLater(dialect: Dialect, alias: Alias, other: Alias): Statement {
  return sql`((${printPlace(dialect, alias)}) > (${printPlace(dialect, other)}))`;
}

/** Gives the place of a change. Both parts are 64 bits wide, which is more than a number of JavaScript holds. */
export function readPlace(row: Row): ChangePlace {
  return { transactionId: String(row["transactionId"] ?? 0), position: String(row["position"]) };
}

function readChange({ type }: ChangeQuery, row: Row): EntityChange {
  const reason = row["removed"];
  if (reason === null) return { kind: "present", entity: readEntity(type, row) };
  if (reason !== "deleted" && reason !== "changed") throw new Error(`'${String(reason)}' is no reason of a removal.`);
  return { kind: "removed", id: String(row["changedId"]), reason };
}
