import type { OpenDatabase } from "../store/database.ts";
import { migrate } from "../store/migrate.ts";
import type { Configuration } from "./config.ts";
import { now } from "./now.ts";
import { openDatabase } from "./open-database.ts";
import type { Running } from "./start-on.ts";

/** Starts everything that a configuration asks for: the database, its migrations, the work loop, the listeners. */
export async function startServer(configuration: Configuration): Promise<Running> {
  // What most of the server is made of is loaded while another thread, or PostgreSQL, makes the tables.
  const unmigrated = await openDatabase(configuration, "unbounded");
  const [{ startOn }] = await Promise.all([import("./start-on.ts"), migrateFirst(unmigrated)]);
  const database = await openDatabase(configuration);
  try {
    return await startOn(database, configuration);
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Applies the migrations that are pending, however long they take. */
async function migrateFirst(database: OpenDatabase): Promise<void> {
  try {
    await migrate(database, now());
  } finally {
    await database.close();
  }
}
