import { existsSync } from "node:fs";
import { backUpSqlite } from "../store/sqlite-backup.ts";
import type { Configuration } from "./config.ts";
import { ConfigurationError } from "./setting.ts";

/** Copies the embedded database into a new file, also while a server runs. */
export function backupCommand(file: string, { databaseUrl, dataDirectory }: Configuration): void {
  if (databaseUrl !== undefined) {
    throw new ConfigurationError("This is for the embedded database. Use pg_dump for PostgreSQL: see docs/backup.md.");
  }
  if (existsSync(file)) throw new ConfigurationError(`The file '${file}' is there already. Name another one.`);
  backUpSqlite(dataDirectory, file);
  process.stdout.write(`The database of ${dataDirectory} was copied to ${file}.\n`);
}
