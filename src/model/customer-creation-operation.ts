import { customer, domainName, externalIdentifier } from "./customer.ts";
import {
  computed,
  computedLater,
  type EntityOf,
  type EntityType,
  fixed,
  hidden,
  hiddenAlways,
  optionalAlways,
  required,
} from "./define.ts";
import { type ComplexType, choice, document, flag, identifier, instant, integer, link, list, text } from "./kinds.ts";

const operationStatus = choice(
  "customerCreationOperationStatus",
  "notStarted",
  "running",
  "succeeded",
  "failed",
  "canceled",
  "unknownFutureValue",
);

const operationStage = choice(
  "customerCreationOperationStage",
  "domainReserved",
  "validating",
  "provisioningTenant",
  "linkingPartner",
  "creatingBillingAccount",
  "issuingCredentials",
  "publishing",
  "completed",
  "unknownFutureValue",
);

const message = text({ lengthMax: 2000 });
const code = text({ lengthMax: 100 });

const publicErrorDetail = {
  name: "publicErrorDetail",
  description: "One of several faults.",
  properties: {
    code: computed(code, "The code of the fault."),
    message: computed(message, "The fault in words."),
    target: computedLater(text({ lengthMax: 500 }), "What is at fault."),
  },
} as const satisfies ComplexType;

const publicInnerError = {
  name: "publicInnerError",
  description: "The fault more exactly.",
  properties: { code: computed(code, "The exact code of the fault.") },
} as const satisfies ComplexType;

const publicError = {
  name: "publicError",
  description: "Why something failed, in the shape of an error answer.",
  properties: {
    code: computed(code, "The code of the error."),
    message: computed(message, "The error in words."),
    target: computedLater(text({ lengthMax: 500 }), "What is at fault."),
    details: computed(list(document(publicErrorDetail)), "The faults one by one."),
    innerError: computedLater(document(publicInnerError), "The error more exactly."),
  },
} as const satisfies ComplexType;

const operationTransition = {
  name: "customerCreationOperationTransition",
  description: "One step in the life of an operation.",
  properties: {
    status: computed(operationStatus, "The status that was reached."),
    stage: computed(operationStage, "The stage that was reached."),
    transitionDateTime: computed(instant, "When it was reached."),
  },
} as const satisfies ComplexType;

/** The creation of one customer, from the reservation of its domain to the finished tenant. */
export const customerCreationOperation = {
  name: "customerCreationOperation",
  set: "customerCreationOperations",
  changes: "tracked",
  description: "The creation of one customer, from the reservation of its domain to the finished tenant.",
  properties: {
    id: computed(identifier, "The key of the operation."),
    domain: required(domainName, "The domain that is reserved for the customer."),
    status: optionalAlways(
      operationStatus,
      "Where the operation stands. The server sets it; a client may set canceled.",
    ),
    stage: computed(operationStage, "The stage that was last reached."),
    percentComplete: computed(integer, "How much of the work is done, in per cent."),
    resourceLocation: computedLater(link, "The URL of the customer, once the operation has succeeded."),
    error: computedLater(document(publicError), "Why the operation failed or was canceled."),
    isRetryable: computedLater(flag, "Whether a failed operation may be tried again."),
    attempts: computed(integer, "How often the current stage was tried."),
    history: computed(list(document(operationTransition)), "Every step so far, with its time."),
    externalId: fixed(externalIdentifier, "The operation's key in the partner's own system."),
    requestedBy: computed(text({ lengthMax: 200 }), "The application or person that opened the operation."),
    correlationId: computed(text({ lengthMax: 128 }), "The client-request-id of the call that opened the operation."),
    createdDateTime: computed(instant, "When the operation was opened."),
    lastActionDateTime: computed(instant, "When the operation last changed."),
    expirationDateTime: computedLater(
      instant,
      "When the reservation of the domain ends; null once a customer is attached, and set again when the operation fails.",
    ),
    partnerId: hiddenAlways(identifier, "The partner whose operation it is."),
    version: hiddenAlways(identifier, "Made anew by each write; the entity tag shows it."),
    deletedDateTime: hidden(instant, "When the operation was deleted."),
    customerId: hidden(identifier, "The customer that is attached."),
    provisionedCustomerId: hidden(
      identifier,
      "The customer that the stages are for, even when it is no longer attached.",
    ),
    bodyDigest: hidden(
      text({ lengthMax: 64 }),
      "The digest of the body that was attached; it tells a repetition from another customer.",
    ),
    work: hidden(choice("work", "expire", "provision", "compensate", "release"), "What the work loop has to do next."),
    dueDateTime: hidden(instant, "When that is due."),
    leaseOwner: hidden(identifier, "The worker that does it."),
    leaseExpirationDateTime: hidden(instant, "Until when no other worker takes it."),
    traceParent: hidden(
      text({ lengthMax: 55 }),
      "The trace of the request that asked for the work (W3C Trace Context).",
    ),
    undoAttempts: hiddenAlways(integer, "How often it was begun to undo the stages."),
  },
  navigation: {
    customer: {
      to: () => customer,
      by: "customerId",
      description: "The customer that the operation creates: none or one.",
    },
  },
} as const satisfies EntityType;

export type Operation = EntityOf<typeof customerCreationOperation>;
