import { isDeepStrictEqual } from "node:util";
import { type EntityOf, type EntityType, isValues, type Values } from "../model/define.ts";
import type { Properties } from "../model/kinds.ts";
import { type Complaint, Problem } from "../model/problem.ts";
import type { Query, QueryOptions } from "../model/query.ts";
import { countEntities, findEntity, selectPage } from "../store/select.ts";
import type { Result, Task } from "./offer.ts";

/** Lists a page of an entity set; without an order it is that of the ids, which is that of creation. */
export async function listEntities(task: Task, type: EntityType): Promise<Result> {
  return listPage(task, { type, partnerId: task.caller.partnerId });
}

/** Lists a page of what a query and the options of the request ask for together. */
export async function listPage(task: Task, base: Omit<Query, "limit">): Promise<Result> {
  const { database, limits, clock } = task.context;
  const { options } = task;
  const now = clock();
  // $top is the size of a page, as Microsoft Graph has it: there is a next link as long as there is more.
  const { top = limits.pageSizeMax, pageSize = options.top ?? limits.pageSizeDefault } = options;
  const limit = Math.min(top, pageSize, limits.pageSizeMax);
  const query = queryOf(base, options);
  const [page, count] = await Promise.all([
    selectPage(database, { ...query, limit }, now),
    options.count && options.after === undefined ? countEntities(database, query, now) : undefined,
  ]);
  return {
    kind: "collection",
    type: base.type,
    entities: page.entities,
    ...(count === undefined ? {} : { count }),
    ...(page.next === undefined || limit === 0 ? {} : { next: page.next }),
  };
}

/** Counts an entity set, or what a filter leaves of it. */
export async function countSet(task: Task, type: EntityType): Promise<Result> {
  return countPage(task, { type, partnerId: task.caller.partnerId });
}

/** Counts what a query and the filter of the request leave. */
export async function countPage(task: Task, base: Omit<Query, "limit">): Promise<Result> {
  const { database, clock } = task.context;
  return { kind: "count", count: await countEntities(database, queryOf(base, task.options), clock()) };
}

/** Gives one entity. */
export async function readOne<T extends EntityType>(task: Task, type: T): Promise<Result> {
  return { kind: "entity", type, entity: await getEntity(task, type) };
}

/** What a query and the options of a request ask for together. */
export function queryOf(base: Omit<Query, "limit">, options: QueryOptions): Omit<Query, "limit"> {
  const { filter, orderBy, skip, after } = options;
  return {
    ...base,
    orderBy,
    ...(filter === undefined ? {} : { filter }),
    ...(skip === undefined ? {} : { skip }),
    ...(after === undefined ? {} : { after }),
  };
}

/** Gives the entity whose key is in the path, or refuses. What is another partner's does not exist. */
export async function getEntity<T extends EntityType>(task: Task, type: T, key = "id"): Promise<EntityOf<T>> {
  const id = task.keys[key] ?? "";
  const entity = await findEntity(task.context.database, type, { partnerId: task.caller.partnerId, id });
  if (entity === undefined) throw notFound(type, id);
  return entity;
}

/** The refusal of a key that leads to nothing. */
export function notFound(type: EntityType, id: string): Problem {
  return new Problem("itemNotFound", `There is no ${type.name} with the id '${id}'.`);
}

/** Refuses when the entity is not in a version that the request allows (RFC 9110 section 13, weak comparison). */
export function assertVersion(task: Task, version: string): void {
  const { ifMatch, ifNoneMatch } = task.preconditions;
  const matches = (tags: readonly string[]) => tags.includes("*") || tags.includes(version);
  const refused = (ifMatch !== undefined && !matches(ifMatch)) || (ifNoneMatch !== undefined && matches(ifNoneMatch));
  if (!refused) return;
  throw new Problem(
    "entityTagDoesNotMatch",
    `The entity has changed: its entity tag is now W/"${version}". Read it again, then repeat the request with that tag.`,
  );
}

/** Gives what an update changes, and complains about every value that may not be changed. */
export function findChanges(type: EntityType, current: Values, given: Values): Complaint[] {
  return complainAboutFixed(type.properties, current, given, "");
}

/** Merges what was given into an open complex value: what is not named stays, and null takes a value away. */
export function mergeMetadata(current: Values | null, given: unknown): Values {
  if (!isValues(given)) return {};
  const merged = Object.entries({ ...current, ...given }).filter(([, value]) => value !== null);
  return { metadata: Object.fromEntries(merged) };
}

function complainAboutFixed(properties: Properties, current: Values, given: Values, path: string): Complaint[] {
  return Object.entries(given).flatMap(([name, value]) => {
    const property = properties[name];
    if (property === undefined) return [];
    const target = `${path}${name}`;
    const now = current[name] ?? null;
    if (property.kind.kind === "complex" && property.create !== "computed" && isValues(value)) {
      return complainAboutFixed(property.kind.type.properties, isValues(now) ? now : {}, value, `${target}/`);
    }
    if (property.update === "allowed" || isSame(now, value)) return [];
    if (property.update === "whenNull" && now === null) return [];
    const message = `'${target}' cannot be changed; its value is ${JSON.stringify(now)}. Leave it out, or send that value.`;
    return [{ code: "propertyNotUpdateable", message, target } as const];
  });
}

// A link is kept relative and printed absolute; a client that sends back what it read sends the absolute form.
function isSame(now: unknown, value: unknown): boolean {
  if (typeof now === "string" && typeof value === "string" && value.endsWith(`/${now}`)) return true;
  return isDeepStrictEqual(now, value);
}
