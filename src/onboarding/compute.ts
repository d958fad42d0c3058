import type { EntityType, Values } from "../model/define.ts";
import { selectPage } from "../store/select.ts";
import type { Result, Task } from "./offer.ts";

/**
 * Puts with each entity of a result what `$compute` asks of it, and the items of collections that `$select` asks for. A page of a collection has it already; any other entity
 * is read again with it, so that the values and the entity tag are of one moment.
 */
export async function computeResult(task: Task, result: Result): Promise<Result> {
  if (result.kind === "entity" || result.kind === "created") {
    const [entity = result.entity] = await computeAll(task, result.type, [result.entity]);
    return { ...result, entity };
  }
  if (result.kind !== "changes") return result;
  const present = result.changes.flatMap((change) => (change.kind === "present" ? [change.entity] : []));
  const read = new Map((await computeAll(task, result.type, present)).map((each) => [each["id"], each]));
  const changes = result.changes.map((change) => {
    if (change.kind === "removed") return change;
    return { ...change, entity: read.get(change.entity["id"]) ?? change.entity };
  });
  return { ...result, changes };
}

async function computeAll(task: Task, type: EntityType, entities: readonly Values[]): Promise<readonly Values[]> {
  const { context, caller, options } = task;
  const { computed = [], items = [] } = options.projection;
  const ids = entities.map(({ id }) => String(id));
  const query = { type, partnerId: caller.partnerId, ids, computed, items, limit: ids.length };
  return (await selectPage(context.database, query, context.clock())).entities;
}
