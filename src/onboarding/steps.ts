import { hash } from "node:crypto";
import { customer } from "../model/customer.ts";
import { customerCreationOperation, type Operation } from "../model/customer-creation-operation.ts";
import type { Values } from "../model/define.ts";
import type { RowKey } from "../store/changes.ts";
import { isLeasedBy, releaseLease } from "../store/claim.ts";
import { readEntity } from "../store/rows.ts";
import { readRow } from "../store/select.ts";
import { type Statement, sql } from "../store/sql.ts";
import { isAt, updateEntity, wasWritten } from "../store/write.ts";
import type { Context } from "./offer.ts";
import { later } from "./operation.ts";
import type { Provisioner, ProvisioningOrder } from "./provisioner.ts";

/** What a worker needs to carry an operation on: its lease goes with each write, so that nobody else writes meanwhile. */
export interface Worker {
  readonly context: Context;
  readonly provisioner: Provisioner;
  readonly leaseOwner: string;
}

/** What an operation is given that nobody holds any more, until something is due again. */
export const letGo = { leaseOwner: null, leaseExpirationDateTime: null } as const;
/** What an operation is given that has nothing left to do. */
export const idle = { work: null, dueDateTime: null, ...letGo } as const;

/** What a step changes besides the operation: of its customer, and in statements of other tables. */
export interface Besides {
  readonly ofCustomer?: Values;
  readonly more?: (written: Statement) => readonly Statement[];
}

/**
 * Writes a step of a running operation and what goes with it, and gives the operation as it is then; undefined when it
 * was taken out of our hands.
 */
export async function writeStep(
  worker: Worker,
  operation: Operation,
  changes: Values & { readonly version: string },
  { ofCustomer = {}, more = () => [] }: Besides,
  now: string,
): Promise<Operation | undefined> {
  const { context, leaseOwner } = worker;
  const note = { changeDateTime: now, correlationId: operation.correlationId };
  const written = wasWritten(customerCreationOperation, operation, changes.version);
  const shown = { ...ofCustomer, lastModifiedDateTime: now, version: context.newId() };
  const statements: readonly Statement[] = [
    ...updateEntity(customerCreationOperation, operation, changes, {
      ...note,
      when: sql`${isLeasedBy(leaseOwner)} and ${isAt("work", "provision")} and ${isAt("status", "running")}`,
    }),
    ...(Object.keys(ofCustomer).length === 0
      ? []
      : updateEntity(customer, customerKey(operation), shown, {
          ...note,
          when: sql`"deletedDateTime" is null and ${written}`,
        })),
    ...more(written),
  ];
  const [rows] = await context.database.write(operation.partnerId, statements);
  const row = rows?.[0];
  if (row !== undefined) return readEntity(customerCreationOperation, row);
  // A request canceled it meanwhile: whoever claims it next, at once, undoes what was made.
  await context.database.write(operation.partnerId, [releaseLease(operation, leaseOwner)]);
  return undefined;
}

/** What a provisioner is told of an operation. */
export function orderOf({ context }: Worker, operation: Operation, attempt: number): ProvisioningOrder {
  const { partnerId, id, domain, correlationId, history, lastActionDateTime } = operation;
  const key = customerKey(operation);
  return {
    partnerId,
    operationId: id,
    customerId: key.id,
    domain,
    correlationId,
    attempt,
    stageDateTime: history.at(-1)?.transitionDateTime ?? lastActionDateTime,
    async readCustomer() {
      const found = await readRow(context.database, customer, key);
      if (found === undefined) throw new Error(`Operation ${id} has lost its customer.`);
      return found;
    },
  };
}

/** The customer that the stages of an operation are for. */
export function customerKey(operation: Operation): RowKey & Values {
  const { partnerId, provisionedCustomerId } = operation;
  if (provisionedCustomerId === null) throw new Error(`Operation ${operation.id} has no customer.`);
  return { partnerId, id: provisionedCustomerId };
}

/**
 * When something that failed so many times is tried again: the pause doubles each time up to a limit, and is longer by
 * up to a half, so that what failed together does not come back together. The share is the operation's own.
 */
export function retryDateTime({ limits, clock }: Context, operation: Operation, failures: number, secondsMin = 0) {
  const pause = Math.min(limits.retrySecondsMin * 2 ** (failures - 1), limits.retrySecondsMax);
  const digest = hash("sha256", `${operation.id} ${failures}`, "buffer");
  const share = digest.readUInt32BE() / 2 ** 32;
  return later(clock(), Math.max(pause * (1 + share / 2), secondsMin));
}
