import { customer } from "../model/customer.ts";
import { customerCreationOperation } from "../model/customer-creation-operation.ts";
import { cancel, claimCredentials, retry } from "../model/operation-actions.ts";
import { handOverCredentials } from "./credentials.ts";
import type { Offer } from "./offer.ts";
import { cancelOperation } from "./operation.ts";
import { retryOperation } from "./retry.ts";

const permission = "CustomerCreationOperation.ReadWrite.All";

/** What can be done with an operation besides reading, changing and deleting it. */
export const actionOffers: readonly Offer[] = [
  {
    method: "POST",
    path: "/customerCreationOperations/{id}/cancel",
    summary: "Cancel an operation that has not succeeded. What was made is undone, and the domain is free after that.",
    permission,
    accepts: { body: "parameters" },
    answers: { result: "entity", type: customerCreationOperation },
    operation: cancel,
    run: cancelOperation,
  },
  {
    method: "POST",
    path: "/customerCreationOperations/{id}/retry",
    summary: "Try a failed operation again, with what the body corrects of its customer.",
    permission,
    accepts: { body: "parameters", type: customer },
    answers: { result: "entity", type: customerCreationOperation },
    operation: retry,
    run: retryOperation,
  },
  {
    method: "POST",
    path: "/customerCreationOperations/{id}/claimCredentials",
    summary: "Take the credentials of the new tenant. They are handed over once, and erased.",
    permission,
    accepts: { body: "parameters" },
    answers: { result: "value", type: customerCreationOperation },
    operation: claimCredentials,
    run: handOverCredentials,
  },
];
