import { type Subscription, subscription } from "../model/subscription.ts";
import { closeLanes, isLaneHeld, type Lane, releaseLane, releaseLifecycle } from "../store/notification-lanes.ts";
import { giveUpDeliveries, writeDelivery } from "../store/notifications.ts";
import { readRow } from "../store/select.ts";
import type { Statement } from "../store/sql.ts";
import { sql } from "../store/sql.ts";
import { updateEntity, wasWritten } from "../store/write.ts";
import { deliveryOf, isGivenUp, isTaken, waiting } from "./delivery.ts";
import type { Outcome } from "./messenger.ts";
import { type LifecycleEvent, printLifecycle } from "./notification.ts";
import type { Context } from "./offer.ts";
import { sendNotifications } from "./send-notifications.ts";
import { noticeDateTime } from "./subscriptions.ts";

/**
 * Tells what becomes of a subscription whose lifecycle lane a worker holds: that it ends soon, that something was missed,
 * or that it has ended, which this brings about.
 */
export async function tellLifecycle(context: Context, lane: Lane): Promise<void> {
  const { database } = context;
  const key = { partnerId: lane.partnerId, id: lane.subscriptionId };
  const found = await readRow(database, subscription, key);
  const current = found === undefined ? undefined : await endWhenOver(context, found);
  if (current === undefined) {
    await database.write(lane.partnerId, [closeLanes(key, isLaneHeld(lane))]);
    return;
  }
  const events = eventsOf(lane, current);
  const url = current.lifecycleNotificationUrl;
  if (url === null) {
    await database.write(lane.partnerId, [settled(context, lane, current, events)]);
    return;
  }
  const outcome = await sendNotifications(context, {
    purpose: "lifecycle",
    url,
    tlsVersion: current.latestSupportedTlsVersion,
    body: { value: events.map((event) => printLifecycle(context, current, event)) },
    traceParents: [],
  });
  await settle(context, lane, current, events, outcome);
}

/** Ends a subscription whose time is over, and gives it as it is then; undefined when there is nothing left to tell. */
async function endWhenOver(context: Context, current: Subscription): Promise<Subscription | undefined> {
  const now = context.clock();
  if (current.deletedDateTime !== null || current.expirationDateTime > now) return current;
  const ended = { deletedDateTime: now, version: context.newId() };
  const note = { changeDateTime: now, correlationId: ended.version, changeType: "deleted" } as const;
  const isEnded = wasWritten(subscription, current, ended.version);
  await context.database.write(current.partnerId, [
    ...updateEntity(subscription, current, ended, { ...note, when: sql`"version" = ${current.version}` }),
    closeLanes(current, sql`"lane" = 'changes' and ${isEnded}`),
    giveUpDeliveries(current, context.newId(), sql`"purpose" = 'changes' and ${isEnded}`),
  ]);
  // When it was renewed in the same moment, it has not ended.
  return readRow(context.database, subscription, current);
}

function eventsOf({ pending }: Lane, { deletedDateTime }: Subscription): readonly LifecycleEvent[] {
  const missed = pending.includes("missed") ? (["missed"] as const) : [];
  if (deletedDateTime !== null) return [...missed, "subscriptionRemoved"];
  return missed.length > 0 ? missed : ["reauthorizationRequired"];
}

async function settle(
  context: Context,
  lane: Lane,
  current: Subscription,
  events: readonly LifecycleEvent[],
  outcome: Outcome,
): Promise<void> {
  const now = context.clock();
  const parcel = { purpose: "lifecycle", notificationCount: events.length, notificationIds: [] } as const;
  const record = (status: "delivered" | "retrying" | "dropped", deliveryId: string | null, dateTime: string | null) =>
    writeDelivery(
      deliveryOf(context, current, { ...lane, deliveryId }, parcel, outcome, { status, dateTime }),
      isLaneHeld(lane),
    );
  if (isTaken(outcome) || isGivenUp(context, lane, now)) {
    const status = isTaken(outcome) ? "delivered" : "dropped";
    const statements = [record(status, lane.deliveryId, null), settled(context, lane, current, events)];
    await context.database.write(current.partnerId, statements);
    return;
  }
  const changes = waiting(context, lane, "ordinary", now);
  await context.database.write(current.partnerId, [
    record("retrying", changes.deliveryId ?? null, changes.dueDateTime ?? null),
    releaseLane(lane, changes),
  ]);
}

/** What is written when events were told, or nobody wants to be told them. */
function settled(
  context: Context,
  lane: Lane,
  { partnerId, id, deletedDateTime, expirationDateTime }: Subscription,
  told: readonly LifecycleEvent[],
): Statement {
  if (deletedDateTime !== null) return closeLanes({ partnerId, id }, isLaneHeld(lane));
  const now = context.clock();
  const isReminded = told.includes("reauthorizationRequired");
  const dueDateTime = isReminded ? expirationDateTime : noticeDateTime(now, expirationDateTime);
  const succeeded = { attempts: 0, failingSinceDateTime: null, deliveryId: null };
  return releaseLifecycle(lane, { told, dueDateTime, now }, succeeded);
}
