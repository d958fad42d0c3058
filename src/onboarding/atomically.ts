import { Problem } from "../model/problem.ts";
import type { Messenger } from "./messenger.ts";
import type { Caller, Context } from "./offer.ts";

/** What came of some work, and whether its changes are to stay. */
interface Ending<T> {
  readonly result: T;
  readonly changes: "kept" | "undone";
}

/**
 * Runs work on a context of which all changes are kept together, or none. The work loop is told of them when they are on
 * disk and not before: it could not see them.
 */
export async function atomically<T>(
  context: Context,
  caller: Caller,
  work: (context: Context) => Promise<Ending<T>>,
): Promise<T> {
  let isNudged = false;
  const nudge = () => {
    isNudged = true;
  };
  try {
    const { result } = await context.database.transaction(caller.partnerId, async (database) => {
      const ending = await work({ ...context, database, nudge, messenger: silent(context.messenger) });
      if (ending.changes === "undone") throw new Undone(ending.result);
      return ending;
    });
    if (isNudged) context.nudge();
    return result;
  } catch (error) {
    if (error instanceof Undone) return error.result;
    throw error;
  }
}

/** In a transaction nobody waits for an answer from outside: while it is open, others may be waiting for it. */
function silent(messenger: Messenger): Messenger {
  return {
    ...messenger,
    post() {
      const message = "What must ask a receiver first cannot be part of an atomic group. Send it by itself.";
      throw new Problem("notSupported", message);
    },
  };
}

/** Makes a transaction roll back, and carries what is to be told of it out. */
class Undone<T> extends Error {
  readonly result: T;

  constructor(result: T) {
    super("The changes are not to be kept.");
    this.name = "Undone";
    this.result = result;
  }
}
