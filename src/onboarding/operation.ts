import { customerCreationOperation, type Operation } from "../model/customer-creation-operation.ts";
import type { Values } from "../model/define.ts";
import { type Checked, Problem, refuse } from "../model/problem.ts";
import { asStored } from "../store/columns.ts";
import { removeCredentials } from "../store/credentials.ts";
import type { Row } from "../store/database.ts";
import { isHeld, releaseDomain, reserveDomain } from "../store/domains.ts";
import { readEntity } from "../store/rows.ts";
import { type Statement, sql } from "../store/sql.ts";
import { insertEntity, updateEntity, wasWritten } from "../store/write.ts";
import { currentTraceParent } from "../telemetry/trace.ts";
import { assertOpen } from "./attached.ts";
import { cancelStatements } from "./cancel.ts";
import { canonicalDomain, complainAboutDomain, domainTaken } from "./domain.ts";
import { assertVersion, getEntity, readChanges } from "./entities.ts";
import type { Context, Result, Task } from "./offer.ts";
import { transition } from "./transition.ts";

/*
 * The life of a customerCreationOperation. `work` says what the loop does next, `stage` how far it came.
 *
 *   (none)      ─ openOperation ──────► notStarted   the domain is reserved; work: expire, when the reservation ends
 *   notStarted  ─ updateOperation ────► notStarted   another domain is reserved, the old one is free
 *   notStarted  ─ attachCustomer ─────► running      the customer exists, provisioning; work: provision, at once
 *   notStarted  ─ adoptCustomer ──────► succeeded    a customer that was there already; the reservation is given up
 *   notStarted  ─ cancelStatements ───► canceled     the domain is free
 *   notStarted  ─ expireOperation ────► failed       reservationExpired; the domain is free
 *   running     ─ beginAttempt ───────► running      an attempt is counted, before the provisioner is called
 *   running     ─ enterStage ─────────► running      a stage has ended, the next one begins
 *   running     ─ failStage ──────────► running      a failure that may pass: due again after a pause that doubles
 *   running     ─ awaitStage ─────────► running      the stage takes its time: due again, and no attempt is lost
 *   running     ─ publish ────────────► succeeded    the customer is active; work: none
 *   running     ─ failOperation ──────► failed       the customer is failed, the domain held; work: release, later
 *   failed      ─ retryOperation ─────► running      the customer may be corrected; work: provision, at the stage that failed
 *   failed      ─ releaseOperation ───► failed       too late to retry: the finished stages are undone, the domain is free
 *   running,
 *   failed      ─ cancelStatements ───► canceled     the customer is removing; work: compensate
 *   running,
 *   failed      ─ abandonStatement ───► (the same)   the customer was deleted; work: compensate
 *   canceled,
 *   running,
 *   failed      ─ compensateOperation ► canceled     the finished stages are undone, the customer is gone, the domain is free
 *   succeeded   ─ handOverCredentials ► succeeded    the credentials are handed over and erased
 *   any         ─ deleteOperation ────► (tombstone)  after it was canceled, where it was not at its end
 *   (tombstone) ─ purgeOperations ────► (none)       after the time that deleted entities are kept
 *
 * What is to be undone and cannot be is tried again after pauses that grow, and in the end given up (failUndo): then
 * the error says so, and the domain is free all the same.
 */

/** Opens an operation and reserves its domain. */
export async function openOperation(task: Task): Promise<Result> {
  const { context } = task;
  const given = valuesOf(task);
  const domain = canonicalDomain(String(given["domain"]));
  const operation = newOperation(task, domain, given);

  await context.quotas(task.caller.partnerId, ["operations"]);
  const results = await context.database.write(task.caller.partnerId, openStatements(task, operation));
  if (results[1]?.[0] === undefined) throw await domainTaken(context, domain, "domain");
  context.nudge();
  context.opened.remember(operation);
  return { kind: "created", type: customerCreationOperation, entity: operation, byDefault: "representation" };
}

/** The faults of a new operation that the model does not know of: its domain and its status. */
export function checkNewOperation(context: Context, given: Values): Checked {
  const { status } = given;
  const { values, complaints } = checkOperation(context, given);
  if (status === undefined || status === null || status === "notStarted") return { values, complaints };
  const message = `A new operation is 'notStarted'; leave 'status' out. It was '${String(status)}'.`;
  return { values, complaints: [...complaints, { code: "malformedValue", message, target: "status" }] };
}

/** The faults of a change of an operation that the model does not know of: its domain. */
export function checkOperation(context: Context, given: Values): Checked {
  return { values: given, complaints: complainAboutDomain(context, given["domain"], "domain") };
}

/** The operation as it begins: the domain is reserved, nothing else is done. */
export function newOperation(task: Task, domain: string, given: Values): Operation {
  const { context, caller } = task;
  const now = context.clock();
  const expirationDateTime = later(now, context.limits.reservationHours * 3600);
  const externalId = given["externalId"];
  return asStored(customerCreationOperation, {
    id: context.newId(),
    domain,
    resourceLocation: null,
    error: null,
    isRetryable: null,
    attempts: 0,
    externalId: typeof externalId === "string" ? externalId : null,
    requestedBy: caller.name,
    correlationId: task.correlationId,
    createdDateTime: now,
    expirationDateTime,
    partnerId: caller.partnerId,
    deletedDateTime: null,
    customerId: null,
    provisionedCustomerId: null,
    bodyDigest: null,
    work: "expire",
    dueDateTime: expirationDateTime,
    leaseOwner: null,
    leaseExpirationDateTime: null,
    traceParent: currentTraceParent(),
    undoAttempts: 0,
    ...transition(undefined, { status: "notStarted", stage: "domainReserved" }, now, context.newId()),
  });
}

/** Reserves the domain and, if that succeeded, inserts the operation. The second statement gives a row then. */
export function openStatements(task: Task, operation: Operation): readonly Statement[] {
  const { id, domain, expirationDateTime, createdDateTime } = operation;
  return [
    reserveDomain(domain, { operationId: id, expirationDateTime }, createdDateTime),
    ...insertEntity(customerCreationOperation, operation, {
      changeDateTime: createdDateTime,
      correlationId: task.correlationId,
      when: isHeld(domain, id),
    }),
  ];
}

/** Reserves another domain for an operation that has not started, or cancels it (D4). */
export function updateOperation(task: Task): Promise<Result> {
  return retried(task.context, async () => {
    const operation = await getEntity(task, customerCreationOperation);
    const given = valuesOf(task);
    const domain = given["domain"] === undefined ? operation.domain : canonicalDomain(String(given["domain"]));
    const status = given["status"] ?? operation.status;
    readChanges(customerCreationOperation, operation, { ...given, domain, status: operation.status });
    refuse(complainAboutNewStatus(operation, status, domain));
    assertVersion(task, operation.version);

    if (status !== operation.status) return writeOperation(task, cancelStatements(task, operation, {}), 0);
    if (domain === operation.domain) return { kind: "entity", type: customerCreationOperation, entity: operation };
    return moveReservation(task, operation, domain);
  });
}

/** Cancels an operation that has not succeeded: the action `cancel`, the same as a change of its status. */
export function cancelOperation(task: Task): Promise<Result> {
  return retried(task.context, async () => {
    const operation = await getEntity(task, customerCreationOperation);
    assertCancelable(operation);
    assertVersion(task, operation.version);
    if (operation.status === "canceled") return { kind: "entity", type: customerCreationOperation, entity: operation };
    return writeOperation(task, cancelStatements(task, operation, {}), 0);
  });
}

/** Deletes an operation. One that has not come to its end is canceled first (D18); a customer that is active stays. */
export async function deleteOperation(task: Task): Promise<Result> {
  await retried(task.context, async () => {
    const operation = await getEntity(task, customerCreationOperation);
    assertVersion(task, operation.version);
    const deletedDateTime = task.context.clock();
    if (operation.status === "notStarted" || operation.status === "running" || operation.status === "failed") {
      return writeOperation(task, cancelStatements(task, operation, { deletedDateTime }), 0);
    }
    const version = task.context.newId();
    const statements = updateEntity(
      customerCreationOperation,
      operation,
      { deletedDateTime, version },
      { ...noteOf(task), changeType: "deleted", when: sql`"version" = ${operation.version}` },
    );
    const erased = removeCredentials(operation, wasWritten(customerCreationOperation, operation, version));
    return writeOperation(task, [...statements, erased], 0);
  });
  return { kind: "done" };
}

/** Runs an attempt again while another writer comes between its reading and its writing. */
export async function retried<T>(context: Context, attempt: () => Promise<T | undefined>): Promise<T> {
  for (let attempts = 0; attempts < context.limits.writeRetriesMax; attempts++) {
    const result = await attempt();
    if (result !== undefined) return result;
  }
  throw new Problem(
    "conflict",
    "Others are changing the same entity at this moment. Read it again, then repeat the request.",
  );
}

/** The values of a body that is an entity. */
export function valuesOf(task: Task): Values {
  return task.body.kind === "entity" ? task.body.values : {};
}

/** When a request changes something, and under which client-request-id. */
export function noteOf(task: Task) {
  return { changeDateTime: task.context.clock(), correlationId: task.correlationId };
}

/** The instant so many seconds after another. */
export function later(instant: string, seconds: number): string {
  return new Date(Date.parse(instant) + seconds * 1000).toISOString();
}

async function moveReservation(task: Task, operation: Operation, domain: string): Promise<Result | undefined> {
  const { context } = task;
  if (operation.status !== "notStarted") {
    throw new Problem("operationNotModifiable", `The domain cannot be changed: the operation is ${operation.status}.`, {
      target: "domain",
    });
  }
  assertOpen(task, operation);
  const { id, expirationDateTime, partnerId } = operation;
  const note = noteOf(task);
  const version = context.newId();
  const reserved = await writeOperation(
    task,
    [
      reserveDomain(domain, { operationId: id, expirationDateTime }, note.changeDateTime),
      ...updateEntity(
        customerCreationOperation,
        operation,
        { domain, lastActionDateTime: note.changeDateTime, version },
        { ...note, when: sql`"version" = ${operation.version} and ${isHeld(domain, id)}` },
      ),
      releaseDomain(operation.domain, id, wasWritten(customerCreationOperation, { partnerId, id }, version)),
      // When another writer came first, the operation keeps its old domain and must not hold the new one too.
      releaseDomain(domain, id, sql`not ${wasWritten(customerCreationOperation, { partnerId, id }, version)}`),
    ],
    1,
  );
  if (reserved !== undefined) return reserved;
  const current = await getEntity(task, customerCreationOperation);
  if (current.version === operation.version) throw await domainTaken(context, domain, "domain");
  return undefined;
}

async function writeOperation(
  task: Task,
  statements: readonly Statement[],
  index: number,
): Promise<Result | undefined> {
  const results: readonly (readonly Row[])[] = await task.context.database.write(task.caller.partnerId, statements);
  const [row] = results[index] ?? [];
  if (row === undefined) return undefined;
  task.context.nudge();
  return { kind: "entity", type: customerCreationOperation, entity: readEntity(customerCreationOperation, row) };
}

function complainAboutNewStatus(operation: Operation, status: unknown, domain: string) {
  if (status === operation.status) return [];
  const target = "status";
  if (status !== "canceled") {
    const message = `'status' is set by the server; the one change that can be asked for is 'canceled'. It was '${String(status)}'.`;
    return [{ code: "propertyNotUpdateable", message, target } as const];
  }
  if (domain !== operation.domain) {
    const message = "An operation that is being canceled takes no other domain. Send 'status' or 'domain', not both.";
    return [{ code: "malformedValue", message, target } as const];
  }
  assertCancelable(operation, { target });
  return [];
}

function assertCancelable({ status }: Operation, more: { readonly target?: string } = {}): void {
  if (status !== "succeeded") return;
  const message = "The operation has succeeded and cannot be canceled. Delete the customer instead.";
  throw new Problem("operationNotModifiable", message, more);
}
