import type { EntityOf, EntityType } from "../model/define.ts";
import type { EntityKey } from "../model/key.ts";
import type { ConstantValue, Expression, OrderKey, Query } from "../model/query.ts";
import type { RowKey } from "./changes.ts";
import { columnNames } from "./columns.ts";
import type { Database, Row } from "./database.ts";
import { aliasOf, printCondition, printValue, type Surroundings } from "./expression.ts";
import { readComputed, readEntity } from "./rows.ts";
import { printItemColumns, withItems } from "./select-items.ts";
import { andEach, join, name, raw, type Statement, sql } from "./sql.ts";
import { tableOf } from "./tables.ts";

/** A page of entities, and where the next one begins, if there is more. */
export interface Page<T extends EntityType> {
  readonly entities: readonly EntityOf<T>[];
  /** The values of the order keys and the id of the last entity. */
  readonly next?: readonly ConstantValue[];
}

type QueryOf<T extends EntityType> = Query & { readonly type: T };

/** Gives a page of the entities that a query asks for. What is deleted is not among them. */
export async function selectPage<T extends EntityType>(
  database: Database,
  query: QueryOf<T>,
  now: string,
): Promise<Page<T>> {
  // One more than was asked for tells whether there is a next page.
  const rows = await database.read(query.partnerId, selectStatement({ ...query, limit: query.limit + 1 }, now));
  const page = rows.slice(0, query.limit);
  const entities = page.map((row) => {
    const entity = { ...readEntity(query.type, row), ...readComputed(query.computed ?? [], row) };
    return withItems(entity, query.items ?? [], row);
  });
  const last = page.at(-1);
  if (rows.length <= query.limit || last === undefined) return { entities };
  return { entities, next: cursorOf(query, last) };
}

const idPattern = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** Gives the entity of an id, or undefined when the partner has none. What is not an id is nobody's. */
export async function findEntity<T extends EntityType>(
  database: Database,
  type: T,
  key: { readonly partnerId: string; readonly id: string },
): Promise<EntityOf<T> | undefined> {
  if (!idPattern.test(key.id)) return undefined;
  const statement = sql`select ${columnNames(type)} from ${name(tableOf(type).name)}${andEach}
    where "partnerId" = ${key.partnerId} and "id" = ${key.id} and "deletedDateTime" is null`;
  const [row] = await database.read(key.partnerId, { ...statement, rowKey: { column: "id", value: key.id } });
  return row === undefined ? undefined : readEntity(type, row);
}

/** Gives the id of the entity that an alternate key names, or undefined when the partner has none. */
export async function findId(
  database: Database,
  type: EntityType,
  { partnerId, ...alternateKey }: EntityKey & { readonly partnerId: string },
): Promise<string | undefined> {
  const [row] = await database.read(partnerId, selectStatement({ type, partnerId, alternateKey, limit: 1 }, ""));
  return row === undefined ? undefined : String(row["id"]);
}

/** Gives the row of a key as it is, deleted or not: for the server's own work. */
export async function readRow<T extends EntityType>(
  database: Database,
  type: T,
  { partnerId, id }: RowKey,
): Promise<EntityOf<T> | undefined> {
  const [row] = await database.read(
    partnerId,
    sql`select ${columnNames(type)} from ${name(tableOf(type).name)} where "partnerId" = ${partnerId} and "id" = ${id}`,
  );
  return row === undefined ? undefined : readEntity(type, row);
}

/** Counts the entities that a query asks for, whatever page it asks for. */
export async function countEntities(database: Database, query: Omit<Query, "limit">, now: string): Promise<number> {
  const conditions = conditionsOf(query, surroundingsOf(query, now));
  const statement = sql`select count(*) as "count" from ${tableFor(query)} where ${join(conditions, " and ")}`;
  const [row] = await database.read(query.partnerId, statement);
  return Number(row?.["count"]);
}

function selectStatement(query: Query, now: string): Statement {
  const around = surroundingsOf(query, now);
  const keys = (query.orderBy ?? []).map(({ expression }, index) => {
    return sql`${printValue(expression, around)} as ${raw(`"key${index}"`)}`;
  });
  const computed = (query.computed ?? []).map(({ expression }, index) => {
    return sql`${printValue(expression, around)} as ${raw(`"computed${index}"`)}`;
  });
  const columns = tableOf(query.type).columns.map((column) => sql`${aliasOf(0)}.${name(column.name)}`);
  const conditions = conditionsOf(query, around);
  if (query.after !== undefined) conditions.push(printAfter(query, query.after, around));
  const skipped = query.after === undefined && query.skip !== undefined ? sql` offset ${query.skip}` : raw("");
  // SQLite prepares a statement anew at each call when its limit is a bare value.
  return sql`select ${join([...columns, ...keys, ...computed, ...printItemColumns(query.items ?? [], around)], ", ")} from ${tableFor(query)}
    where ${join(conditions, " and ")} order by ${printOrder(query)} limit cast(${query.limit} as integer)${skipped}`;
}

function surroundingsOf({ type, partnerId }: Omit<Query, "limit">, now: string): Surroundings {
  return { places: new Map([[0, { kind: "row", type }]]), partnerId, now };
}

function tableFor({ type }: Omit<Query, "limit">): Statement {
  return sql`${name(tableOf(type).name)} as ${aliasOf(0)}`;
}

function conditionsOf(query: Omit<Query, "limit">, around: Surroundings): Statement[] {
  const own = aliasOf(0);
  const conditions = [sql`${own}."partnerId" = ${query.partnerId}`, sql`${own}."deletedDateTime" is null`];
  if (query.id !== undefined) conditions.push(sql`${own}."id" = ${query.id}`);
  if (query.alternateKey !== undefined) {
    const { property, value } = query.alternateKey;
    conditions.push(sql`${own}.${name(property)} = ${value}`);
  }
  if (query.ids !== undefined) {
    const ids = query.ids.map((id) => sql`${id}`);
    conditions.push(ids.length === 0 ? raw("false") : sql`${own}."id" in (${join(ids, ", ")})`);
  }
  if (query.filter !== undefined) conditions.push(printCondition(query.filter, around));
  return conditions;
}

// Null is lower than any value; the id, in the direction of the last key, makes the order a total one.
function printOrder({ orderBy = [] }: Query): Statement {
  const keys = orderBy.map(({ direction }, index) => {
    return raw(`"key${index}" ${direction} ${direction === "asc" ? "nulls first" : "nulls last"}`);
  });
  return join([...keys, sql`${aliasOf(0)}."id" ${raw(idDirection(orderBy))}`], ", ");
}

function idDirection(orderBy: readonly OrderKey[]): "asc" | "desc" {
  return orderBy.at(-1)?.direction ?? "asc";
}

/** Holds for what comes after the values of a cursor: by the first key, or, where that is equal, by the second, and so on. */
function printAfter({ orderBy = [] }: Query, after: readonly ConstantValue[], around: Surroundings): Statement {
  const id: Expression = { kind: "property", variable: 0, path: ["id"], type: "string", nullable: false };
  const keys: readonly OrderKey[] = [...orderBy, { expression: id, direction: idDirection(orderBy) }];
  const alternatives = keys.map((key, index) => {
    const equal = keys.slice(0, index).map((each, at) => printSame(each, after[at] ?? null, around));
    return sql`(${join([...equal, printBehind(key, after[index] ?? null, around)], " and ")})`;
  });
  return sql`(${join(alternatives, " or ")})`;
}

function printSame({ expression }: OrderKey, value: ConstantValue, around: Surroundings): Statement {
  const a = printValue(expression, around);
  return value === null ? sql`${a} is null` : sql`${a} = ${printBound(value)}`;
}

function printBehind({ expression, direction }: OrderKey, value: ConstantValue, around: Surroundings): Statement {
  const a = printValue(expression, around);
  if (direction === "asc") return value === null ? sql`${a} is not null` : sql`${a} > ${printBound(value)}`;
  return value === null ? raw("false") : sql`(${a} < ${printBound(value)} or ${a} is null)`;
}

function printBound(value: ConstantValue): Statement {
  if (typeof value === "boolean") return raw(value ? "true" : "false");
  return typeof value === "number" ? sql`cast(${value} as double precision)` : sql`cast(${value} as text)`;
}

function cursorOf({ orderBy = [] }: Query, row: Row): readonly ConstantValue[] {
  return [...orderBy.map((_, index) => row[`key${index}`]), row["id"]].map((value) => {
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
    return null;
  });
}
