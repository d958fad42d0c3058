import { hash } from "node:crypto";
import { type Database, everyPartner } from "./database.ts";
import { integer, raw, sql } from "./sql.ts";

const nameLength = 8;

/** A log of changes, as the readers of a process know it. */
export interface ChangeLog {
  /**
   * Eight hexadecimal digits. A log that was restored from a backup has another name than the one it was copied from: what
   * a reader has seen there after the copy was made is not known here.
   */
  readonly changeLog: string;
  /** When the process began, changes from before this instant may have been removed; empty: none were. */
  readonly changesKeptSince: string;
}

/** Makes the log of changes ready for its readers. */
export async function openChangeLog(database: Database): Promise<ChangeLog> {
  const { repairChanges, changeLogName } = database.dialect;
  if (repairChanges.length > 0) await database.write(everyPartner, repairChanges.map(raw));
  const [row] = await database.read(everyPartner, raw(changeLogName));
  const changeLog = hash("sha256", String(row?.["name"])).slice(0, nameLength);
  return { changeLog, changesKeptSince: await readKeptSince(database) };
}

async function readKeptSince(database: Database): Promise<string> {
  const oldest = raw(`select "position", "changeDateTime" from "changes" order by "position" limit 1`);
  const [row] = await database.read(everyPartner, oldest);
  return row === undefined || String(row["position"]) === "1" ? "" : String(row["changeDateTime"]);
}

/**
 * Removes up to `limit` of the oldest changes of any partner, as far as they were made before an instant. Tells how many
 * there were. The newest change stays in any case, so that what was removed can be told from what never was.
 */
export async function purgeChanges(database: Database, before: string, limit: number): Promise<number> {
  const [rows = []] = await database.write(everyPartner, [
    sql`delete from "changes" where ("partnerId", "position") in (
        select "partnerId", "position" from (select "partnerId", "position", "changeDateTime" from "changes"
          where "position" < (select max("position") from "changes")
          order by "position" limit ${integer(limit)} ${raw(database.dialect.skipLocked)}) as "taken"
        where "changeDateTime" < ${before})
      returning "position"`,
  ]);
  return rows.length;
}
