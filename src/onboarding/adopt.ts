import { customer } from "../model/customer.ts";
import { customerCreationOperation, type Operation } from "../model/customer-creation-operation.ts";
import type { EntityKey } from "../model/key.ts";
import { Problem } from "../model/problem.ts";
import { releaseDomain } from "../store/domains.ts";
import { findEntity } from "../store/select.ts";
import { sql } from "../store/sql.ts";
import { updateEntity, wasWritten } from "../store/write.ts";
import { resolveKey } from "./alternate-key.ts";
import { assertOpen, refusalOf } from "./attached.ts";
import { notFound } from "./entities.ts";
import type { Result, Task } from "./offer.ts";
import { noteOf } from "./operation.ts";
import { transition } from "./transition.ts";

/** Attaches a customer that the partner has already: the reservation is given up and nothing is provisioned (D21). */
export async function adoptCustomer(task: Task, operation: Operation, key: EntityKey): Promise<Result | undefined> {
  const { context, caller } = task;
  const id = await resolveKey(task, customer, key);
  if (operation.customerId === id) return { kind: "done" };
  if (operation.status !== "notStarted") throw refusalOf(operation);
  const adopted = await findEntity(context.database, customer, { partnerId: caller.partnerId, id });
  if (adopted === undefined) throw notFound(customer, id);
  assertOpen(task, operation);
  if (adopted.lifecycleState !== "active") {
    const message = `Only an active customer can be referenced; this one is ${adopted.lifecycleState}.`;
    throw new Problem("conflict", message, { target: "@odata.id" });
  }
  const note = noteOf(task);
  const version = context.newId();
  const changes = {
    ...transition(operation, { status: "succeeded", stage: "completed" }, note.changeDateTime, version),
    domain: adopted.companyProfile.domain,
    resourceLocation: `${customer.set}/${id}`,
    customerId: id,
    expirationDateTime: null,
    work: null,
    dueDateTime: null,
  };
  const rows = await context.database.write(caller.partnerId, [
    ...updateEntity(customerCreationOperation, operation, changes, {
      ...note,
      when: sql`"version" = ${operation.version} and "status" = 'notStarted' and exists (
        select 1 from "customers" where "partnerId" = ${caller.partnerId} and "id" = ${id}
          and "version" = ${adopted.version})`,
    }),
    releaseDomain(operation.domain, operation.id, wasWritten(customerCreationOperation, operation, version)),
  ]);
  return rows[0]?.[0] === undefined ? undefined : { kind: "done" };
}
