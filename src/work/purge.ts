import type { Context } from "../onboarding/offer.ts";
import { later } from "../onboarding/operation.ts";
import { forgottenBefore } from "../onboarding/repeatability.ts";
import { purgeEvents } from "../store/audit.ts";
import { purgeDeliveries, purgeSubscriptions } from "../store/notifications.ts";
import { purgeCustomers, purgeOperations } from "../store/purge.ts";
import { purgeRecords } from "../store/repeatability.ts";

/**
 * Makes what removes all that is past its time: the records of requests, and entities that were deleted long ago (D18).
 * It does so once in a while, however often it is called.
 */
export function purger(context: Context): () => Promise<void> {
  const { database, limits, log } = context;
  let dueDateTime = "";
  return async () => {
    if (context.clock() < dueDateTime) return;
    dueDateTime = later(context.clock(), limits.purgeSeconds);
    const before = later(context.clock(), -limits.deletedDays * 86_400);
    const { recordsPurgedMax, entitiesPurgedMax } = limits;
    try {
      await inPortions((max) => purgeRecords(database, forgottenBefore(context), max), recordsPurgedMax);
      const audited = later(context.clock(), -limits.auditDays * 86_400);
      await inPortions((max) => purgeEvents(database, audited, max), recordsPurgedMax);
      await inPortions((max) => purgeCustomers(database, before, max), entitiesPurgedMax);
      await inPortions((max) => purgeOperations(database, before, max), entitiesPurgedMax);
      await inPortions((max) => purgeSubscriptions(database, before, max), entitiesPurgedMax);
      const tried = later(context.clock(), -limits.deliveryDays * 86_400);
      await inPortions((max) => purgeDeliveries(database, tried, max), recordsPurgedMax);
    } catch (error) {
      log.error({ err: error }, "what is past its time could not be removed");
    }
  };
}

// So that no transaction is long.
async function inPortions(purge: (max: number) => Promise<number>, max: number): Promise<void> {
  let purged = max;
  while (purged === max) purged = await purge(max);
}
