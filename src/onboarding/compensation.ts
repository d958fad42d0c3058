import { customer } from "../model/customer.ts";
import { customerCreationOperation, type Operation } from "../model/customer-creation-operation.ts";
import type { Values } from "../model/define.ts";
import { isLeasedBy } from "../store/claim.ts";
import { removeCredentials } from "../store/credentials.ts";
import { releaseDomain } from "../store/domains.ts";
import { type Statement, sql } from "../store/sql.ts";
import { updateEntity, wasWritten } from "../store/write.ts";
import { canceledByClient } from "./cancel.ts";
import { ProvisioningFailure } from "./provisioner.ts";
import { customerKey, idle, orderOf, retryDateTime, type Worker } from "./steps.ts";
import { ending } from "./transition.ts";
import { watchedStage } from "./watched-stage.ts";

/** Undoes what was made for an operation that is canceled, or whose customer was deleted; the domain is free after that. */
export async function compensateOperation(worker: Worker, operation: Operation): Promise<void> {
  const { context } = worker;
  const outcome = await undoStages(worker, operation);
  if (outcome === "later") return;
  const now = context.clock();
  const version = context.newId();
  const removal = { lifecycleState: "removed", deletedDateTime: now };
  const changes = {
    ...(operation.status === "canceled" ? {} : ending(operation, "canceled", now, version)),
    error: outcome === "undone" ? canceledByClient : compensationFailed,
    isRetryable: false,
    version,
  };
  await writeEnd(worker, operation, changes, { removal, changeType: "deleted" });
}

/**
 * Gives the domain of a failed operation free when it was not retried in time: what was made is undone, and the
 * operation and its customer stay failed for whoever looks for them.
 */
export async function releaseOperation(worker: Worker, operation: Operation): Promise<void> {
  const outcome = await undoStages(worker, operation);
  if (outcome === "later") return;
  const changes = {
    ...(outcome === "undone" ? {} : { error: compensationFailed }),
    isRetryable: false,
    version: worker.context.newId(),
  };
  const removal = { tenantId: null, relationshipToPartner: "none", allowDelegatedAccess: null };
  await writeEnd(worker, operation, changes, { removal });
}

/** Undoes the stages. An attempt is counted before it is made; when it fails it is due again, until it is given up. */
async function undoStages(worker: Worker, operation: Operation): Promise<"undone" | "later" | "givenUp"> {
  const { context, provisioner, leaseOwner } = worker;
  const { partnerId, id } = operation;
  const [counted] = await context.database.write(partnerId, [
    sql`update "customerCreationOperations" set "undoAttempts" = "undoAttempts" + 1
      where "partnerId" = ${partnerId} and "id" = ${id} and ${isLeasedBy(leaseOwner)} and "work" = ${operation.work}
      returning "undoAttempts"`,
  ]);
  const attempt = counted?.[0]?.["undoAttempts"];
  if (typeof attempt !== "number") return "later";
  try {
    if (attempt > context.limits.undoAttemptsMax) throw new Error("The attempts to undo it are used up.");
    await watchedStage(context, "undo", attempt, () => provisioner.undo(orderOf(worker, operation, attempt)));
    return "undone";
  } catch (error) {
    return failUndo(worker, operation, attempt, error);
  }
}

async function failUndo(worker: Worker, operation: Operation, attempt: number, error: unknown) {
  const { context, leaseOwner } = worker;
  const { partnerId, id } = operation;
  const givenUp = attempt >= context.limits.undoAttemptsMax;
  const fields = { operationId: id, attempt, err: error };
  if (givenUp) {
    context.log.error(fields, "what was made for an operation could not be undone, and is left behind");
    return "givenUp";
  }
  context.log.warn(fields, "what was made for an operation could not be undone yet");
  const secondsMin = error instanceof ProvisioningFailure ? error.retrySeconds : 0;
  const dueDateTime = retryDateTime(context, operation, attempt, secondsMin);
  await context.database.write(partnerId, [
    sql`update "customerCreationOperations" set "dueDateTime" = ${dueDateTime},
        "leaseOwner" = null, "leaseExpirationDateTime" = null
      where "partnerId" = ${partnerId} and "id" = ${id} and ${isLeasedBy(leaseOwner)}`,
  ]);
  return "later";
}

/** Writes that nothing is left to do: the domain is free, the credentials are erased, the customer changes as it is told. */
async function writeEnd(
  worker: Worker,
  operation: Operation,
  changes: Values & { readonly version: string },
  { removal, ...ofNote }: { readonly removal: Values; readonly changeType?: "deleted" },
): Promise<void> {
  const { context, leaseOwner } = worker;
  const now = context.clock();
  const note = { changeDateTime: now, correlationId: operation.correlationId };
  const ended = { ...changes, ...idle, undoAttempts: 0, lastActionDateTime: now };
  const written = wasWritten(customerCreationOperation, operation, changes.version);
  const shown = { ...removal, lastModifiedDateTime: now, version: context.newId() };
  const statements: readonly Statement[] = [
    ...updateEntity(customerCreationOperation, operation, ended, {
      ...note,
      when: sql`${isLeasedBy(leaseOwner)} and "work" = ${operation.work}`,
    }),
    ...updateEntity(customer, customerKey(operation), shown, {
      ...note,
      ...ofNote,
      when: sql`"deletedDateTime" is null and ${written}`,
    }),
    releaseDomain(operation.domain, operation.id, written),
    removeCredentials(operation, written),
  ];
  await context.database.write(operation.partnerId, statements);
}

const compensationFailed = {
  code: "internalServerError",
  message: "What was made for the operation could not be undone; it must be removed at the provisioner by hand.",
  target: null,
  details: [],
  innerError: { code: "compensationFailed" },
} as const;
