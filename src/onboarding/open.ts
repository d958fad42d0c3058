import { customer } from "../model/customer.ts";
import { customerCreationOperation } from "../model/customer-creation-operation.ts";
import type { EntityOf, Values } from "../model/define.ts";
import type { EntityKey } from "../model/key.ts";
import { Problem } from "../model/problem.ts";
import { asStored } from "../store/columns.ts";
import { findEntity } from "../store/select.ts";
import { insertEntity } from "../store/write.ts";
import { adoptedState, assertActive, isUnchanged } from "./adopt.ts";
import { findKey } from "./alternate-key.ts";
import { writeWithOperation } from "./attach.ts";
import { canonicalDomain } from "./domain.ts";
import { assertUntagged } from "./entities.ts";
import type { Result, Task } from "./offer.ts";
import { newOperation, openOperation, retried, valuesOf } from "./operation.ts";

const navigation = "customer";

/** Opens an operation, and does in the same transaction what the body says of its customer, if it says anything. */
export async function openWithCustomer(task: Task): Promise<Result> {
  assertUntagged(task);
  const related = task.body.kind === "entity" ? task.body.related : undefined;
  if (related === undefined) return openOperation(task);
  return related.kind === "entity" ? openAdding(task, related.values) : openAdopting(task, related.key);
}

/** Deep insert (OData Protocol 11.4.2.2): the operation and its customer begin together, or neither does. */
async function openAdding(task: Task, values: Values): Promise<Result> {
  const given = valuesOf(task);
  const operation = newOperation(task, canonicalDomain(String(given["domain"])), given);
  const paths = { domain: "domain", customer: `${navigation}/0/` };
  const written = await writeWithOperation(task, operation, values, paths);
  return createdOperation(asStored(customerCreationOperation, written.operation));
}

/** Opens an operation for a customer that is there: it has succeeded at once, and reserves nothing (D21). */
function openAdopting(task: Task, key: EntityKey): Promise<Result> {
  const { context, caller } = task;
  const given = valuesOf(task);
  return retried(context, async () => {
    const adopted = await findBound(task, key);
    const { domain } = adopted.companyProfile;
    assertActive(adopted, navigation);
    assertDomain(given["domain"], domain);
    const opened = newOperation(task, domain, given);
    const operation = { ...opened, ...adoptedState(undefined, adopted, opened.createdDateTime, opened.version) };
    const [rows] = await context.database.write(
      caller.partnerId,
      insertEntity(customerCreationOperation, operation, {
        changeDateTime: opened.createdDateTime,
        correlationId: task.correlationId,
        when: isUnchanged(adopted),
      }),
    );
    return rows?.[0] === undefined ? undefined : createdOperation(asStored(customerCreationOperation, operation));
  });
}

function createdOperation(entity: EntityOf<typeof customerCreationOperation>): Result {
  return { kind: "created", type: customerCreationOperation, entity, byDefault: "representation" };
}

async function findBound(task: Task, key: EntityKey): Promise<EntityOf<typeof customer>> {
  const { context, caller } = task;
  const id = await findKey(task, customer, key);
  const bound =
    id === undefined ? undefined : await findEntity(context.database, customer, { partnerId: caller.partnerId, id });
  if (bound !== undefined) return bound;
  const message = `'${navigation}' cannot be bound: there is no customer whose ${key.property} is '${key.value}'.`;
  throw new Problem("invalidEntityReference", message, { target: navigation });
}

// Nothing is reserved, so that a domain in the body can only repeat that of the customer.
function assertDomain(given: unknown, domain: string): void {
  if (given === undefined || canonicalDomain(String(given)) === domain) return;
  const message = `'domain' must be that of the customer that is bound, '${domain}', or be left out; it is '${String(given)}'.`;
  throw new Problem("domainMismatch", message, { target: "domain" });
}
