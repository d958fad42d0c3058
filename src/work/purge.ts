import type { Context } from "../onboarding/offer.ts";
import { later } from "../onboarding/operation.ts";
import { forgottenBefore } from "../onboarding/repeatability.ts";
import { purgeEvents } from "../store/audit.ts";
import { purgeChanges } from "../store/change-log.ts";
import { purgeDeliveries, purgeSubscriptions } from "../store/notifications.ts";
import { purgeCustomers, purgeOperations } from "../store/purge.ts";
import { purgeRecords } from "../store/repeatability.ts";

const minutesOfDay = 1_440;

/**
 * Makes what removes all that is past its time: the records of requests, changes that no delta link reaches, and entities
 * that were deleted long ago (D18). It does so once in a while, however often it is called, and tells whether it is to be
 * called again at once: it removes a portion of each, so that no transaction is long, and others have their turn.
 */
export function purger(context: Context): () => Promise<boolean> {
  const { limits, log } = context;
  let dueDateTime = "";
  return async () => {
    if (context.clock() < dueDateTime) return false;
    try {
      if (await purgePortions(context)) return true;
    } catch (error) {
      log.error({ err: error }, "what is past its time could not be removed");
    }
    dueDateTime = later(context.clock(), limits.purgeSeconds);
    return false;
  };
}

/** Removes a portion of each kind, and tells whether more is left of any. */
async function purgePortions(context: Context): Promise<boolean> {
  const { database, limits } = context;
  const { recordsPurgedMax: records, entitiesPurgedMax: entities } = limits;
  const daysAgo = (days: number) => later(context.clock(), -days * 86_400);
  const deleted = daysAgo(limits.deletedDays);
  const isMore = [
    (await purgeRecords(database, forgottenBefore(context), records)) === records,
    (await purgeEvents(database, daysAgo(limits.auditDays), records)) === records,
    (await purgeChanges(database, daysAgo(changeDaysOf(limits)), records)) === records,
    (await purgeCustomers(database, deleted, entities)) === entities,
    (await purgeOperations(database, deleted, entities)) === entities,
    (await purgeSubscriptions(database, deleted, entities)) === entities,
    (await purgeDeliveries(database, daysAgo(limits.deliveryDays), records)) === records,
  ];
  return isMore.includes(true);
}

// As long as a delta link may ask for a change, or a subscription not have been told of it, and a day to be sure.
function changeDaysOf({ changeDaysMax, subscriptionMinutesMax }: Context["limits"]): number {
  return Math.max(changeDaysMax, subscriptionMinutesMax / minutesOfDay) + 1;
}
