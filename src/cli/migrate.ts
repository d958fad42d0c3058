import { migrate, migrationStates } from "../store/migrate.ts";
import type { Configuration } from "./config.ts";
import { now } from "./now.ts";
import { openDatabase } from "./open-database.ts";

/** Looks after the tables: `up` applies what is pending, `status` lists, `verify` checks. */
export async function migrateCommand(verb: string, configuration: Configuration): Promise<void> {
  const database = await openDatabase(configuration, "unbounded");
  try {
    if (verb === "up") {
      const done = await migrate(database, now());
      for (const { name } of done) process.stdout.write(`${name}  applied\n`);
    }
    const states = await migrationStates(database);
    if (verb !== "up") for (const { name, state } of states) process.stdout.write(`${name}  ${state}\n`);
    const wrong = states.filter(({ state }) => state !== "applied" && !(verb === "verify" && state === "pending"));
    process.stdout.write(
      wrong.length === 0 ? "The database is as it should be.\n" : `${wrong.length} not as it should be.\n`,
    );
    process.exitCode = wrong.length === 0 ? 0 : 1;
  } finally {
    await database.close();
  }
}
