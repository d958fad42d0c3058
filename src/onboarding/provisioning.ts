import { customer } from "../model/customer.ts";
import { customerCreationOperation, type Operation } from "../model/customer-creation-operation.ts";
import type { Values } from "../model/define.ts";
import { isLeasedBy, releaseLease } from "../store/claim.ts";
import { releaseDomain } from "../store/domains.ts";
import { readEntity } from "../store/rows.ts";
import { type Statement, sql } from "../store/sql.ts";
import { updateEntity, wasWritten } from "../store/write.ts";
import { canceledByClient } from "./cancel.ts";
import type { Context } from "./offer.ts";
import { later } from "./operation.ts";
import {
  type Provisioner,
  ProvisioningFailure,
  type ProvisioningOrder,
  type ProvisioningResult,
  type ProvisioningStage,
  provisioningStages,
} from "./provisioner.ts";
import { ending, transition } from "./transition.ts";

/** What a worker needs to carry an operation on: its lease goes with each write, so that nobody else writes meanwhile. */
export interface Worker {
  readonly context: Context;
  readonly provisioner: Provisioner;
  readonly leaseOwner: string;
}

/** Does what an operation that was claimed has to do next, as far as it can be done now. */
export async function carryOn(worker: Worker, operation: Operation): Promise<void> {
  if (operation.work === "expire") return expireOperation(worker, operation);
  if (operation.work === "compensate") return compensateOperation(worker, operation);
  if (operation.work === "provision") return provisionOperation(worker, operation);
}

// Each stage is recorded before it is begun, and the next one records that it has ended: a crash repeats one stage.
async function provisionOperation(worker: Worker, claimed: Operation): Promise<void> {
  let operation: Operation | undefined = claimed;
  if (operation.stage === "validating") operation = await enterStage(worker, operation, provisioningStages[0], {});
  while (operation !== undefined && operation.stage !== "publishing") {
    const stage = stageOf(operation);
    let made: ProvisioningResult;
    try {
      made = await worker.provisioner.provision(stage, orderOf(operation));
    } catch (error) {
      return failStage(worker, operation, stage, error);
    }
    const next = provisioningStages[provisioningStages.indexOf(stage) + 1] ?? "publishing";
    operation = await enterStage(worker, operation, next, made);
  }
  if (operation !== undefined) await publish(worker, operation);
}

/** Records that a stage begins and what the one before it made. Gives undefined when the operation is no longer ours. */
async function enterStage(
  worker: Worker,
  operation: Operation,
  stage: ProvisioningStage | "publishing",
  made: ProvisioningResult,
): Promise<Operation | undefined> {
  const { context } = worker;
  const now = context.clock();
  const changes = {
    ...transition(operation, { status: "running", stage }, now, context.newId()),
    attempts: 0,
    leaseExpirationDateTime: later(now, context.limits.leaseSeconds),
  };
  return writeStep(worker, operation, changes, made, now);
}

/** The last step: from here on every reader sees the customer active. */
async function publish(worker: Worker, operation: Operation): Promise<void> {
  const { context } = worker;
  const now = context.clock();
  const changes = {
    ...transition(operation, { status: "succeeded", stage: "completed" }, now, context.newId()),
    resourceLocation: `${customer.set}/${operation.customerId}`,
    ...released,
  };
  await writeStep(worker, operation, changes, { lifecycleState: "active" }, now);
}

async function failStage(
  worker: Worker,
  operation: Operation,
  stage: ProvisioningStage,
  error: unknown,
): Promise<void> {
  const { context } = worker;
  const { limits, log } = context;
  const now = context.clock();
  const attempts = operation.attempts + 1;
  const passing = !(error instanceof ProvisioningFailure) || error.passing;
  log.warn({ operationId: operation.id, stage, attempts, passing, err: error }, "a stage failed");
  if (passing && attempts < limits.attemptsMax) {
    const seconds = limits.retrySecondsMin * 2 ** (attempts - 1);
    const changes = {
      attempts,
      lastActionDateTime: now,
      dueDateTime: later(now, seconds),
      leaseOwner: null,
      leaseExpirationDateTime: null,
      version: context.newId(),
    };
    await writeStep(worker, operation, changes, {}, now);
    return;
  }
  await failOperation(worker, { ...operation, attempts }, failureOf(stage, passing), now);
}

/** Ends an operation that cannot go on. Its customer is failed, and the domain stays held for it. */
async function failOperation(worker: Worker, operation: Operation, failure: Values, now: string): Promise<void> {
  const changes = {
    ...ending(operation, "failed", now, worker.context.newId()),
    ...failure,
    attempts: operation.attempts,
    ...released,
  };
  await writeStep(worker, operation, changes, { lifecycleState: "failed" }, now);
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
    ...released,
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

/** Undoes what was made for an operation that is canceled, or whose customer was deleted; the domain is free after that. */
async function compensateOperation(worker: Worker, operation: Operation): Promise<void> {
  const { context, provisioner, leaseOwner } = worker;
  await provisioner.undo(orderOf(operation));
  const now = context.clock();
  const version = context.newId();
  const note = { changeDateTime: now, correlationId: operation.correlationId };
  const canceled = operation.status === "canceled" ? {} : ending(operation, "canceled", now, version);
  const changes = {
    ...canceled,
    error: canceledByClient,
    isRetryable: false,
    lastActionDateTime: now,
    version,
    ...released,
  };
  const written = wasWritten(customerCreationOperation, operation, version);
  const removal = {
    lifecycleState: "removed",
    deletedDateTime: now,
    lastModifiedDateTime: now,
    version: context.newId(),
  };
  await context.database.write(operation.partnerId, [
    ...updateEntity(customerCreationOperation, operation, changes, { ...note, when: isLeasedBy(leaseOwner) }),
    ...updateEntity(customer, customerKey(operation), removal, {
      ...note,
      changeType: "deleted",
      when: sql`"deletedDateTime" is null and ${written}`,
    }),
    releaseDomain(operation.domain, operation.id, written),
  ]);
}

const released = { work: null, dueDateTime: null, leaseOwner: null, leaseExpirationDateTime: null } as const;

/** Writes a step of a running operation and what it changes of the customer, unless it was taken out of our hands. */
async function writeStep(
  worker: Worker,
  operation: Operation,
  changes: Values & { readonly version: string },
  ofCustomer: ProvisioningResult & { readonly lifecycleState?: "active" | "failed" },
  now: string,
): Promise<Operation | undefined> {
  const { context, leaseOwner } = worker;
  const note = { changeDateTime: now, correlationId: operation.correlationId };
  const statements: Statement[] = [
    ...updateEntity(customerCreationOperation, operation, changes, {
      ...note,
      when: sql`${isLeasedBy(leaseOwner)} and "work" = 'provision' and "status" = 'running'`,
    }),
  ];
  const written = wasWritten(customerCreationOperation, operation, changes.version);
  if (Object.keys(ofCustomer).length > 0) {
    const shown = { ...ofCustomer, lastModifiedDateTime: now, version: context.newId() };
    statements.push(
      ...updateEntity(customer, customerKey(operation), shown, {
        ...note,
        when: sql`"deletedDateTime" is null and ${written}`,
      }),
    );
  }
  // A request canceled it meanwhile: whoever claims it next, at once, undoes what was made.
  statements.push(releaseLease(operation, leaseOwner, sql`not ${written}`));
  const [rows] = await context.database.write(operation.partnerId, statements);
  const row = rows?.[0];
  return row === undefined ? undefined : readEntity(customerCreationOperation, row);
}

function failureOf(stage: ProvisioningStage, passing: boolean): Values {
  const codes = {
    provisioningTenant: "tenantProvisioningFailed",
    linkingPartner: "relationshipLinkFailed",
    creatingBillingAccount: "billingAccountFailed",
    issuingCredentials: "credentialsFailed",
  } as const;
  const message = `The stage ${stage} failed.`;
  const error = { code: "internalServerError", message, target: null, details: [], innerError: { code: codes[stage] } };
  return { error, isRetryable: passing };
}

function stageOf(operation: Operation): ProvisioningStage {
  const stage = provisioningStages.find((each) => each === operation.stage);
  if (stage === undefined) throw new Error(`The stage ${operation.stage} is not a provisioner's.`);
  return stage;
}

function orderOf(operation: Operation): ProvisioningOrder {
  const { partnerId, id, domain } = operation;
  return { partnerId, operationId: id, customerId: customerKey(operation).id, domain };
}

function customerKey(operation: Operation): { readonly partnerId: string; readonly id: string } {
  const { partnerId, provisionedCustomerId } = operation;
  if (provisionedCustomerId === null) throw new Error(`Operation ${operation.id} has no customer.`);
  return { partnerId, id: provisionedCustomerId };
}
