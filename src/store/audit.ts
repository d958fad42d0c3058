import { auditEvent } from "../model/audit-event.ts";
import type { EntityOf } from "../model/define.ts";
import { bindEntity, columnNames } from "./columns.ts";
import { type Database, everyPartner } from "./database.ts";
import { fromEach, integer, name, raw, type Statement, sql } from "./sql.ts";
import { tableOf } from "./tables.ts";

export type AuditEvent = EntityOf<typeof auditEvent>;

/** Records an event, if the condition holds. */
export function insertEvent(event: AuditEvent, when: Statement): Statement {
  const { name: table } = tableOf(auditEvent);
  return sql`insert into ${name(table)} (${columnNames(auditEvent)}) select ${bindEntity(auditEvent, event)}${fromEach} where ${when}`;
}

/** Removes up to `limit` events of any partner that are older than an instant. Tells how many there were. */
export async function purgeEvents(database: Database, before: string, limit: number): Promise<number> {
  const [rows = []] = await database.write(everyPartner, [
    sql`delete from "auditEvents" where ("partnerId", "id") in (
        select "partnerId", "id" from "auditEvents" where "activityDateTime" < ${before}
        order by "activityDateTime" limit ${integer(limit)} ${raw(database.dialect.skipLocked)})
      returning "id"`,
  ]);
  return rows.length;
}
