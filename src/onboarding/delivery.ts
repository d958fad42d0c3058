import type { NotificationDelivery } from "../model/notification-delivery.ts";
import type { Subscription } from "../model/subscription.ts";
import type { Lane, LaneChanges } from "../store/notification-lanes.ts";
import type { Outcome } from "./messenger.ts";
import type { Context } from "./offer.ts";
import { later } from "./operation.ts";

/** What a request to a receiver is about. */
export interface Parcel {
  readonly purpose: Exclude<NotificationDelivery["purpose"], "unknownFutureValue">;
  readonly notificationIds: readonly string[];
  readonly notificationCount: number;
}

/** How a receiver fares by its answers of the last minutes (Microsoft Graph, throttling of slow endpoints). */
export type Standing = "ordinary" | "throttled" | "dropped";

const slowShares = { throttled: 0.1, dropped: 0.15 } as const;

/** Tells how a receiver is treated: one that was slow too often is sent less, or nothing at all for a while. */
export function standingOf({ limits }: Context, { window }: Lane, now: string): Standing {
  if (window === null || isOver(window.dateTime, limits.notificationWindowSeconds, now)) return "ordinary";
  if (window.requests < limits.notificationWindowRequestsMin) return "ordinary";
  const share = window.slow / window.requests;
  if (share >= slowShares.dropped) return "dropped";
  return share >= slowShares.throttled ? "throttled" : "ordinary";
}

/** The requests of a lane in the present window, with one more. */
export function windowAfter({ limits }: Context, { window }: Lane, outcome: Outcome, now: string) {
  const slow = outcome.kind === "timedOut" || outcome.milliseconds > limits.notificationSlowMilliseconds ? 1 : 0;
  if (window === null || isOver(window.dateTime, limits.notificationWindowSeconds, now)) {
    return { dateTime: now, requests: 1, slow };
  }
  return { ...window, requests: window.requests + 1, slow: window.slow + slow };
}

/** Tells an answer that takes the notifications. */
export function isTaken(outcome: Outcome): boolean {
  return outcome.kind === "answered" && outcome.status >= 200 && outcome.status < 300;
}

/** What a lane is after a request that was not taken: it waits, twice as long each time, up to a most. */
export function waiting(context: Context, lane: Lane, standing: Standing, now: string): LaneChanges {
  const { notificationRetryMillisecondsMin: least, notificationRetryMillisecondsMax: most } = context.limits;
  const pause = standing === "throttled" ? most : Math.min(most, least * 2 ** Math.min(lane.attempts, 20));
  return {
    attempts: lane.attempts + 1,
    failingSinceDateTime: lane.failingSinceDateTime ?? now,
    dueDateTime: later(now, pause / 1000),
    deliveryId: lane.deliveryId ?? context.newId(),
  };
}

/** Tells whether a lane has failed for so long that what is old is given up. */
export function isGivenUp({ limits }: Context, { failingSinceDateTime: since }: Lane, now: string): boolean {
  return since !== null && isOver(since, limits.notificationHoursMax * 3600, now);
}

/** The record of a request, and of those before it that were to send the same. */
export function deliveryOf(
  context: Context,
  subscription: Subscription,
  lane: Pick<Lane, "deliveryId" | "attempts" | "failingSinceDateTime">,
  parcel: Parcel,
  outcome: Outcome | "dropped",
  next: { readonly status: "delivered" | "retrying" | "dropped"; readonly dateTime: string | null },
): NotificationDelivery {
  const now = context.clock();
  const milliseconds = outcome === "dropped" ? 0 : outcome.milliseconds;
  return {
    id: lane.deliveryId ?? context.newId(),
    subscriptionId: subscription.id,
    purpose: parcel.purpose,
    status: next.status,
    notificationCount: parcel.notificationCount,
    firstNotificationId: parcel.notificationIds[0] ?? null,
    lastNotificationId: parcel.notificationIds.at(-1) ?? null,
    attempts: outcome === "dropped" ? lane.attempts : lane.attempts + 1,
    firstAttemptDateTime: later(
      lane.failingSinceDateTime ?? now,
      lane.failingSinceDateTime === null ? -milliseconds / 1000 : 0,
    ),
    lastAttemptDateTime: now,
    nextAttemptDateTime: next.dateTime,
    statusCode: outcome !== "dropped" && outcome.kind === "answered" ? outcome.status : null,
    latencyMilliseconds: milliseconds,
    failure: failureOf(context, outcome),
    partnerId: subscription.partnerId,
    version: context.newId(),
    deletedDateTime: null,
  };
}

function failureOf({ limits }: Context, outcome: Outcome | "dropped"): string | null {
  if (outcome === "dropped") return "The receiver was slow to answer too often; nothing is sent to it for a while.";
  if (outcome.kind === "timedOut")
    return `The receiver did not answer within ${limits.notificationSecondsMax} seconds.`;
  if (outcome.kind === "failed") return outcome.reason;
  return isTaken(outcome) ? null : `The receiver answered with HTTP status ${outcome.status}.`;
}

function isOver(begun: string, seconds: number, now: string): boolean {
  return now >= later(begun, seconds);
}
