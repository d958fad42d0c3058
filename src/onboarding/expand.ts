import type { EntityType, Values } from "../model/define.ts";
import type { Expansion } from "../model/query.ts";
import { selectPage } from "../store/select.ts";
import { queryOf } from "./entities.ts";
import type { Result, Task } from "./offer.ts";

/** Puts with each entity of a result what its navigation leads to, as far as the request asks for it. */
export async function expandResult(task: Task, result: Result): Promise<Result> {
  const { expand } = task.options.projection;
  if (result.kind === "collection") {
    return { ...result, entities: await expandAll(task, result.type, result.entities, expand) };
  }
  if (result.kind !== "entity" && result.kind !== "created") return result;
  const [entity = result.entity] = await expandAll(task, result.type, [result.entity], expand);
  return { ...result, entity };
}

async function expandAll(
  task: Task,
  type: EntityType,
  entities: readonly Values[],
  expand: readonly Expansion[],
): Promise<readonly Values[]> {
  let expanded = entities;
  for (const expansion of expand) expanded = await expandOne(task, type, expanded, expansion);
  return expanded;
}

// Each navigation leads to one entity at the most, so that the page of each is all of it, or nothing.
async function expandOne(task: Task, type: EntityType, entities: readonly Values[], expansion: Expansion) {
  const { context, caller } = task;
  const { name, options } = expansion;
  const navigation = type.navigation[name];
  if (navigation === undefined) throw new Error(`${type.name} has no navigation '${name}'.`);
  const ids = entities.map((entity) => entity[navigation.by]).filter((id) => typeof id === "string");
  const { skip = 0, top, ...rest } = options;
  const query = queryOf({ type: navigation.to(), partnerId: caller.partnerId, ids }, rest);
  const { entities: found } = await selectPage(context.database, { ...query, limit: ids.length + 1 }, context.clock());
  const expanded = await expandAll(task, query.type, found, options.projection.expand);
  return entities.map((entity) => {
    const own = expanded.filter((each) => each["id"] === entity[navigation.by]);
    return { ...entity, [name]: { count: own.length, shown: skip > 0 || top === 0 ? [] : own } };
  });
}
