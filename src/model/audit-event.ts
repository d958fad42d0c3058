import { computed, computedLater, type EntityType, hidden, hiddenAlways } from "./define.ts";
import { choice, identifier, instant, link, list, text } from "./kinds.ts";

/** Who did what, when, and what came of it. It holds no personal data of customers, and nobody can change it. */
export const auditEvent = {
  name: "auditEvent",
  set: "auditEvents",
  description: "Something that a partner's applications and people did, or were refused.",
  properties: {
    id: computed(identifier, "The key of the event."),
    activityDateTime: computed(instant, "When it was done."),
    activity: computed(text({ lengthMax: 200 }), "What was asked for: a method, and the path with names for its keys."),
    initiatedBy: computed(text({ lengthMax: 200 }), "The application or person who asked, as the token names it."),
    correlationId: computed(text({ lengthMax: 128 }), "The client-request-id of the request."),
    result: computed(
      choice("auditResult", "success", "accessDenied", "throttled", "unknownFutureValue"),
      "What came of it.",
    ),
    resourceLocation: computedLater(link, "The entity that was created, changed or deleted."),
    changedProperties: computed(
      list(text({ lengthMax: 200 })),
      "The paths of the properties that got other values by it, such as 'billingProfile/email'. The values are not kept.",
    ),
    partnerId: hiddenAlways(identifier, "The partner whose event it is."),
    deletedDateTime: hidden(instant, "Always null: events are removed for good."),
    version: hiddenAlways(identifier, "The id: an event never changes."),
  },
  navigation: {},
} as const satisfies EntityType;
