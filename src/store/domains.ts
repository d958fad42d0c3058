import { type Database, everyPartner, type Row } from "./database.ts";
import { fromEach, join, type Statement, same, sql } from "./sql.ts";

/** How a domain is held by an operation: until an instant, or, once it is in use, without an end. */
export interface DomainHold {
  readonly operationId: string;
  readonly expirationDateTime: string | null;
}

/** Holds a domain for an operation, unless another holds it and its hold has not run out. */
export function reserveDomain(domain: string, hold: DomainHold, now: string): Statement {
  return sql`insert into "domains" ("domain", "operationId", "expirationDateTime")
    select ${domain}, ${hold.operationId}, ${hold.expirationDateTime}${fromEach} where true
    on conflict ("domain") do update
      set "operationId" = excluded."operationId", "expirationDateTime" = excluded."expirationDateTime"
      where "domains"."expirationDateTime" <= ${same}${now} or "domains"."operationId" = excluded."operationId"`;
}

/** Gives a domain free, if the operation holds it. */
export function releaseDomain(domain: string, operationId: string, when: Statement): Statement {
  return sql`delete from "domains" where "domain" = ${domain} and "operationId" = ${operationId} and ${when}`;
}

/** Keeps a domain for good, if the operation holds it. */
export function keepDomain(domain: string, operationId: string, when: Statement): Statement {
  return sql`update "domains" set "expirationDateTime" = null${fromEach}
    where "domain" = ${domain} and "operationId" = ${operationId} and ${when}`;
}

/** Holds when the operation holds the domain. */
export function isHeld(domain: string, operationId: string): Statement {
  return sql`exists (select 1 from "domains" where "domain" = ${domain} and "operationId" = ${operationId})`;
}

/** Tells how those of some domains are held that are not free at an instant. */
export async function findHolds(
  database: Database,
  domains: readonly string[],
  now: string,
): Promise<ReadonlyMap<string, DomainHold>> {
  const wanted = join(
    domains.map((domain) => sql`${domain}`),
    ", ",
  );
  const rows = await database.read(
    everyPartner,
    sql`select "domain", "operationId", "expirationDateTime" from "domains"
      where "domain" in (${wanted}) and ("expirationDateTime" is null or "expirationDateTime" > ${now})`,
  );
  return new Map(rows.map((row) => [String(row["domain"]), readHold(row)]));
}

function readHold(row: Row): DomainHold {
  const expirationDateTime = row["expirationDateTime"];
  return {
    operationId: String(row["operationId"]),
    expirationDateTime: typeof expirationDateTime === "string" ? expirationDateTime : null,
  };
}
