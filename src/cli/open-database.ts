import type { OpenDatabase } from "../store/database.ts";
import type { Patience } from "../store/postgres-query.ts";
import type { Configuration } from "./config.ts";

/** Opens the database that a configuration names. Only what speaks to it is loaded. */
export async function openDatabase(
  { databaseUrl, dataDirectory }: Configuration,
  patience: Patience = "bounded",
): Promise<OpenDatabase> {
  if (databaseUrl === undefined) {
    const { openSqlite } = await import("../store/sqlite.ts");
    return openSqlite(dataDirectory);
  }
  const { openPostgres } = await import("../store/postgres.ts");
  return openPostgres(databaseUrl, patience);
}
