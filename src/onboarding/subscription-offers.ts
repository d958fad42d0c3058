import { notificationDelivery } from "../model/notification-delivery.ts";
import { subscription } from "../model/subscription.ts";
import { deliveries, reauthorize, redeliver, sendTestNotification } from "../model/subscription-actions.ts";
import { countSet, listEntities, readOne } from "./entities.ts";
import type { Offer } from "./offer.ts";
import { listDeliveries, redeliverChanges, testSubscription } from "./subscription-actions.ts";
import { checkNewSubscription, checkSubscription } from "./subscription-checks.ts";
import {
  createSubscription,
  deleteSubscription,
  reauthorizeSubscription,
  updateSubscription,
} from "./subscriptions.ts";

/*
 * Whoever may read something may have it watched: reading is the least permission of all offers here. What is sent by a
 * subscription, and where to, concerns only those who may read what it watches; that is asked where it is changed.
 */
const permission = "CustomerCreationOperation.Read.All";
const reading = { permission, accepts: { body: "none" } } as const;
const done = { result: "done", type: subscription } as const;

/** What can be asked of subscriptions and their deliveries by their paths. */
export const subscriptionOffers: readonly Offer[] = [
  {
    method: "GET",
    path: "/subscriptions",
    summary: "List the subscriptions of the partner.",
    ...reading,
    answers: { result: "collection", type: subscription },
    run: (task) => listEntities(task, subscription),
  },
  {
    method: "POST",
    path: "/subscriptions",
    summary: "Subscribe to changes. The receiver must answer a handshake first.",
    permission,
    accepts: { body: "create", type: subscription },
    answers: { result: "created", type: subscription },
    check: checkNewSubscription,
    run: createSubscription,
  },
  {
    method: "GET",
    path: "/subscriptions/$count",
    summary: "Count the subscriptions of the partner.",
    ...reading,
    answers: { result: "count", type: subscription },
    run: (task) => countSet(task, subscription),
  },
  {
    method: "GET",
    path: "/subscriptions/{id}",
    summary: "Read a subscription.",
    ...reading,
    answers: { result: "entity", type: subscription },
    run: (task) => readOne(task, subscription),
  },
  {
    method: "PATCH",
    path: "/subscriptions/{id}",
    summary: "Renew a subscription, or have its notifications sent elsewhere.",
    permission,
    accepts: { body: "update", type: subscription },
    answers: { result: "entity", type: subscription },
    check: checkSubscription,
    run: updateSubscription,
  },
  {
    method: "DELETE",
    path: "/subscriptions/{id}",
    summary: "End a subscription.",
    ...reading,
    answers: done,
    run: deleteSubscription,
  },
  {
    method: "GET",
    path: "/notificationDeliveries",
    summary: "List what was sent to the receivers of the partner, and what came of it.",
    ...reading,
    answers: { result: "collection", type: notificationDelivery },
    run: (task) => listEntities(task, notificationDelivery),
  },
  {
    method: "GET",
    path: "/notificationDeliveries/$count",
    summary: "Count the deliveries of the partner.",
    ...reading,
    answers: { result: "count", type: notificationDelivery },
    run: (task) => countSet(task, notificationDelivery),
  },
  {
    method: "GET",
    path: "/notificationDeliveries/{id}",
    summary: "Read a delivery.",
    ...reading,
    answers: { result: "entity", type: notificationDelivery },
    run: (task) => readOne(task, notificationDelivery),
  },
];

/** What can be asked of a subscription by the name of a function or an action. */
export const subscriptionOperations: readonly Offer[] = [
  {
    method: "GET",
    path: "/subscriptions/{id}/deliveries()",
    summary: "List the deliveries of a subscription: attempts, status, latency, and the next try.",
    ...reading,
    answers: { result: "collection", type: notificationDelivery },
    operation: deliveries,
    run: listDeliveries,
  },
  {
    method: "POST",
    path: "/subscriptions/{id}/reauthorize",
    summary: "Confirm that a subscription is still wanted.",
    permission,
    accepts: { body: "parameters" },
    answers: done,
    operation: reauthorize,
    run: reauthorizeSubscription,
  },
  {
    method: "POST",
    path: "/subscriptions/{id}/redeliver",
    summary: "Tell changes again: since an instant, or from a notification on.",
    permission,
    accepts: { body: "parameters" },
    answers: done,
    operation: redeliver,
    run: redeliverChanges,
  },
  {
    method: "POST",
    path: "/subscriptions/{id}/sendTestNotification",
    summary: "Send a test notification, and show what came of it.",
    permission,
    accepts: { body: "parameters" },
    answers: { result: "entity", type: notificationDelivery },
    operation: sendTestNotification,
    run: testSubscription,
  },
];
