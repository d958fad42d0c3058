import { migrationStates } from "../store/migrate.ts";
import type { Context } from "./offer.ts";

/** Says why the service cannot take requests, or undefined when it can: the database answers and is migrated. */
export async function findObstacle(context: Context): Promise<string | undefined> {
  try {
    const states = await migrationStates(context.database);
    const unfinished = states.find(({ state }) => state !== "applied");
    return unfinished === undefined ? undefined : `The migration ${unfinished.name} is ${unfinished.state}.`;
  } catch (error) {
    context.log.warn({ err: error }, "the database does not answer");
    return "The database does not answer.";
  }
}
