import type { Context } from "../onboarding/offer.ts";
import { later } from "../onboarding/operation.ts";
import { forgottenBefore } from "../onboarding/repeatability.ts";
import { purgeRecords } from "../store/repeatability.ts";

/** Makes what removes the records of requests that are past their time: once in a while, however often it is called. */
export function purger(context: Context): () => Promise<void> {
  const { database, limits, log } = context;
  let dueDateTime = "";
  return async () => {
    if (context.clock() < dueDateTime) return;
    dueDateTime = later(context.clock(), limits.purgeSeconds);
    try {
      // In portions, so that no transaction is long.
      let purged = limits.recordsPurgedMax;
      while (purged === limits.recordsPurgedMax) {
        purged = await purgeRecords(database, forgottenBefore(context), limits.recordsPurgedMax);
      }
    } catch (error) {
      log.error({ err: error }, "the records of old requests could not be removed");
    }
  };
}
