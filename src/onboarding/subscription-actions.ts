import type { ChangePlace } from "../model/delta.ts";
import { notificationDelivery } from "../model/notification-delivery.ts";
import { Problem } from "../model/problem.ts";
import { type Subscription, subscription } from "../model/subscription.ts";
import { atOnce, isPast, takeLaneBack } from "../store/notification-lanes.ts";
import { giveUpDeliveries, placeBeforeInstant, placeBeforePosition, writeDelivery } from "../store/notifications.ts";
import { sql } from "../store/sql.ts";
import { deliveryOf, isTaken } from "./delivery.ts";
import { getEntity, listPage } from "./entities.ts";
import { positionOf, printTest } from "./notification.ts";
import type { Result, Task } from "./offer.ts";
import { valuesOf } from "./operation.ts";
import { sendNotifications } from "./send-notifications.ts";
import { assertMayWatch } from "./subscriptions.ts";

/** Lists a page of the deliveries of a subscription. */
export async function listDeliveries(task: Task): Promise<Result> {
  const { partnerId, id } = await getEntity(task, subscription);
  const own = {
    kind: "compare",
    operator: "eq",
    left: { kind: "property", variable: 0, path: ["subscriptionId"], type: "string", nullable: false },
    right: { kind: "constant", type: "string", value: id },
  } as const;
  const { filter } = task.options;
  const both = filter === undefined ? own : ({ kind: "and", left: own, right: filter } as const);
  return listPage({ ...task, options: { ...task.options, filter: both } }, { type: notificationDelivery, partnerId });
}

/** Tells the changes since an instant, or from a notification on, again. Whatever is due besides comes after them. */
export async function redeliverChanges(task: Task): Promise<Result> {
  const { context, caller } = task;
  const current = await getEntity(task, subscription);
  assertMayWatch(task, current);
  const place = await startOf(task, current);
  if (place !== undefined) {
    // What has not been told yet is not passed over: a lane is only ever put back.
    await context.database.write(caller.partnerId, [
      takeLaneBack(current, "changes", { place }, isPast(context.database.dialect, place)),
      takeLaneBack(current, "changes", atOnce(context.clock()), sql`true`),
      giveUpDeliveries(current, context.newId(), sql`"purpose" = 'changes'`),
    ]);
    context.nudge();
  }
  return { kind: "done" };
}

/** Sends a test to the receiver of a subscription, once, and shows what came of it. */
export async function testSubscription(task: Task): Promise<Result> {
  const { context, caller } = task;
  const current = await getEntity(task, subscription);
  assertMayWatch(task, current);
  const outcome = await sendNotifications(context, {
    purpose: "test",
    url: current.notificationUrl,
    tlsVersion: current.latestSupportedTlsVersion,
    body: { value: [printTest(context, current)] },
  });
  const parcel = { purpose: "test", notificationCount: 1, notificationIds: [] } as const;
  const none = { deliveryId: null, attempts: 0, failingSinceDateTime: null };
  const status = isTaken(outcome) ? "delivered" : "dropped";
  const entity = deliveryOf(context, current, none, parcel, outcome, { status, dateTime: null });
  await context.database.write(caller.partnerId, [writeDelivery(entity, sql`true`)]);
  return { kind: "entity", type: notificationDelivery, entity };
}

/** Where a redelivery begins; undefined when nothing has happened since. */
async function startOf(task: Task, current: Subscription): Promise<ChangePlace | undefined> {
  const { database } = task.context;
  const { fromDateTime, fromNotificationId } = valuesOf(task);
  const { partnerId } = current;
  if (typeof fromDateTime === "string" && typeof fromNotificationId !== "string") {
    return placeBeforeInstant(database, partnerId, fromDateTime);
  }
  if (typeof fromNotificationId === "string" && typeof fromDateTime !== "string") {
    const position = positionOf(current, fromNotificationId);
    const place = position === undefined ? undefined : await placeBeforePosition(database, partnerId, position);
    if (place !== undefined) return place;
    const message = `'fromNotificationId' must be the id of a notification of this subscription whose change is kept still; '${fromNotificationId}' is none.`;
    throw new Problem("malformedValue", message, { target: "fromNotificationId" });
  }
  const message = "Say where to begin: either 'fromDateTime' or 'fromNotificationId'.";
  throw new Problem("requiredFieldMissing", message, { target: "fromDateTime" });
}
