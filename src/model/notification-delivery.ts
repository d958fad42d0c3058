import { computed, computedLater, type EntityOf, type EntityType, hidden, hiddenAlways } from "./define.ts";
import { choice, identifier, instant, integer, text } from "./kinds.ts";

const place = text({ lengthMax: 100 });

/** The delivery of some notifications of a subscription in one request, however often it was tried. */
export const notificationDelivery = {
  name: "notificationDelivery",
  set: "notificationDeliveries",
  description: "The delivery of some notifications of a subscription in one request, however often it was tried.",
  properties: {
    id: computed(identifier, "The key of the delivery."),
    subscriptionId: computed(identifier, "The subscription whose notifications they are."),
    purpose: computed(
      choice("notificationPurpose", "changes", "lifecycle", "test", "unknownFutureValue"),
      "What is told: changes, what becomes of the subscription itself, or nothing, for a test.",
    ),
    status: computed(
      choice("notificationDeliveryStatus", "delivered", "retrying", "dropped", "unknownFutureValue"),
      "What has come of it so far.",
    ),
    notificationCount: computed(integer, "How many notifications there are in the request."),
    firstNotificationId: computedLater(place, "The first of them."),
    lastNotificationId: computedLater(place, "The last of them."),
    attempts: computed(integer, "How often it was tried."),
    firstAttemptDateTime: computed(instant, "When it was first tried."),
    lastAttemptDateTime: computed(instant, "When it was last tried."),
    nextAttemptDateTime: computedLater(instant, "When it is tried next."),
    statusCode: computedLater(integer, "The HTTP status that the receiver answered last; null when it did not answer."),
    latencyMilliseconds: computed(integer, "How long that took."),
    failure: computedLater(text({ lengthMax: 500 }), "Why it was not delivered."),
    partnerId: hiddenAlways(identifier, "The partner whose delivery it is."),
    version: hiddenAlways(identifier, "Made anew by each write; the entity tag shows it."),
    deletedDateTime: hidden(instant, "Never: old deliveries are removed at once."),
  },
  navigation: {},
} as const satisfies EntityType;

export type NotificationDelivery = EntityOf<typeof notificationDelivery>;
