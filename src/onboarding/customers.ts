import { isDeepStrictEqual } from "node:util";
import { customer } from "../model/customer.ts";
import { customerCreationOperation } from "../model/customer-creation-operation.ts";
import type { EntityOf } from "../model/define.ts";
import { Problem } from "../model/problem.ts";
import { readEntity } from "../store/rows.ts";
import { sql } from "../store/sql.ts";
import { updateEntity, wasWritten } from "../store/write.ts";
import { findAttached, writeCustomers } from "./attached.ts";
import { abandonStatement, cancelStatements } from "./cancel.ts";
import {
  assertVersion,
  countPage,
  getEntity,
  isAlready,
  listPage,
  mergeMetadata,
  notFound,
  readChanges,
} from "./entities.ts";
import type { Result, Task } from "./offer.ts";
import { noteOf, retried, valuesOf } from "./operation.ts";
import { examineChanges } from "./rules/changes.ts";

/**
 * Changes what the body names and leaves the rest: complex values are merged, collections replaced. Where all is as the
 * body says already, nothing is written, and nobody is told of a change.
 */
export function updateCustomer(task: Task): Promise<Result> {
  return retried(task.context, async () => {
    const current = await getEntity(task, customer);
    const given = examineChanges(task.context, current, readChanges(customer, current, valuesOf(task)));
    assertVersion(task, current.version);
    const isSame = isReplaced(task)
      ? isDeepStrictEqual(current.metadata, given["metadata"])
      : isAlready(current, given);
    if (isSame) return { kind: "entity", type: customer, entity: current };
    const note = noteOf(task);
    const changes = {
      ...given,
      ...mergeMetadata(isReplaced(task) ? null : current.metadata, given["metadata"]),
      lastModifiedDateTime: note.changeDateTime,
      version: task.context.newId(),
    };
    const statements = updateEntity(customer, current, changes, {
      ...note,
      when: sql`"version" = ${current.version}`,
    });
    const [rows] = await writeCustomers(task, statements);
    const row = rows?.[0];
    return row === undefined ? undefined : { kind: "entity", type: customer, entity: readEntity(customer, row) };
  });
}

/**
 * Deletes a customer (D18). It is kept for a while, invisible but to delta; its domain stays its own until then. A
 * customer that is not finished takes its operation with it: the work loop cancels that and undoes its finished stages.
 */
export async function deleteCustomer(task: Task): Promise<Result> {
  const { context, caller } = task;
  await retried(context, async () => {
    const current = await getEntity(task, customer);
    assertVersion(task, current.version);
    const version = context.newId();
    const note = noteOf(task);
    const changes = {
      lifecycleState: "removed",
      deletedDateTime: note.changeDateTime,
      lastModifiedDateTime: note.changeDateTime,
      version,
    };
    const when = sql`"version" = ${current.version}`;
    const rows = await context.database.write(caller.partnerId, [
      ...updateEntity(customer, current, changes, { ...note, changeType: "deleted", when }),
      abandonStatement(current, note.changeDateTime, wasWritten(customer, current, version)),
    ]);
    if (rows[0]?.[0] === undefined) return undefined;
    context.nudge();
    return true;
  });
  return { kind: "done" };
}

/** Lists the customer of an operation: none or one. */
export async function listAttached(task: Task): Promise<Result> {
  return listPage(task, await attachedQuery(task));
}

/** Counts the customer of an operation. */
export async function countAttached(task: Task): Promise<Result> {
  return countPage(task, await attachedQuery(task));
}

/** Gives the customer of an operation by its own key. */
export async function readAttached(task: Task): Promise<Result> {
  const id = task.keys["customerId"] ?? "";
  const attached = (await attachedOf(task)).find((each) => each.id === id);
  if (attached === undefined) throw notFound(customer, id);
  return { kind: "entity", type: customer, entity: attached };
}

/**
 * Takes the customer off an operation that came to nothing. One that failed is given up by that: it is canceled, its
 * finished stages are undone, and its customer goes with them.
 */
export async function detachCustomer(task: Task): Promise<Result> {
  const { context, caller } = task;
  await retried(context, async () => {
    const operation = await getEntity(task, customerCreationOperation);
    // Without a key all members are taken off (OData Protocol 4.01, 11.4.6.2): the one that there is.
    const id = task.keys["customerId"] ?? operation.customerId;
    if (id === null) return true;
    if (operation.customerId !== id) throw notFound(customer, id);
    await assertTarget(task, id);
    if (operation.status !== "failed" && operation.status !== "canceled") {
      const message = `The customer cannot be taken off: the operation is ${operation.status}. Only one that is failed or canceled lets go of it.`;
      throw new Problem("operationNotModifiable", message);
    }
    const note = noteOf(task);
    const detached = { customerId: null, lastActionDateTime: note.changeDateTime, version: context.newId() };
    const statements =
      operation.status === "failed"
        ? cancelStatements(task, operation, { customerId: null })
        : updateEntity(customerCreationOperation, operation, detached, {
            ...note,
            when: sql`"version" = ${operation.version}`,
          });
    const rows = await context.database.write(caller.partnerId, statements);
    if (rows[0]?.[0] === undefined) return undefined;
    context.nudge();
    return true;
  });
  return { kind: "done" };
}

function isReplaced({ body }: Task): boolean {
  return body.kind === "entity" && body.open === "replaced";
}

// If-Match is about what is taken off, not about what it is taken off from.
async function assertTarget(task: Task, id: string): Promise<void> {
  const { ifMatch, ifNoneMatch } = task.preconditions;
  if (ifMatch === undefined && ifNoneMatch === undefined) return;
  assertVersion(task, (await getEntity({ ...task, keys: { id } }, customer)).version);
}

async function attachedQuery(task: Task) {
  const { customerId, partnerId } = await getEntity(task, customerCreationOperation);
  return { type: customer, partnerId, ids: customerId === null ? [] : [customerId] };
}

async function attachedOf(task: Task): Promise<readonly EntityOf<typeof customer>[]> {
  const operation = await getEntity(task, customerCreationOperation);
  const attached = await findAttached(task, operation);
  return attached === undefined ? [] : [attached];
}
