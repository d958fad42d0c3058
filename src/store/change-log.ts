import { hash } from "node:crypto";
import { type Database, everyPartner } from "./database.ts";
import { raw } from "./sql.ts";

const nameLength = 8;

/**
 * Makes the log of changes ready for its readers, and gives its name: eight hexadecimal digits. A log that was restored
 * from a backup has another name than the one it was copied from: what a reader has seen there after the copy was made is
 * not known here.
 */
export async function openChangeLog(database: Database): Promise<string> {
  const { repairChanges, changeLogName } = database.dialect;
  if (repairChanges.length > 0) await database.write(everyPartner, repairChanges.map(raw));
  const [row] = await database.read(everyPartner, raw(changeLogName));
  return hash("sha256", String(row?.["name"])).slice(0, nameLength);
}
