import { customerCreationOperation, type Operation } from "../model/customer-creation-operation.ts";
import type { RowKey } from "./changes.ts";
import { columnNames } from "./columns.ts";
import { type Database, everyPartner } from "./database.ts";
import { readEntity } from "./rows.ts";
import { integer, raw, type Statement, sql } from "./sql.ts";

/**
 * Takes up to `limit` operations, of any partner, whose next work is due and that no other worker holds. They stay this
 * worker's until the lease ends, so that what a worker leaves behind when it dies is taken up by another.
 */
export async function claimOperations(
  database: Database,
  claim: {
    readonly owner: string;
    readonly now: string;
    readonly leaseExpirationDateTime: string;
    readonly limit: number;
  },
): Promise<readonly Operation[]> {
  // Materialized: else PostgreSQL may choose the rows anew for each row that it updates, and the limit would not hold.
  const statement = sql`with "taken" as materialized (
      select "partnerId", "id" from "customerCreationOperations"
      where "work" is not null and "dueDateTime" <= ${claim.now}
        and ("leaseExpirationDateTime" is null or "leaseExpirationDateTime" <= ${claim.now})
      order by "dueDateTime" limit ${integer(claim.limit)} ${raw(database.dialect.skipLocked)})
    update "customerCreationOperations"
    set "leaseOwner" = ${claim.owner}, "leaseExpirationDateTime" = ${claim.leaseExpirationDateTime}
    where ("partnerId", "id") in (select "partnerId", "id" from "taken")
    returning ${columnNames(customerCreationOperation)}`;
  const [rows = []] = await database.write(everyPartner, [statement]);
  return rows.map((row) => readEntity(customerCreationOperation, row));
}

/** Holds when the worker still has its lease. */
export function isLeasedBy(owner: string): Statement {
  return sql`"leaseOwner" = ${owner}`;
}

/** Lets an operation go that the worker holds, so that the next claim can take it at once. */
export function releaseLease(key: RowKey, owner: string): Statement {
  return sql`update "customerCreationOperations" set "leaseOwner" = null, "leaseExpirationDateTime" = null
    where "partnerId" = ${key.partnerId} and "id" = ${key.id} and ${isLeasedBy(owner)}`;
}

/** Holds operations that were claimed for longer, as long as nobody else has claimed them since. */
export async function renewLeases(
  database: Database,
  claimed: readonly Operation[],
  leaseExpirationDateTime: string,
): Promise<void> {
  const statements = claimed.map(
    ({ partnerId, id, leaseOwner }) => sql`update "customerCreationOperations"
      set "leaseExpirationDateTime" = ${leaseExpirationDateTime}
      where "partnerId" = ${partnerId} and "id" = ${id} and ${isLeasedBy(leaseOwner ?? "")}`,
  );
  await database.write(everyPartner, statements);
}
