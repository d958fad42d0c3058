import type { EntityOf, EntityType } from "../model/define.ts";
import type { EntityKey } from "../model/key.ts";
import type { ConstantValue, Query } from "../model/query.ts";
import type { RowKey } from "./changes.ts";
import { columnNames } from "./columns.ts";
import type { Database, Row } from "./database.ts";
import { aliasOf, printCondition, printValue, type Surroundings } from "./expression.ts";
import { keyColumns, printKeys, printOrder, type Stretch, stretchesBehind } from "./order.ts";
import { entityReader, readComputed, readEntity } from "./rows.ts";
import { printItemColumns, withItems } from "./select-items.ts";
import { columnsShown } from "./shown-columns.ts";
import { andEach, integer, join, name, raw, type Statement, sql, type TakeRows } from "./sql.ts";
import { tableOf } from "./tables.ts";

/** A page of entities, and where the next one begins, if there is more. */
export interface Page<T extends EntityType> {
  readonly entities: readonly EntityOf<T>[];
  /** The values of the order keys and the id of the last entity. */
  readonly next?: readonly ConstantValue[];
}

type QueryOf<T extends EntityType> = Query & { readonly type: T };

/** An entity of a page, and the values that make it. */
interface PageRow<T extends EntityType> {
  readonly entity: EntityOf<T>;
  readonly values: readonly unknown[];
}

/** The rows of a page, and the names of their values. */
interface PageRows<T extends EntityType> {
  columns: readonly string[];
  readonly rows: PageRow<T>[];
}

/** Gives a page of the entities that a query asks for. What is deleted is not among them. */
export async function selectPage<T extends EntityType>(
  database: Database,
  query: QueryOf<T>,
  now: string,
): Promise<Page<T>> {
  // One more than was asked for tells whether there is a next page.
  const { columns, rows } = await readRows(database, { ...query, limit: query.limit + 1 }, now);
  const page = rows.slice(0, query.limit);
  const { computed = [], items = [] } = query;
  const entities = page.map(({ entity, values }) => {
    if (computed.length === 0 && items.length === 0) return entity;
    const row = rowOf(columns, values);
    return withItems({ ...entity, ...readComputed(computed, row) }, items, row);
  });
  const last = page.at(-1);
  if (rows.length <= query.limit || last === undefined) return { entities };
  return { entities, next: cursorOf(query, rowOf(columns, last.values)) };
}

/** Reads on behind the cursor, stretch by stretch; almost every page ends in the first one. */
async function readRows<T extends EntityType>(
  database: Database,
  query: QueryOf<T>,
  now: string,
): Promise<PageRows<T>> {
  const { partnerId, after, limit } = query;
  const stretches = after === undefined ? [undefined] : stretchesBehind(query, after, surroundingsOf(query, now));
  const read: PageRows<T> = { columns: [], rows: [] };
  for (const stretch of stretches) {
    const before = read.rows.length;
    if (before >= limit) break;
    const take: TakeRows = (columns) => {
      const readValues = entityReader(query.type, columns);
      read.columns = columns;
      read.rows.length = before;
      return (values) => read.rows.push({ entity: readValues(values), values });
    };
    const statement = selectStatement(query, now, stretch);
    await database.read(partnerId, { ...statement, isVaried: query.filter !== undefined, take });
  }
  return read;
}

function rowOf(columns: readonly string[], values: readonly unknown[]): Row {
  return Object.fromEntries(columns.map((column, place) => [column, values[place]]));
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
  const [row] = await database.read(query.partnerId, { ...statement, isVaried: query.filter !== undefined });
  return Number(row?.["count"]);
}

function selectStatement(query: Query, now: string, stretch?: Stretch): Statement {
  const around = surroundingsOf(query, now);
  const keys = printKeys(query, around);
  const computed = (query.computed ?? []).map(({ expression }, index) => {
    return sql`${printValue(expression, around)} as ${raw(`"computed${index}"`)}`;
  });
  const { list: columns } = columnsShown(query);
  const conditions = conditionsOf(query, around, stretch);
  const skipped = query.after === undefined && query.skip !== undefined ? sql` offset ${query.skip}` : raw("");
  return sql`select ${join([columns, ...keys, ...computed, ...printItemColumns(query.items ?? [], around)], ", ")} from ${tableFor(query)}
    where ${join(conditions, " and ")} order by ${printOrder(query)} limit ${integer(query.limit)}${skipped}`;
}

function surroundingsOf({ type, partnerId }: Omit<Query, "limit">, now: string): Surroundings {
  return { places: new Map([[0, { kind: "row", type }]]), partnerId, now };
}

function tableFor({ type }: Omit<Query, "limit">): Statement {
  return sql`${name(tableOf(type).name)} as ${aliasOf(0)}`;
}

function conditionsOf(query: Omit<Query, "limit">, around: Surroundings, stretch?: Stretch): readonly Statement[] {
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
  const filter = stretch === undefined ? query.filter : stretch.filter;
  if (filter !== undefined) conditions.push(printCondition(filter, around));
  if (stretch !== undefined) conditions.push(stretch.range);
  return conditions;
}

function cursorOf(query: Query, row: Row): readonly ConstantValue[] {
  return [...keyColumns(query).map(({ column }) => column), "id"].map((column) => {
    const value = row[column];
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
    return null;
  });
}
