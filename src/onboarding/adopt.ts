import { customer } from "../model/customer.ts";
import { customerCreationOperation, type Operation } from "../model/customer-creation-operation.ts";
import type { EntityOf } from "../model/define.ts";
import type { EntityKey } from "../model/key.ts";
import { Problem } from "../model/problem.ts";
import { releaseDomain } from "../store/domains.ts";
import { findEntity } from "../store/select.ts";
import { type Statement, sql } from "../store/sql.ts";
import { isAt, updateEntity, wasWritten } from "../store/write.ts";
import { resolveKey } from "./alternate-key.ts";
import { assertOpen, refusalOf } from "./attached.ts";
import { notFound } from "./entities.ts";
import type { Result, Task } from "./offer.ts";
import { noteOf } from "./operation.ts";
import { transition } from "./transition.ts";

type Customer = EntityOf<typeof customer>;

/** Attaches a customer that the partner has already: the reservation is given up and nothing is provisioned (D21). */
export async function adoptCustomer(task: Task, operation: Operation, key: EntityKey): Promise<Result | undefined> {
  const { context, caller } = task;
  const id = await resolveKey(task, customer, key);
  if (operation.customerId === id) return { kind: "done" };
  if (operation.status !== "notStarted") throw refusalOf(operation);
  const adopted = await findEntity(context.database, customer, { partnerId: caller.partnerId, id });
  if (adopted === undefined) throw notFound(customer, id);
  assertOpen(task, operation);
  assertActive(adopted, "@odata.id");
  const note = noteOf(task);
  const version = context.newId();
  const changes = adoptedState(operation, adopted, note.changeDateTime, version);
  const rows = await context.database.write(caller.partnerId, [
    ...updateEntity(customerCreationOperation, operation, changes, {
      ...note,
      when: sql`"version" = ${operation.version} and ${isAt("status", "notStarted")} and ${isUnchanged(adopted)}`,
    }),
    releaseDomain(operation.domain, operation.id, wasWritten(customerCreationOperation, operation, version)),
  ]);
  return rows[0]?.[0] === undefined ? undefined : { kind: "done" };
}

/** Refuses a customer that is not active; `target` is where the request names it. */
export function assertActive({ lifecycleState }: Customer, target: string): void {
  if (lifecycleState === "active") return;
  const message = `Only an active customer can be referenced; this one is ${lifecycleState}.`;
  throw new Problem("conflict", message, { target });
}

/** Holds as long as the customer is in the version that was read. */
export function isUnchanged({ partnerId, id, version }: Customer): Statement {
  return wasWritten(customer, { partnerId, id }, version);
}

/** What an operation becomes that adopts a customer. */
export function adoptedState(
  from: Operation | undefined,
  { id, companyProfile }: Customer,
  now: string,
  version: string,
) {
  return {
    ...transition(from, { status: "succeeded", stage: "completed" }, now, version),
    domain: companyProfile.domain,
    resourceLocation: `${customer.set}/${id}`,
    customerId: id,
    expirationDateTime: null,
    work: null,
    dueDateTime: null,
  };
}
