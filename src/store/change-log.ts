import { type Database, everyPartner } from "./database.ts";
import { raw } from "./sql.ts";

/**
 * Makes the log of changes ready for its readers, and gives its name. A log that was restored from a backup has another
 * name than the one it was copied from: what a reader has seen there after the copy was made is not known here.
 */
export async function openChangeLog(database: Database): Promise<string> {
  const { repairChanges, changeLogName } = database.dialect;
  if (repairChanges.length > 0) await database.write(everyPartner, repairChanges.map(raw));
  const [row] = await database.read(everyPartner, raw(changeLogName));
  return String(row?.["name"]);
}
