import type { Database } from "./database.ts";
import { sql } from "./sql.ts";

/**
 * Takes requests from what a partner has in a window of time, and gives how many were taken from it by all processes,
 * these included. A later window begins anew; a process whose clock is behind takes from the later one.
 */
export async function takeRequests(
  database: Database,
  taking: { readonly partnerId: string; readonly window: number; readonly requests: number },
): Promise<number> {
  const { partnerId, window, requests } = taking;
  const [rows = []] = await database.write(partnerId, [
    sql`insert into "throttle" ("partnerId", "window", "granted") values (${partnerId}, ${window}, ${requests})
      on conflict ("partnerId") do update set
        "granted" = case when excluded."window" > "throttle"."window" then excluded."granted"
          else "throttle"."granted" + excluded."granted" end,
        "window" = case when excluded."window" > "throttle"."window" then excluded."window"
          else "throttle"."window" end
      returning "granted"`,
  ]);
  return Number(rows[0]?.["granted"]);
}
