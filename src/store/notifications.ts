import type { EntityType, Values } from "../model/define.ts";
import { beginning, type ChangePlace } from "../model/delta.ts";
import type { NotificationDelivery } from "../model/notification-delivery.ts";
import { notificationDelivery } from "../model/notification-delivery.ts";
import type { Expression } from "../model/query.ts";
import { isBehind, isUpTo, printPlace, type RowKey, readPlace } from "./changes.ts";
import { type Database, everyPartner } from "./database.ts";
import { aliasOf, printCondition } from "./expression.ts";
import { keeperOf, readEntity } from "./rows.ts";
import { integer, join, name, raw, type Statement, sql } from "./sql.ts";
import { tableOf } from "./tables.ts";

/** A change as it is told to a subscription. */
export interface ToldChange {
  readonly place: ChangePlace;
  readonly changeType: string;
  readonly entityId: string;
  readonly changeDateTime: string;
  /** The trace of whoever made it; null when there was none. */
  readonly traceParent: string | null;
  /** The entity as it is by now; undefined when nothing is kept of it. */
  readonly entity: Values | undefined;
}

/** Which changes a subscription is told of. */
export interface Watch {
  readonly type: EntityType;
  readonly partnerId: string;
  /** Only those of this entity. */
  readonly id?: string;
  readonly changeTypes: readonly string[];
  /** Only those of entities for which this is true by now. */
  readonly filter?: Expression;
}

/** Gives the next changes that are watched in a stretch of the log, each by itself, in the order of the log. */
export async function selectWatched(
  database: Database,
  watch: Watch,
  stretch: { readonly after: ChangePlace; readonly until: ChangePlace; readonly limit: number },
  now: string,
): Promise<readonly ToldChange[]> {
  const { type, partnerId, id, filter } = watch;
  const { dialect } = database;
  const own = aliasOf(0);
  const { columns, name: table } = tableOf(type);
  const around = { places: new Map([[0, { kind: "row", type }] as const]), partnerId, now };
  const conditions = [
    sql`c."partnerId" = ${partnerId}`,
    sql`c."entitySet" = ${type.set}`,
    sql`c."changeType" in (${join(
      watch.changeTypes.map((each) => sql`${each}`),
      ", ",
    )})`,
    isBehind(dialect, "c", stretch.after),
    isUpTo(dialect, "c", stretch.until),
    ...(id === undefined ? [] : [sql`c."entityId" = ${id}`]),
    ...(filter === undefined ? [] : [printCondition(filter, around)]),
  ];
  const rows = await database.read(
    partnerId,
    sql`select ${join(
      columns.map((column) => sql`${own}.${name(column.name)}`),
      ", ",
    )}, ${printPlace(dialect, "c")}, c."entityId" as "changedId", c."changeType" as "changed",
        c."changeDateTime" as "changedDateTime", c."traceParent" as "changeTraceParent"
      from "changes" as c left join ${name(table)} as ${own}
        on ${own}."partnerId" = ${partnerId} and ${own}."id" = c."entityId"
      where ${join(conditions, " and ")} order by ${printPlace(dialect, "c")}
      limit ${integer(stretch.limit)}`,
  );
  return rows.map((row) => ({
    place: readPlace(row),
    changeType: String(row["changed"]),
    entityId: String(row["changedId"]),
    changeDateTime: String(row["changedDateTime"]),
    traceParent: typeof row["changeTraceParent"] === "string" ? row["changeTraceParent"] : null,
    entity: row["id"] === null ? undefined : readEntity(type, row),
  }));
}

/** Gives the place right before the first change of a partner since an instant; undefined when there is none since. */
export async function placeBeforeInstant(
  database: Database,
  partnerId: string,
  instant: string,
): Promise<ChangePlace | undefined> {
  return placeBefore(database, partnerId, sql`c."changeDateTime" >= ${instant}`);
}

/** Gives the place right before the change of a position; undefined when the partner has no such change. */
export async function placeBeforePosition(
  database: Database,
  partnerId: string,
  position: string,
): Promise<ChangePlace | undefined> {
  return placeBefore(database, partnerId, sql`c."position" = cast(${position} as bigint)`);
}

/** Gives the place of the newest change of a partner before an instant, as far as changes are settled. */
export async function newestPlaceBefore(database: Database, partnerId: string, instant: string): Promise<ChangePlace> {
  const { dialect } = database;
  const [row] = await database.read(
    partnerId,
    sql`select ${printPlace(dialect, "c")} from "changes" as c
      where c."partnerId" = ${partnerId} and c."changeDateTime" < ${instant} and ${raw(dialect.settledChange)}
      order by ${printPlace(dialect, "c", "desc")} limit 1`,
  );
  return row === undefined ? beginning : readPlace(row);
}

/** Records a delivery, or what has come of it since, if the condition holds. */
export function writeDelivery(delivery: NotificationDelivery, when: Statement): Statement {
  const { columns, name: table } = tableOf(notificationDelivery);
  const values: Values = delivery;
  const names = columns.map((column) => name(column.name));
  const cast = columns.map((column) => {
    const bound = keeperOf(column.kind)(values[column.name]);
    return column.type === "text" ? sql`${bound}` : sql`cast(${bound} as ${raw(column.type)})`;
  });
  const updated = columns
    .filter((column) => !["partnerId", "id", "firstAttemptDateTime"].includes(column.name))
    .map((column) => sql`${name(column.name)} = excluded.${name(column.name)}`);
  return sql`insert into ${name(table)} (${join(names, ", ")}) select ${join(cast, ", ")} where ${when}
    on conflict ("partnerId", "id") do update set ${join(updated, ", ")}`;
}

/** Says of the deliveries of a subscription that are retried, and meet a condition, that they never will be. */
export function giveUpDeliveries({ partnerId, id }: RowKey, version: string, when: Statement): Statement {
  return sql`update "notificationDeliveries" set "status" = 'dropped', "nextAttemptDateTime" = null, "version" = ${version}
    where "partnerId" = ${partnerId} and "subscriptionId" = ${id} and "status" = 'retrying' and ${when}`;
}

/** Removes up to `limit` deliveries of any partner that were last tried before an instant, and tells how many. */
export async function purgeDeliveries(database: Database, before: string, limit: number): Promise<number> {
  const [rows = []] = await database.write(everyPartner, [
    sql`delete from "notificationDeliveries" where ("partnerId", "id") in
      (select "partnerId", "id" from "notificationDeliveries" where "lastAttemptDateTime" < ${before}
        order by "lastAttemptDateTime" limit ${integer(limit)}) returning "id"`,
  ]);
  return rows.length;
}

/** Removes up to `limit` subscriptions of any partner that ended before an instant, and tells how many. */
export async function purgeSubscriptions(database: Database, before: string, limit: number): Promise<number> {
  const [rows = []] = await database.write(everyPartner, [
    sql`delete from "subscriptions" where ("partnerId", "id") in
      (select s."partnerId", s."id" from "subscriptions" as s where s."deletedDateTime" < ${before}
        and not exists (select 1 from "notificationLanes" as l
          where l."partnerId" = s."partnerId" and l."subscriptionId" = s."id")
        order by s."deletedDateTime" limit ${integer(limit)}) returning "id"`,
  ]);
  return rows.length;
}

async function placeBefore(database: Database, partnerId: string, first: Statement): Promise<ChangePlace | undefined> {
  const { dialect } = database;
  const [found] = await database.read(
    partnerId,
    sql`select ${printPlace(dialect, "c")} from "changes" as c where c."partnerId" = ${partnerId} and ${first}
      order by ${printPlace(dialect, "c")} limit 1`,
  );
  if (found === undefined) return undefined;
  const [before] = await database.read(
    partnerId,
    sql`select ${printPlace(dialect, "c")} from "changes" as c
      where c."partnerId" = ${partnerId} and not ${isBehindOrAt(database, readPlace(found))}
      order by ${printPlace(dialect, "c", "desc")} limit 1`,
  );
  return before === undefined ? beginning : readPlace(before);
}

function isBehindOrAt({ dialect }: Database, place: ChangePlace): Statement {
  const columns = dialect.changeOrder.map(({ column }) => `c."${column}"`).join(", ");
  const values = dialect.changeOrder.map(({ column, type }) => sql`cast(${place[column]} as ${raw(type)})`);
  return sql`(${raw(columns)}) >= (${join(values, ", ")})`;
}
