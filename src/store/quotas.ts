import type { Database } from "./database.ts";
import { integer, raw, sql } from "./sql.ts";

/** What of a partner's is limited in number. */
export type Limited = "customers" | "operations";

const heldRows: Readonly<Record<Limited, string>> = {
  customers: `"customers" where "deletedDateTime" is null`,
  operations: `"customerCreationOperations" where "status" in ('notStarted', 'running')`,
};

/** Counts the customers that a partner has, or its operations that are not at their end; no further than `most`. */
export async function countHeld(database: Database, partnerId: string, what: Limited, most: number): Promise<number> {
  const [row] = await database.read(
    partnerId,
    sql`select count(*) as "count" from (select 1 from ${raw(heldRows[what])} and "partnerId" = ${partnerId}
      limit ${integer(most)}) as held`,
  );
  return Number(row?.["count"]);
}
