import { customer } from "../model/customer.ts";
import type { Operation } from "../model/customer-creation-operation.ts";
import type { EntityOf } from "../model/define.ts";
import { Problem } from "../model/problem.ts";
import { type Row, UniqueViolation } from "../store/database.ts";
import { findEntity } from "../store/select.ts";
import type { Statement } from "../store/sql.ts";
import type { Task } from "./offer.ts";

/** Gives the customer that is attached to an operation and not deleted. */
export async function findAttached(task: Task, operation: Operation): Promise<EntityOf<typeof customer> | undefined> {
  const { partnerId, customerId } = operation;
  if (customerId === null) return undefined;
  return findEntity(task.context.database, customer, { partnerId, id: customerId });
}

/** Refuses when the reservation of an operation has run out, even if the work loop has not seen it yet. */
export function assertOpen(task: Task, operation: Operation): void {
  const { expirationDateTime } = operation;
  if (expirationDateTime === null || expirationDateTime > task.context.clock()) return;
  throw new Problem(
    "reservationExpired",
    `The reservation of '${operation.domain}' ended at ${expirationDateTime}. Open another operation.`,
  );
}

/** Says why an operation that is not notStarted takes no customer. */
export function refusalOf(operation: Operation): Problem {
  if (operation.customerId !== null && operation.status !== "canceled") {
    return new Problem(
      "customerAlreadyAttached",
      "The operation has another customer already. Open an operation for each customer.",
    );
  }
  if (operation.error?.innerError?.code === "reservationExpired") {
    return new Problem("reservationExpired", operation.error.message);
  }
  return new Problem(
    "operationNotModifiable",
    `The operation is ${operation.status} and takes no customer. Open another operation.`,
  );
}

/** Runs statements that write a customer. A second customer of one externalId is refused, and nothing is written. */
export async function writeCustomers(
  task: Task,
  statements: readonly Statement[],
  path = "",
): Promise<readonly (readonly Row[])[]> {
  try {
    return await task.context.database.write(task.caller.partnerId, statements);
  } catch (error) {
    if (!(error instanceof UniqueViolation)) throw error;
    const { code, message, target } = externalIdTaken;
    throw new Problem(code, message, { target: path + target });
  }
}

/** The fault of a customer whose externalId is another's. */
export const externalIdTaken = {
  code: "nameAlreadyExists",
  message: "Another customer has this 'externalId' already. It must be unique.",
  target: "externalId",
} as const;
