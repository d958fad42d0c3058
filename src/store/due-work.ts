import type { DueWork } from "../telemetry/metrics.ts";
import { type Database, everyPartner } from "./database.ts";
import { sql } from "./sql.ts";

/** Counts the operations of all partners whose work is due and that nobody holds, by the kind of the work. */
export async function readDueWork(database: Database, now: string): Promise<readonly DueWork[]> {
  const rows = await database.read(
    everyPartner,
    sql`select "work", count(*) as "operations", min("dueDateTime") as "oldest" from "customerCreationOperations"
      where "work" is not null and "dueDateTime" <= ${now}
        and ("leaseExpirationDateTime" is null or "leaseExpirationDateTime" <= ${now})
      group by "work"`,
  );
  return rows.map(({ work, operations, oldest }) => ({
    work: String(work),
    operations: Number(operations),
    seconds: (Date.parse(now) - Date.parse(String(oldest))) / 1000,
  }));
}
