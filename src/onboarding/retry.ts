import { customer } from "../model/customer.ts";
import { customerCreationOperation, type Operation } from "../model/customer-creation-operation.ts";
import type { EntityOf, Values } from "../model/define.ts";
import { Problem } from "../model/problem.ts";
import { readEntity } from "../store/rows.ts";
import { sql } from "../store/sql.ts";
import { isAt, updateEntity, wasWritten } from "../store/write.ts";
import { currentTraceParent } from "../telemetry/trace.ts";
import { findAttached, writeCustomers } from "./attached.ts";
import { assertVersion, getEntity, isAlready, mergeMetadata, readChanges } from "./entities.ts";
import type { Result, Task } from "./offer.ts";
import { noteOf, retried, valuesOf } from "./operation.ts";
import { examineChanges } from "./rules/changes.ts";
import { ending } from "./transition.ts";

/** What stands before the path of each property of the customer: the name of the parameter. */
const parameter = `${customer.name}/`;

/**
 * Tries a failed operation again, at the stage that failed: the action `retry`. Its body may correct the customer; an
 * operation that failed for good is tried again only if that changes anything.
 */
export function retryOperation(task: Task): Promise<Result> {
  return retried(task.context, async () => {
    const operation = await getEntity(task, customerCreationOperation);
    assertRetryable(task, operation);
    assertVersion(task, operation.version);
    const current = await findAttached(task, operation);
    if (current === undefined) throw notRetryable("its customer was deleted");
    const corrected = readCorrection(task, current);
    if (operation.isRetryable !== true && isAlready(current, corrected)) {
      throw notRetryable('it failed for good; send { "customer": … } with what is to be corrected');
    }
    const note = noteOf(task);
    const version = task.context.newId();
    const changes = {
      ...ending(operation, "running", note.changeDateTime, version),
      attempts: 0,
      error: null,
      isRetryable: null,
      expirationDateTime: null,
      work: "provision",
      dueDateTime: note.changeDateTime,
      traceParent: currentTraceParent(),
    };
    const restored = { ...corrected, lifecycleState: "provisioning", lastModifiedDateTime: note.changeDateTime };
    const written = wasWritten(customerCreationOperation, operation, version);
    const [rows] = await writeCustomers(task, [
      ...updateEntity(customerCreationOperation, operation, changes, {
        ...note,
        when: sql`"version" = ${operation.version} and ${isAt("status", "failed")} and "leaseOwner" is null
          and ${wasWritten(customer, current, current.version)}`,
      }),
      ...updateEntity(customer, current, { ...restored, version: task.context.newId() }, { ...note, when: written }),
    ]);
    const row = rows?.[0];
    if (row === undefined) return undefined;
    task.context.nudge();
    return { kind: "entity", type: customerCreationOperation, entity: readEntity(customerCreationOperation, row) };
  });
}

// A failed operation that waits for its release can be retried; one whose reservation ran out, or was released, cannot.
function assertRetryable({ context }: Task, operation: Operation): void {
  if (operation.status !== "failed") throw notRetryable(`it is ${operation.status}`);
  const { expirationDateTime } = operation;
  const isHeld = operation.work === "release" && expirationDateTime !== null && expirationDateTime > context.clock();
  if (isHeld) return;
  const message = `It is too late to retry: the reservation of '${operation.domain}' ended at ${expirationDateTime}. Open another operation.`;
  throw new Problem("reservationExpired", message);
}

function readCorrection(task: Task, current: EntityOf<typeof customer>): Values {
  const changes = readChanges(customer, current, valuesOf(task), parameter);
  const given = examineChanges(task.context, current, changes, parameter);
  return { ...given, ...mergeMetadata(current.metadata, given["metadata"]) };
}

function notRetryable(reason: string): Problem {
  return new Problem("operationNotModifiable", `The operation cannot be tried again: ${reason}.`);
}
