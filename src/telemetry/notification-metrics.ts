import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import { together } from "./together.ts";

/** What came of a request to a receiver: it took the notifications, refused them, was late, or was not reached. */
export type NotificationResult = (typeof results)[number];

/** The subscriptions that have something to be told, of receivers that answer, or whose last request failed. */
export interface WaitingNotifications {
  readonly receiver: (typeof receivers)[number];
  readonly subscriptions: number;
  /** How long the first of them has waited. */
  readonly seconds: number;
}

/** The numbers of notifications. */
export interface NotificationMetrics {
  notificationSent(result: NotificationResult): void;
  /** A change was told, so many seconds after it was made. */
  changeTold(seconds: number): void;
}

const results = ["taken", "refused", "timedOut", "failed"] as const;
const receivers = ["answering", "failing"] as const;
const lagBuckets = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 14_400];

/** Begins to count notifications. */
export function openNotificationMetrics(registry: Registry): NotificationMetrics {
  const registers = [registry];
  const requests = new Counter({
    name: "tenantry_notification_requests_total",
    help: "Requests to receivers of notifications, by result: taken, refused, timedOut, failed.",
    labelNames: ["result"],
    registers,
  });
  for (const result of results) requests.inc({ result }, 0);
  const lags = new Histogram({
    name: "tenantry_notification_lag_seconds",
    help: "How long after a change its receiver had taken the notification of it.",
    buckets: lagBuckets,
    registers,
  });
  return {
    notificationSent: (result) => requests.inc({ result }),
    changeTold: (seconds) => lags.observe(Math.max(0, seconds)),
  };
}

/** Registers the gauges of what waits to be told. */
export function waitingGauges(
  registry: Registry,
  read: () => Promise<readonly WaitingNotifications[] | undefined>,
): void {
  const collect = together(async () => set(await read()));
  const byReceiver = <Name extends string>(name: Name, help: string) =>
    new Gauge({ name, help, labelNames: ["receiver"], registers: [registry], aggregator: "max", collect });
  const waiting = byReceiver(
    "tenantry_notifications_waiting",
    "Subscriptions with changes that were not told yet, by whether the receiver is answering or failing.",
  );
  const ages = byReceiver(
    "tenantry_notifications_waiting_age_seconds",
    "How long the oldest change that could be told has waited, or its receiver has failed.",
  );

  function set(found: readonly WaitingNotifications[] | undefined): void {
    waiting.reset();
    ages.reset();
    if (found === undefined) return;
    for (const receiver of receivers) {
      const one = found.find((each) => each.receiver === receiver);
      waiting.set({ receiver }, one?.subscriptions ?? 0);
      ages.set({ receiver }, one?.seconds ?? 0);
    }
  }
}
