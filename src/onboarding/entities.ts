import { isDeepStrictEqual } from "node:util";
import { customer } from "../model/customer.ts";
import { type EntityOf, type EntityType, isValues, type Values } from "../model/define.ts";
import type { Complex, Kind, Properties, Property } from "../model/kinds.ts";
import { type Complaint, Problem, refuse } from "../model/problem.ts";
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
  const { select, expand, items } = options.projection;
  // Where a navigation leads is kept in a property that nobody selects, and items are put in place of all.
  const isPart = select !== undefined && expand.length === 0 && items === undefined;
  const query = { ...queryOf(base, options), ...(isPart ? { shown: select } : {}) };
  const [page, count] = await Promise.all([
    selectPage(database, { ...query, limit }, now),
    options.count ? countEntities(database, query, now) : undefined,
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
  const { filter, orderBy, skip, after, projection } = options;
  return {
    ...base,
    orderBy,
    ...(projection.computed === undefined ? {} : { computed: projection.computed }),
    ...(projection.items === undefined ? {} : { items: projection.items }),
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
export function assertVersion({ preconditions }: Task, version: string): void {
  const { ifMatch, ifNoneMatch } = preconditions;
  const matches = (tags: readonly string[]) => tags.includes("*") || tags.includes(version);
  const isOther = ifMatch !== undefined && !matches(ifMatch);
  if (!isOther && (ifNoneMatch === undefined || !matches(ifNoneMatch))) return;
  throw new Problem(
    "entityTagDoesNotMatch",
    `The entity has changed: its entity tag is now W/"${version}". Read it again, then repeat the request with that tag.`,
  );
}

/** Refuses what only an entity can meet, where the request is to a collection: that is there, and has no entity tag. */
export function assertUntagged({ preconditions }: Task): void {
  const { ifMatch, ifNoneMatch } = preconditions;
  const isOther = ifMatch !== undefined && !ifMatch.includes("*");
  if (!isOther && ifNoneMatch?.includes("*") !== true) return;
  const message = `${isOther ? "If-Match" : "If-None-Match"} cannot hold: a collection is there, and has no entity tag. Leave it out.`;
  throw new Problem("entityTagDoesNotMatch", message);
}

/**
 * Gives what an update changes, and refuses it when it would change what stays as it is. What only repeats the present
 * value, as a client does that sends back what it read, is left out. The path is what stands before those of the faults.
 */
export function readChanges(type: EntityType, current: Values, given: Values, path = ""): Values {
  const complaints: Complaint[] = [];
  const changes = readProperties(type.properties, current, given, { path, complaints });
  refuse(complaints);
  return changes;
}

/** Tells whether an update would leave everything as it is. */
export function isAlready(current: unknown, given: unknown): boolean {
  if (!isValues(current) || !isValues(given)) return isDeepStrictEqual(current, given);
  return Object.entries(given).every(([name, value]) => isAlready(current[name] ?? null, value));
}

/** Merges what was given into an open complex value: what is not named stays, and null takes a value away. */
export function mergeMetadata(current: Values | null, given: unknown): Values {
  if (!isValues(given)) return {};
  const merged = Object.entries({ ...current, ...given }).filter(([, value]) => value !== null);
  const { entriesMax } = customer.properties.metadata.kind;
  if (merged.length > entriesMax) {
    const message = `'metadata' must have at most ${entriesMax} values; it would have ${merged.length}. Set some to null.`;
    refuse([{ code: "malformedValue", message, target: "metadata" }]);
  }
  return { metadata: Object.fromEntries(merged) };
}

/** Collects the faults of an update, and gives what of it is to be written. */
function readProperties(
  properties: Properties,
  current: Values,
  given: Values,
  place: { readonly path: string; readonly complaints: Complaint[] },
): Values {
  const changes: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    const property = properties[name];
    if (property === undefined) continue;
    const target = place.path + name;
    const now = current[name] ?? null;
    if (isComplex(property) && isValues(value)) {
      const inner = { path: `${target}/`, complaints: place.complaints };
      changes[name] = readProperties(property.kind.type.properties, isValues(now) ? now : {}, value, inner);
    } else if (mayChange(property, now)) {
      changes[name] = value;
    } else if (!isSame(property.kind, now, value)) {
      const message = `'${target}' cannot be changed; its value is ${JSON.stringify(now)}. Leave it out, or send that value.`;
      place.complaints.push({ code: "propertyNotUpdateable", message, target });
    }
  }
  return changes;
}

/** A complex value whose parts a client may send. */
function isComplex(property: Property): property is Property & { readonly kind: Complex } {
  return property.kind.kind === "complex" && property.create !== "computed";
}

function mayChange({ update }: Property, now: unknown): boolean {
  return update === "allowed" || (update === "whenNull" && now === null);
}

// A link is kept relative and printed absolute; a client that sends back what it read sends the absolute form. It may
// have been read without its nulls.
function isSame(kind: Kind, now: unknown, value: unknown): boolean {
  if (kind.kind === "link" && typeof now === "string" && typeof value === "string") return value.endsWith(`/${now}`);
  return isDeepStrictEqual(withoutNulls(now), withoutNulls(value));
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isValues(value)) return value;
  const kept = Object.entries(value).filter(([, each]) => each !== null && each !== undefined);
  return Object.fromEntries(kept.map(([name, each]) => [name, withoutNulls(each)]));
}
