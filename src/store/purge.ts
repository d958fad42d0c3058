import type { RowKey } from "./changes.ts";
import { type Database, everyPartner, type Row } from "./database.ts";
import { integer, name, type Statement, sql } from "./sql.ts";

/**
 * Removes up to `limit` customers of any partner that were deleted before an instant, and gives their domains free.
 * Tells how many there were. What is being undone at the moment waits until that is over.
 */
export async function purgeCustomers(database: Database, before: string, limit: number): Promise<number> {
  const due = sql`select "partnerId", "id" from "customers" as c where "deletedDateTime" < ${before}
    and (select 1 from "customerCreationOperations" as o
      where o."partnerId" = c."partnerId" and o."provisionedCustomerId" = c."id" and o."work" is not null limit 1) is null
    order by "deletedDateTime" limit ${integer(limit)}`;
  const ofOperations = (column: "id" | "domain", { partnerId, id }: RowKey) => sql`(select ${name(column)}
    from "customerCreationOperations" where "partnerId" = ${partnerId} and "provisionedCustomerId" = ${id})`;
  return purge(database, due, (key) => [
    sql`delete from "domains" where "domain" in ${ofOperations("domain", key)}
      and "operationId" in ${ofOperations("id", key)}`,
    sql`delete from "credentials" where "partnerId" = ${key.partnerId}
      and "operationId" in ${ofOperations("id", key)}`,
    sql`delete from "customers" where "partnerId" = ${key.partnerId} and "id" = ${key.id}`,
  ]);
}

/**
 * Removes up to `limit` operations of any partner that were deleted before an instant, with what was kept for them.
 * Tells how many there were. An operation that holds a customer's domain stays as long as that customer.
 */
export async function purgeOperations(database: Database, before: string, limit: number): Promise<number> {
  const due = sql`select "partnerId", "id" from "customerCreationOperations" as o
    where "deletedDateTime" < ${before} and "work" is null and (select 1 from "customers" as c
      where c."partnerId" = o."partnerId" and c."id" = o."provisionedCustomerId" limit 1) is null
    order by "deletedDateTime" limit ${integer(limit)}`;
  return purge(database, due, ({ partnerId, id }) => [
    sql`delete from "credentials" where "partnerId" = ${partnerId} and "operationId" = ${id}`,
    sql`delete from "provisionerCalls" where "partnerId" = ${partnerId} and "operationId" = ${id}`,
    sql`delete from "customerCreationOperations" where "partnerId" = ${partnerId} and "id" = ${id}`,
  ]);
}

// Each in a transaction of its own, so that none is long, and two processes that purge the same do no harm.
async function purge(
  database: Database,
  due: Statement,
  remove: (key: RowKey) => readonly Statement[],
): Promise<number> {
  const keys = (await database.read(everyPartner, due)).map(readKey);
  for (const key of keys) await database.write(key.partnerId, remove(key));
  return keys.length;
}

function readKey({ partnerId, id }: Row): RowKey {
  return { partnerId: String(partnerId), id: String(id) };
}
