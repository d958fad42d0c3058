import { customer } from "../model/customer.ts";
import { customerCreationOperation, type Operation } from "../model/customer-creation-operation.ts";
import { isLeasedBy } from "../store/claim.ts";
import { releaseDomain } from "../store/domains.ts";
import { type Statement, sql } from "../store/sql.ts";
import { updateEntity, wasWritten } from "../store/write.ts";
import { compensateOperation, releaseOperation } from "./compensation.ts";
import { keepCredentials } from "./credentials.ts";
import { later } from "./operation.ts";
import {
  ProvisioningFailure,
  type ProvisioningFault,
  type ProvisioningPending,
  type ProvisioningPlan,
  type ProvisioningResult,
  type ProvisioningStage,
  provisioningStages,
} from "./provisioner.ts";
import { type Besides, idle, letGo, orderOf, retryDateTime, type Worker, writeStep } from "./steps.ts";
import { ending, transition } from "./transition.ts";
import { watchedStage, watchedStages } from "./watched-stage.ts";

/** Does what an operation that was claimed has to do next, as far as it can be done now. */
export async function carryOn(worker: Worker, operation: Operation): Promise<void> {
  if (operation.work === "expire") return expireOperation(worker, operation);
  if (operation.work === "compensate") return compensateOperation(worker, operation);
  if (operation.work === "release") return releaseOperation(worker, operation);
  if (operation.work === "provision") return provisionOperation(worker, operation);
}

async function provisionOperation(worker: Worker, claimed: Operation): Promise<void> {
  const isNew = claimed.stage === "validating";
  const plan = isNew ? worker.provisioner.plan?.(orderOf(worker, claimed, 1)) : undefined;
  return plan === undefined ? provisionStages(worker, claimed) : provisionAtOnce(worker, claimed, plan);
}

/** Makes and records all stages in one transaction: there is nothing that a crash could leave half-way. */
async function provisionAtOnce(worker: Worker, operation: Operation, plan: ProvisioningPlan): Promise<void> {
  const { context } = worker;
  const now = context.clock();
  const steps = [...provisioningStages, "publishing" as const].map(
    (stage) => ({ status: "running", stage, transitionDateTime: now }) as const,
  );
  const ran = { ...operation, history: [...operation.history, ...steps] };
  const { credentials, ...made } = plan.result;
  const keep = keepCredentials(context, operation, credentials, now);
  const more = (written: Statement) => [...plan.statements(written), ...keep(written)];
  await watchedStages(context, () => publish(worker, ran, { ofCustomer: made, more }));
}

// Each stage is recorded before it is begun, and the next one records that it has ended: a crash repeats one stage.
async function provisionStages(worker: Worker, claimed: Operation): Promise<void> {
  let operation = await beginAttempt(worker, claimed);
  while (operation !== undefined && operation.stage !== "publishing") {
    const stage = stageOf(operation);
    let made: ProvisioningResult | ProvisioningPending;
    try {
      const order = orderOf(worker, operation, operation.attempts);
      made = await watchedStage(worker.context, stage, order.attempt, () => worker.provisioner.provision(stage, order));
    } catch (error) {
      return failStage(worker, operation, stage, error);
    }
    if ("pendingSeconds" in made) return awaitStage(worker, operation, made);
    const next = provisioningStages[provisioningStages.indexOf(stage) + 1] ?? "publishing";
    operation = await enterStage(worker, operation, next, made);
  }
  if (operation !== undefined) await publish(worker, operation);
}

/**
 * Counts the attempt at a stage before it is made, so that a stage that takes its process down with it is not tried for
 * ever. Gives undefined when the operation is not to be carried on.
 */
async function beginAttempt(worker: Worker, operation: Operation): Promise<Operation | undefined> {
  const { context } = worker;
  if (operation.stage === "validating") return enterStage(worker, operation, provisioningStages[0], {});
  if (operation.stage === "publishing") return operation;
  if (operation.attempts >= context.limits.attemptsLostMax) {
    await failOperation(worker, operation, timedOut(operation), true);
    return undefined;
  }
  const now = context.clock();
  const changes = { attempts: operation.attempts + 1, lastActionDateTime: now, version: context.newId() };
  return writeStep(worker, operation, changes, {}, now);
}

/** Records that a stage begins and what the one before it made. Gives undefined when the operation is no longer ours. */
async function enterStage(
  worker: Worker,
  operation: Operation,
  stage: ProvisioningStage | "publishing",
  { credentials, ...made }: ProvisioningResult,
): Promise<Operation | undefined> {
  const { context } = worker;
  const now = context.clock();
  const changes = {
    ...transition(operation, { status: "running", stage }, now, context.newId()),
    attempts: stage === "publishing" ? 0 : 1,
    leaseExpirationDateTime: later(now, context.limits.leaseSeconds),
  };
  const more = keepCredentials(context, operation, credentials, now);
  return writeStep(worker, operation, changes, { ofCustomer: made, more }, now);
}

/** The last step: from here on every reader sees the customer active. Tells whether it was taken. */
async function publish(worker: Worker, operation: Operation, { ofCustomer, more }: Besides = {}): Promise<boolean> {
  const { context } = worker;
  const now = context.clock();
  const changes = {
    ...transition(operation, { status: "succeeded", stage: "completed" }, now, context.newId()),
    resourceLocation: `${customer.set}/${operation.customerId}`,
    ...idle,
  };
  const besides = { ofCustomer: { ...ofCustomer, lifecycleState: "active" }, ...(more === undefined ? {} : { more }) };
  const written = await writeStep(worker, operation, changes, besides, now);
  if (written !== undefined) context.metrics.operationEnded("succeeded");
  return written !== undefined;
}

/** A stage that is under way elsewhere is asked for again later; the call just made was not an attempt that failed. */
async function awaitStage(worker: Worker, operation: Operation, { pendingSeconds }: ProvisioningPending) {
  const { context } = worker;
  const now = context.clock();
  const deadline = later(operation.history.at(-1)?.transitionDateTime ?? now, context.limits.pendingHoursMax * 3600);
  if (now >= deadline) return failOperation(worker, operation, timedOut(operation), true);
  const changes = {
    attempts: operation.attempts - 1,
    lastActionDateTime: now,
    dueDateTime: later(now, pendingSeconds),
    ...letGo,
    version: context.newId(),
  };
  await writeStep(worker, operation, changes, {}, now);
}

async function failStage(
  worker: Worker,
  operation: Operation,
  stage: ProvisioningStage,
  error: unknown,
): Promise<void> {
  const { context } = worker;
  const { attempts } = operation;
  const known = error instanceof ProvisioningFailure ? error : undefined;
  const passing = known === undefined || known.passing;
  context.log.warn({ operationId: operation.id, stage, attempts, passing, err: error }, "a stage failed");
  if (!passing || attempts >= context.limits.attemptsMax) {
    return failOperation(worker, operation, known?.fault ?? faultOf(stage), passing);
  }
  const now = context.clock();
  const changes = {
    lastActionDateTime: now,
    dueDateTime: retryDateTime(context, operation, attempts, known?.retrySeconds),
    ...letGo,
    version: context.newId(),
  };
  await writeStep(worker, operation, changes, {}, now);
}

/** Ends an operation that cannot go on. Its customer is failed, and the domain stays held for it until it is too late. */
async function failOperation(
  worker: Worker,
  operation: Operation,
  fault: ProvisioningFault,
  isRetryable: boolean,
): Promise<void> {
  const { context } = worker;
  const now = context.clock();
  const { code, innerCode, message, target = null } = fault;
  const expirationDateTime = later(now, context.limits.repairHours * 3600);
  const changes = {
    ...ending(operation, "failed", now, context.newId()),
    error: { code, message, target, details: [], innerError: { code: innerCode } },
    isRetryable,
    expirationDateTime,
    work: "release",
    dueDateTime: expirationDateTime,
    undoAttempts: 0,
    ...letGo,
  };
  const written = await writeStep(worker, operation, changes, { ofCustomer: { lifecycleState: "failed" } }, now);
  if (written !== undefined) context.metrics.operationEnded("failed");
}

/** Ends an operation whose reservation has run out before a customer was attached. */
async function expireOperation(worker: Worker, operation: Operation): Promise<void> {
  const { context, leaseOwner } = worker;
  const now = context.clock();
  const version = context.newId();
  const message = `The reservation of '${operation.domain}' ended at ${operation.expirationDateTime} with no customer attached.`;
  const changes = {
    ...ending(operation, "failed", now, version),
    error: { code: "gone", message, target: null, details: [], innerError: { code: "reservationExpired" } },
    isRetryable: false,
    ...idle,
  };
  await context.database.write(operation.partnerId, [
    ...updateEntity(customerCreationOperation, operation, changes, {
      changeDateTime: now,
      correlationId: operation.correlationId,
      when: sql`${isLeasedBy(leaseOwner)} and "version" = ${operation.version}`,
    }),
    releaseDomain(operation.domain, operation.id, wasWritten(customerCreationOperation, operation, version)),
  ]);
}

function faultOf(stage: ProvisioningStage): ProvisioningFault {
  const codes = {
    provisioningTenant: "tenantProvisioningFailed",
    linkingPartner: "relationshipLinkFailed",
    creatingBillingAccount: "billingAccountFailed",
    issuingCredentials: "credentialsFailed",
  } as const;
  return { code: "internalServerError", innerCode: codes[stage], message: `The stage ${stage} failed.` };
}

function timedOut({ stage }: Operation): ProvisioningFault {
  const message = `The stage ${stage} did not come to an end in time.`;
  return { code: "gatewayTimeout", innerCode: "provisioningTimeout", message };
}

function stageOf(operation: Operation): ProvisioningStage {
  const stage = provisioningStages.find((each) => each === operation.stage);
  if (stage === undefined) throw new Error(`The stage ${operation.stage} is not a provisioner's.`);
  return stage;
}
