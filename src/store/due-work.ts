import type { DueWork } from "../telemetry/metrics.ts";
import type { WaitingNotifications } from "../telemetry/notification-metrics.ts";
import { printPlace } from "./changes.ts";
import { type Database, everyPartner } from "./database.ts";
import { isBehindLane } from "./notification-lanes.ts";
import { sql } from "./sql.ts";

/** Counts the operations of all partners whose work is due and that nobody holds, by the kind of the work. */
export async function readDueWork(database: Database, now: string): Promise<readonly DueWork[]> {
  const rows = await database.read(
    everyPartner,
    sql`select "work", count(*) as "operations", min("dueDateTime") as "oldest" from "customerCreationOperations"
      where "work" is not null and "dueDateTime" <= ${now}
        and ("leaseExpirationDateTime" is null or "leaseExpirationDateTime" <= ${now})
      group by "work"`,
  );
  return rows.map(({ work, operations, oldest }) => ({
    work: String(work),
    operations: Number(operations),
    seconds: secondsBetween(oldest, now),
  }));
}

/**
 * Counts the subscriptions of all partners with changes that were not told yet, also those that wait for a transaction
 * which still runs. One whose receiver fails has waited since it does; another since the change, or since it may go on.
 */
export async function readWaitingNotifications(
  database: Database,
  now: string,
): Promise<readonly WaitingNotifications[]> {
  const { dialect } = database;
  const rows = await database.read(
    everyPartner,
    sql`select "receiver", count(*) as "subscriptions",
        min(case when "changed" > "free" then "changed" else "free" end) as "oldest"
      from (select case when l."failingSinceDateTime" is null then 'answering' else 'failing' end as "receiver",
          coalesce(l."failingSinceDateTime", l."dueDateTime") as "free",
          (select c."changeDateTime" from "changes" as c
            where c."partnerId" = l."partnerId" and ${isBehindLane(dialect)}
            order by ${printPlace(dialect, "c")} limit 1) as "changed"
        from "notificationLanes" as l join "subscriptions" as s
          on s."partnerId" = l."partnerId" and s."id" = l."subscriptionId"
        where l."lane" = 'changes' and s."deletedDateTime" is null and s."expirationDateTime" > ${now}) as "lanes"
      where "changed" is not null group by "receiver"`,
  );
  return rows.map(({ receiver, subscriptions, oldest }) => ({
    receiver: receiver === "failing" ? "failing" : "answering",
    subscriptions: Number(subscriptions),
    seconds: secondsBetween(oldest, now),
  }));
}

/** What is due only later has not waited yet. */
function secondsBetween(since: unknown, now: string): number {
  return Math.max(0, (Date.parse(now) - Date.parse(String(since))) / 1000);
}
