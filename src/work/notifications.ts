import type { Context } from "../onboarding/offer.ts";
import { later } from "../onboarding/operation.ts";
import { tellChanges } from "../onboarding/tell-changes.ts";
import { tellLifecycle } from "../onboarding/tell-lifecycle.ts";
import { claimLanes, isAnyLaneUnsettled, type Lane, renewLanes } from "../store/notification-lanes.ts";
import { type Loop, startRounds } from "./rounds.ts";

// Transactions of others are short: what waits for them is looked at again soon.
const unsettledMilliseconds = 20;

/** Starts to tell the receivers of subscriptions what has changed, until it is closed. */
export function startNotifications(context: Context): Loop {
  const { limits } = context;
  return startRounds<Lane>({
    pollMilliseconds: limits.pollMilliseconds,
    busyMax: limits.notificationLanesClaimedMax,
    leaseSeconds: limits.leaseSeconds,
    giveWayMilliseconds: 0,
    claim: (limit) => claim(context, limit),
    carry: (lanes) => carry(context, lanes),
    renew: (lanes) => renew(context, lanes),
    afterRound: () => restAfter(context),
  });
}

// Whatever goes wrong with the database, the loop goes on: the next round tries again.
async function claim(context: Context, limit: number): Promise<readonly Lane[]> {
  const now = context.clock();
  const leaseExpirationDateTime = later(now, context.limits.leaseSeconds);
  try {
    const owner = context.newId();
    return await claimLanes(context.database, { owner, now, leaseExpirationDateTime, limit });
  } catch (error) {
    context.log.error({ err: error }, "the work loop could not claim notifications");
    return [];
  }
}

// What was claimed together may go to the same receiver together; of each partner by itself.
function carry(context: Context, lanes: readonly Lane[]) {
  const partners = Map.groupBy(
    lanes.filter(({ lane }) => lane === "changes"),
    ({ partnerId }) => partnerId,
  );
  const lifecycle = lanes.filter(({ lane }) => lane === "lifecycle");
  return [
    ...[...partners.values()].map((items) => ({ items, done: attempt(context, () => tellChanges(context, items)) })),
    ...lifecycle.map((lane) => ({ items: [lane], done: attempt(context, () => tellLifecycle(context, lane)) })),
  ];
}

// What fails here is the database: the lease ends, and another round takes the lane up where it was.
async function attempt(context: Context, tell: () => Promise<void>): Promise<void> {
  try {
    await tell();
  } catch (error) {
    context.log.error({ err: error }, "notifications could not be sent");
  }
}

async function renew(context: Context, lanes: readonly Lane[]): Promise<void> {
  try {
    const expiration = later(context.clock(), context.limits.leaseSeconds);
    await renewLanes(context.database, lanes, expiration);
  } catch (error) {
    context.log.error({ err: error }, "the work loop could not renew the leases of notifications");
  }
}

async function restAfter(context: Context): Promise<number | undefined> {
  try {
    const isUnsettled = await isAnyLaneUnsettled(context.database, context.clock());
    return isUnsettled ? unsettledMilliseconds : undefined;
  } catch {
    return undefined;
  }
}
