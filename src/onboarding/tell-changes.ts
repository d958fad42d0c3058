import type { ChangePlace } from "../model/delta.ts";
import { type Subscription, subscription } from "../model/subscription.ts";
import { newestPlace } from "../store/changes.ts";
import { addLifecycleEvent, closeLanes, isLaneHeld, type Lane, releaseLane } from "../store/notification-lanes.ts";
import { newestPlaceBefore, selectWatched, type ToldChange, writeDelivery } from "../store/notifications.ts";
import { readRow } from "../store/select.ts";
import type { Statement } from "../store/sql.ts";
import { deliveryOf, isGivenUp, isTaken, type Standing, standingOf, waiting, windowAfter } from "./delivery.ts";
import type { Outcome } from "./messenger.ts";
import { notificationId, printNotification } from "./notification.ts";
import type { Context } from "./offer.ts";
import { later } from "./operation.ts";
import { sendNotifications } from "./send-notifications.ts";
import { watchOf } from "./watched-resource.ts";

/** The next changes of a subscription, and how far its lane is once they are taken. */
interface Load {
  readonly lane: Lane;
  readonly subscription: Subscription;
  readonly changes: readonly ToldChange[];
  readonly place: ChangePlace;
  readonly standing: Standing;
}

/**
 * Tells the next changes of lanes that a worker holds: those that go to the same receiver in one request. A lane goes on
 * only when its receiver has taken them, so that every change comes at least once, and the changes of an entity in order.
 */
export async function tellChanges(context: Context, lanes: readonly Lane[]): Promise<void> {
  const loads = await Promise.all(lanes.map((lane) => apart(context, lane, () => load(context, lane))));
  const receivers = Map.groupBy(
    loads.filter((each) => each !== undefined),
    ({ subscription: { partnerId, notificationUrl, latestSupportedTlsVersion } }) =>
      JSON.stringify([partnerId, notificationUrl, latestSupportedTlsVersion]),
  );
  await Promise.all(
    [...receivers.values()].flatMap((each) => {
      const [first] = each;
      return first === undefined ? [] : [apart(context, first.lane, () => send(context, each))];
    }),
  );
}

// What fails here is ours, and holds up nobody else: the lease ends, and another round takes the lane up where it was.
async function apart<T>({ log }: Context, { subscriptionId }: Lane, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    log.error({ subscriptionId, err: error }, "notifications could not be sent");
    return undefined;
  }
}

/** Gives what is to be sent; undefined when there is nothing, and the lane was let go. */
async function load(context: Context, lane: Lane): Promise<Load | undefined> {
  const { database, limits } = context;
  const { partnerId, subscriptionId: id, place: after } = lane;
  // The end is fixed before the changes are read: what commits in between is beyond it (D16). And before the subscription
  // is: a change is told in the way that was acknowledged when it was made, such as for the certificate of then.
  const until = await newestPlace(database, partnerId, "settled");
  const found = await readRow(database, subscription, { partnerId, id });
  if (found === undefined || found.deletedDateTime !== null) {
    await database.write(partnerId, [closeLanes({ partnerId, id }, isLaneHeld(lane))]);
    return undefined;
  }
  const now = context.clock();
  const limit = limits.notificationsPerRequestMax;
  const changes = await selectWatched(database, watchOf(context, found), { after, until, limit }, now);
  const place = (changes.length < limit ? undefined : changes.at(-1)?.place) ?? until;
  const loaded = { lane, subscription: found, changes, place, standing: standingOf(context, lane, now) };
  if (changes.length === 0) {
    await database.write(partnerId, [releaseLane(lane, { place })]);
    return undefined;
  }
  if (loaded.standing !== "dropped") return loaded;
  await drop(context, loaded, "dropped");
  return undefined;
}

async function send(context: Context, loads: readonly Load[]): Promise<void> {
  const [first] = loads;
  if (first === undefined) return;
  const { notificationUrl: url, latestSupportedTlsVersion: tlsVersion } = first.subscription;
  const body = await printRequest(context, loads);
  const traceParents = loads.flatMap(({ changes }) => changes.map(({ traceParent }) => traceParent));
  const outcome = await sendNotifications(context, { purpose: "changes", url, tlsVersion, body, traceParents });
  await Promise.all(loads.map((each) => settle(context, each, outcome)));
  // There may be more for them, and the receivers of others may take longer.
  context.nudge();
}

async function printRequest(context: Context, loads: readonly Load[]) {
  const value = loads.flatMap(({ subscription, changes }) =>
    changes.map((change) => printNotification(context, subscription, change)),
  );
  const rich = loads.filter(({ subscription }) => subscription.includeResourceData);
  if (rich.length === 0) return { value };
  const audiences = new Map(
    rich.map(({ subscription: { notificationUrlAppId, applicationId, partnerId } }) => {
      return [notificationUrlAppId ?? applicationId, partnerId] as const;
    }),
  );
  const tokens = [...audiences].map(([audience, partnerId]) => context.publisher.sign(audience, partnerId));
  return { value, validationTokens: await Promise.all(tokens) };
}

async function settle(context: Context, load: Load, outcome: Outcome): Promise<void> {
  const { lane, place, standing, subscription } = load;
  const now = context.clock();
  const window = windowAfter(context, lane, outcome, now);
  if (isTaken(outcome)) {
    const pause = standing === "throttled" ? context.limits.notificationRetryMillisecondsMax / 1000 : 0;
    const delivery = deliveryOf(context, subscription, lane, parcelOf(context, load), outcome, {
      status: "delivered",
      dateTime: null,
    });
    await write(context, lane, [
      writeDelivery(delivery, isLaneHeld(lane)),
      releaseLane(lane, { place, window, dueDateTime: later(now, pause), ...succeeded }),
    ]);
    for (const { changeDateTime } of load.changes) {
      context.metrics.changeTold((Date.parse(now) - Date.parse(changeDateTime)) / 1000);
    }
    return;
  }
  if (isGivenUp(context, lane, now) && (await giveUp(context, load, outcome, now))) return;
  const changes = { ...waiting(context, lane, standing, now), window };
  const tried = { ...lane, deliveryId: changes.deliveryId ?? null };
  const delivery = deliveryOf(context, subscription, tried, parcelOf(context, load), outcome, {
    status: "retrying",
    dateTime: changes.dueDateTime ?? null,
  });
  await write(context, lane, [writeDelivery(delivery, isLaneHeld(lane)), releaseLane(lane, changes)]);
}

const succeeded = { attempts: 0, failingSinceDateTime: null, deliveryId: null } as const;

/** Gives up what is older than a receiver may be gone. Tells whether there was any. */
async function giveUp(context: Context, load: Load, outcome: Outcome, now: string): Promise<boolean> {
  const { database, limits } = context;
  const { partnerId, place: told } = load.lane;
  const place = await newestPlaceBefore(database, partnerId, later(now, -limits.notificationHoursMax * 3600));
  if (!isLater(place, told)) return false;
  await drop(context, { ...load, place }, outcome);
  return true;
}

async function drop(context: Context, load: Load, outcome: Outcome | "dropped"): Promise<void> {
  const { lane, place, standing, subscription } = load;
  const now = context.clock();
  const delivery = deliveryOf(context, subscription, lane, parcelOf(context, load), outcome, {
    status: "dropped",
    dateTime: null,
  });
  const rest = outcome === "dropped" ? {} : waiting(context, { ...lane, deliveryId: null }, standing, now);
  await write(context, lane, [
    writeDelivery(delivery, isLaneHeld(lane)),
    addLifecycleEvent(lane, "missed", now),
    releaseLane(lane, { ...rest, place }),
  ]);
}

async function write({ database, log }: Context, lane: Lane, statements: readonly Statement[]): Promise<void> {
  const results = await database.write(lane.partnerId, statements);
  if (results.at(-1)?.[0] !== undefined) return;
  // It will be told again: better twice than not at all.
  log.info({ subscriptionId: lane.subscriptionId }, "a subscription was taken over while it was being told changes");
}

function parcelOf(context: Context, { subscription, changes }: Load) {
  return {
    purpose: "changes",
    notificationCount: changes.length,
    notificationIds: changes.map((change) => notificationId(context, subscription, change)),
  } as const;
}

function isLater(a: ChangePlace, b: ChangePlace): boolean {
  const [transaction, other] = [BigInt(a.transactionId), BigInt(b.transactionId)];
  return transaction === other ? BigInt(a.position) > BigInt(b.position) : transaction > other;
}
