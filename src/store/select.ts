import type { EntityOf, EntityType } from "../model/define.ts";
import type { Query } from "../model/query.ts";
import type { Database } from "./database.ts";
import { readEntity } from "./rows.ts";
import { join, name, type Statement, sql } from "./sql.ts";
import { tableOf } from "./tables.ts";

/** Gives the entities that a query asks for. What is deleted is not among them. */
export async function selectEntities<T extends EntityType>(
  database: Database,
  query: Query & { readonly type: T },
): Promise<readonly EntityOf<T>[]> {
  const rows = await database.read(query.partnerId, selectStatement(query));
  return rows.map((row) => readEntity(query.type, row));
}

/** Counts the entities of a partner. What is deleted is not among them. */
export async function countEntities(database: Database, type: EntityType, partnerId: string): Promise<number> {
  const statement = sql`select count(*) as "count" from ${name(tableOf(type).name)}
    where "partnerId" = ${partnerId} and "deletedDateTime" is null`;
  const [row] = await database.read(partnerId, statement);
  return Number(row?.["count"]);
}

/** Gives the entity of an id, or undefined when the partner has none. */
export async function findEntity<T extends EntityType>(
  database: Database,
  type: T,
  key: { readonly partnerId: string; readonly id: string },
): Promise<EntityOf<T> | undefined> {
  const [entity] = await selectEntities(database, { type, partnerId: key.partnerId, id: key.id, limit: 1 });
  return entity;
}

function selectStatement(query: Query): Statement {
  const { columns, name: table } = tableOf(query.type);
  const conditions = [sql`"partnerId" = ${query.partnerId}`, sql`"deletedDateTime" is null`];
  if (query.id !== undefined) conditions.push(sql`"id" = ${query.id}`);
  if (query.after !== undefined) conditions.push(sql`"id" > ${query.after}`);
  const list = join(
    columns.map((column) => name(column.name)),
    ", ",
  );
  return sql`select ${list} from ${name(table)} where ${join(conditions, " and ")} order by "id" limit ${query.limit}`;
}
