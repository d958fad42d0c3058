import type { ChangePlace } from "../model/delta.ts";
import type { RowKey } from "./changes.ts";
import { isLeasedBy } from "./claim.ts";
import { type Database, everyPartner, type Row } from "./database.ts";
import type { Dialect } from "./dialect.ts";
import { integer, join, raw, type Statement, sql } from "./sql.ts";

/** What is sent to a subscription in one order: its changes, or what becomes of it itself. */
export type LaneName = "changes" | "lifecycle";

/** A lane of a subscription: how far it has come, and how it fares. */
export interface Lane {
  readonly partnerId: string;
  readonly subscriptionId: string;
  readonly lane: LaneName;
  /** Everything up to this place was told. */
  readonly place: ChangePlace;
  /** The events of the lifecycle that are yet to be told. */
  readonly pending: readonly string[];
  readonly dueDateTime: string;
  /** Since when no request has succeeded; null when the last one did. */
  readonly failingSinceDateTime: string | null;
  readonly attempts: number;
  /** The delivery that is being tried. */
  readonly deliveryId: string | null;
  /** How many requests the receiver was sent since an instant, and how many of them it was slow to answer. */
  readonly window: { readonly dateTime: string; readonly requests: number; readonly slow: number } | null;
  readonly leaseOwner: string | null;
}

/** What changes of a lane in one write. */
export type LaneChanges = Partial<Omit<Lane, "partnerId" | "subscriptionId" | "lane" | "leaseOwner" | "pending">>;

/** Opens the lanes of a new subscription, in the transaction that makes it, if it is made. */
export function openLanes(
  { partnerId, id }: RowKey,
  from: { readonly place: ChangePlace; readonly now: string; readonly lifecycleDueDateTime: string },
  when: Statement,
): readonly Statement[] {
  const insert = (lane: LaneName, dueDateTime: string) => sql`insert into "notificationLanes"
    ("partnerId", "subscriptionId", "lane", "transactionId", "position", "pending", "dueDateTime", "attempts",
      "windowRequests", "windowSlow")
    select ${partnerId}, ${id}, ${lane}, ${from.place.transactionId}, ${from.place.position}, '', ${dueDateTime},
      0, 0, 0 where ${when}`;
  return [insert("changes", from.now), insert("lifecycle", from.lifecycleDueDateTime)];
}

/**
 * Takes up to `limit` lanes, of any partner, that have something to tell and that no other worker holds. A lane of
 * changes has that when the log goes on behind its place, and only as far as no change can appear before (D16).
 */
export async function claimLanes(
  database: Database,
  claim: {
    readonly owner: string;
    readonly now: string;
    readonly leaseExpirationDateTime: string;
    readonly limit: number;
  },
): Promise<readonly Lane[]> {
  const { dialect } = database;
  // Materialized: else PostgreSQL may choose the rows anew for each row that it updates, and the limit would not hold.
  const statement = sql`with "taken" as materialized (
      select l."partnerId", l."subscriptionId", l."lane" from "notificationLanes" as l
      where l."dueDateTime" <= ${claim.now}
        and (l."leaseExpirationDateTime" is null or l."leaseExpirationDateTime" <= ${claim.now})
        and (l."lane" = 'lifecycle' or (
          exists (select 1 from "subscriptions" as s
            where s."partnerId" = l."partnerId" and s."id" = l."subscriptionId"
              and s."deletedDateTime" is null and s."expirationDateTime" > ${claim.now})
          and exists (select 1 from "changes" as c
            where c."partnerId" = l."partnerId" and ${isBehindLane(dialect)} and ${raw(dialect.settledChange)})))
      order by l."dueDateTime" limit ${integer(claim.limit)} ${raw(dialect.skipLocked)})
    update "notificationLanes" set "leaseOwner" = ${claim.owner},
      "leaseExpirationDateTime" = ${claim.leaseExpirationDateTime}
    where ("partnerId", "subscriptionId", "lane") in (select "partnerId", "subscriptionId", "lane" from "taken")
    returning *`;
  const [rows = []] = await database.write(everyPartner, [statement]);
  return rows.map(readLane);
}

/** Tells whether a lane that nobody holds waits for nothing but transactions that still run. */
export async function isAnyLaneUnsettled(database: Database, now: string): Promise<boolean> {
  const { dialect } = database;
  const rows = await database.read(
    everyPartner,
    sql`select 1 from "notificationLanes" as l
      where l."lane" = 'changes' and l."dueDateTime" <= ${now} and l."leaseOwner" is null
        and exists (select 1 from "changes" as c
          where c."partnerId" = l."partnerId" and ${isBehindLane(dialect)} and not (${raw(dialect.settledChange)}))
      limit 1`,
  );
  return rows.length > 0;
}

/** Holds the lanes that a worker is busy with for longer. */
export async function renewLanes(
  database: Database,
  lanes: readonly Lane[],
  leaseExpirationDateTime: string,
): Promise<void> {
  const statements = lanes.map(
    (lane) => sql`update "notificationLanes" set "leaseExpirationDateTime" = ${leaseExpirationDateTime}
      where ${isLane(lane)} and ${isHeld(lane)}`,
  );
  await database.write(everyPartner, statements);
}

/** Changes a lane and lets it go, if the worker still holds it. The statement gives a row when it was written. */
export function releaseLane(lane: Lane, changes: LaneChanges): Statement {
  const set = [...assignments(changes), ...freed];
  return sql`update "notificationLanes" set ${join(set, ", ")} where ${isLane(lane)} and ${isHeld(lane)} returning 1`;
}

/** Changes a lane whoever holds it: who does, notices that it is his no more. */
export function takeLaneBack(key: RowKey, lane: LaneName, changes: LaneChanges, when: Statement): Statement {
  const set = [...assignments(changes), ...freed];
  return sql`update "notificationLanes" set ${join(set, ", ")}
    where "partnerId" = ${key.partnerId} and "subscriptionId" = ${key.id} and "lane" = ${lane} and ${when}`;
}

/** Holds for a lane that has come further than a place. */
export function isPast({ changeOrder }: Dialect, place: ChangePlace): Statement {
  const reached = changeOrder.map(({ column, type }) => `cast("${column}" as ${type})`).join(", ");
  const values = changeOrder.map(({ column, type }) => sql`cast(${place[column]} as ${raw(type)})`);
  return sql`(${raw(reached)}) > (${join(values, ", ")})`;
}

/** What a lane is that is to be sent down at once, however its receiver has fared. */
export function atOnce(now: string): LaneChanges {
  return { dueDateTime: now, attempts: 0, failingSinceDateTime: null, deliveryId: null, window: null };
}

/**
 * Adds an event to the lifecycle lane of a subscription whose other lane a worker still holds, unless it waits there
 * already. It is due at once.
 */
export function addLifecycleEvent(lane: Lane, event: string, now: string): Statement {
  const mark = `,${event},`;
  return sql`update "notificationLanes" set "pending" = "pending" || ${mark}, "dueDateTime" =
      case when "failingSinceDateTime" is null then ${now} else "dueDateTime" end
    where "partnerId" = ${lane.partnerId} and "subscriptionId" = ${lane.subscriptionId} and "lane" = 'lifecycle'
      and replace("pending", ${mark}, '') = "pending" and ${isLaneHeld(lane)}`;
}

/**
 * Lets a lifecycle lane go whose worker has told some events. What was added meanwhile is due at once. The statement
 * gives a row when it was written.
 */
export function releaseLifecycle(
  lane: Lane,
  { told, dueDateTime, now }: { readonly told: readonly string[]; readonly dueDateTime: string; readonly now: string },
  changes: LaneChanges,
): Statement {
  const left = told.reduce((text, event) => sql`replace(${text}, ${`,${event},`}, '')`, raw(`"pending"`));
  const set = [
    ...assignments(changes),
    sql`"pending" = ${left}`,
    sql`"dueDateTime" = case when ${left} = '' then ${dueDateTime} else ${now} end`,
    ...freed,
  ];
  return sql`update "notificationLanes" set ${join(set, ", ")} where ${isLane(lane)} and ${isHeld(lane)} returning 1`;
}

/** Removes both lanes of a subscription that has ended and has nothing more to tell. */
export function closeLanes({ partnerId, id }: RowKey, when: Statement): Statement {
  return sql`delete from "notificationLanes" where "partnerId" = ${partnerId} and "subscriptionId" = ${id} and ${when}`;
}

/** Holds, in another table's statement, as long as the worker has the lease with which it claimed the lane. */
export function isLaneHeld(lane: Lane): Statement {
  return sql`exists (select 1 from "notificationLanes" where ${isLane(lane)} and ${isHeld(lane)})`;
}

function isHeld(lane: Lane): Statement {
  return isLeasedBy(lane.leaseOwner ?? "");
}

const freed = [sql`"leaseOwner" = null`, sql`"leaseExpirationDateTime" = null`];

function isLane({ partnerId, subscriptionId, lane }: Lane): Statement {
  return sql`"partnerId" = ${partnerId} and "subscriptionId" = ${subscriptionId} and "lane" = ${lane}`;
}

/** Holds for a change `c` that was not told yet to a lane `l` of changes. */
export function isBehindLane({ changeOrder }: Dialect): Statement {
  const own = changeOrder.map(({ column }) => `c."${column}"`).join(", ");
  const reached = changeOrder.map(({ column, type }) => `cast(l."${column}" as ${type})`).join(", ");
  return raw(`(${own}) > (${reached})`);
}

function assignments(changes: LaneChanges): readonly Statement[] {
  const { place, window, ...plain } = changes;
  const { dueDateTime, failingSinceDateTime, attempts, deliveryId } = plain;
  return [
    ...(place === undefined
      ? []
      : [sql`"transactionId" = ${place.transactionId}`, sql`"position" = ${place.position}`]),
    ...(window === undefined
      ? []
      : [
          sql`"windowDateTime" = ${window?.dateTime ?? null}`,
          sql`"windowRequests" = ${window?.requests ?? 0}`,
          sql`"windowSlow" = ${window?.slow ?? 0}`,
        ]),
    ...(dueDateTime === undefined ? [] : [sql`"dueDateTime" = ${dueDateTime}`]),
    ...(failingSinceDateTime === undefined ? [] : [sql`"failingSinceDateTime" = ${failingSinceDateTime}`]),
    ...(attempts === undefined ? [] : [sql`"attempts" = ${attempts}`]),
    ...(deliveryId === undefined ? [] : [sql`"deliveryId" = ${deliveryId}`]),
  ];
}

function readLane(row: Row): Lane {
  const windowDateTime = textOf(row["windowDateTime"]);
  return {
    partnerId: String(row["partnerId"]),
    subscriptionId: String(row["subscriptionId"]),
    lane: row["lane"] === "lifecycle" ? "lifecycle" : "changes",
    place: { transactionId: String(row["transactionId"]), position: String(row["position"]) },
    pending: String(row["pending"])
      .split(",")
      .filter((each) => each !== ""),
    dueDateTime: String(row["dueDateTime"]),
    failingSinceDateTime: textOf(row["failingSinceDateTime"]),
    attempts: Number(row["attempts"]),
    deliveryId: textOf(row["deliveryId"]),
    window:
      windowDateTime === null
        ? null
        : { dateTime: windowDateTime, requests: Number(row["windowRequests"]), slow: Number(row["windowSlow"]) },
    leaseOwner: textOf(row["leaseOwner"]),
  };
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
