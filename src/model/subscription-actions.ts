import type { BoundOperation } from "./bound-operation.ts";
import { optional } from "./define.ts";
import { instant, text } from "./kinds.ts";
import { notificationDelivery } from "./notification-delivery.ts";

/** Confirms that a subscription is still wanted and allowed (Microsoft Graph, subscription: reauthorize). */
export const reauthorize = { kind: "action", name: "reauthorize", parameters: {} } as const satisfies BoundOperation;

/** Tells changes again. */
export const redeliver = {
  kind: "action",
  name: "redeliver",
  parameters: {
    fromDateTime: optional(instant, "All changes since this instant that are kept still are told again."),
    fromNotificationId: optional(
      text({ lengthMax: 100 }),
      "This change, known by the id of its notification, is told again, and all after it.",
    ),
  },
} as const satisfies BoundOperation;

/** Sends a notification that tells of nothing, and shows what came of it. */
export const sendTestNotification = {
  kind: "action",
  name: "sendTestNotification",
  parameters: {},
  returns: { shape: "entity", type: notificationDelivery },
} as const satisfies BoundOperation;

/** The deliveries of a subscription. */
export const deliveries = {
  kind: "function",
  name: "deliveries",
  parameters: {},
  returns: { shape: "entities", type: notificationDelivery },
} as const satisfies BoundOperation;
