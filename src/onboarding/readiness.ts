import { migrationStates } from "../store/migrate.ts";
import type { Context } from "./offer.ts";

/** Says why the service should get no requests, or undefined when it can take them: the database answers and is migrated. */
export async function findObstacle(context: Context): Promise<string | undefined> {
  if (context.isEnding()) return "The server is shutting down.";
  try {
    const states = await migrationStates(context.database);
    const unfinished = states.find(({ state }) => state !== "applied");
    return unfinished === undefined ? undefined : `The migration ${unfinished.name} is ${unfinished.state}.`;
  } catch (error) {
    context.log.warn({ err: error }, "the database does not answer");
    return "The database does not answer.";
  }
}
