import type { BoundOperation } from "./bound-operation.ts";
import { customer } from "./customer.ts";
import { customerCreationOperation } from "./customer-creation-operation.ts";
import { customerCredentials } from "./customer-credentials.ts";
import { optional } from "./define.ts";
import { complex, document } from "./kinds.ts";

/** Tries a failed operation again. */
export const retry = {
  kind: "action",
  name: "retry",
  parameters: { customer: optional(complex(customer), "What is to be changed of the customer first.") },
  returns: { shape: "entity", type: customerCreationOperation },
} as const satisfies BoundOperation;

/** Cancels an operation that has not succeeded. */
export const cancel = {
  kind: "action",
  name: "cancel",
  parameters: {},
  returns: { shape: "entity", type: customerCreationOperation },
} as const satisfies BoundOperation;

/** Hands the credentials of the new tenant over. */
export const claimCredentials = {
  kind: "action",
  name: "claimCredentials",
  parameters: {},
  returns: { shape: "value", kind: document(customerCredentials) },
} as const satisfies BoundOperation;
