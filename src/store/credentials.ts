import type { RowKey } from "./changes.ts";
import type { Database } from "./database.ts";
import { fromEach, type Statement, sql } from "./sql.ts";

/** Keeps sealed credentials of an operation, if the condition holds. Those that nobody has claimed yet are replaced. */
export function keepSealed(operation: RowKey, sealed: string, now: string, when: Statement): Statement {
  return sql`insert into "credentials" ("partnerId", "operationId", "sealed", "issuedDateTime")
    select ${operation.partnerId}, ${operation.id}, ${sealed}, ${now}${fromEach} where ${when}
    on conflict ("partnerId", "operationId") do update
      set "sealed" = excluded."sealed", "issuedDateTime" = excluded."issuedDateTime", "claimedDateTime" = null`;
}

/** Gives the credentials of an operation: sealed, null once they were claimed, undefined when there were never any. */
export async function findSealed(database: Database, { partnerId, id }: RowKey): Promise<string | null | undefined> {
  const [row] = await database.read(
    partnerId,
    sql`select "sealed" from "credentials" where "partnerId" = ${partnerId} and "operationId" = ${id}`,
  );
  if (row === undefined) return undefined;
  return typeof row["sealed"] === "string" ? row["sealed"] : null;
}

/** Holds as long as these credentials have not been claimed. */
export function isUnclaimed({ partnerId, id }: RowKey, sealed: string): Statement {
  return sql`exists (select 1 from "credentials"
    where "partnerId" = ${partnerId} and "operationId" = ${id} and "sealed" = ${sealed})`;
}

/** Erases credentials that are handed over, if the condition holds. That they were claimed stays known. */
export function eraseClaimed({ partnerId, id }: RowKey, now: string, when: Statement): Statement {
  return sql`update "credentials" set "sealed" = null, "claimedDateTime" = ${now}
    where "partnerId" = ${partnerId} and "operationId" = ${id} and ${when}`;
}

/** Removes the credentials of an operation, if the condition holds. */
export function removeCredentials({ partnerId, id }: RowKey, when: Statement): Statement {
  return sql`delete from "credentials" where "partnerId" = ${partnerId} and "operationId" = ${id} and ${when}`;
}
