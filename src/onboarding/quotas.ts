import { LRUCache } from "lru-cache";
import { Problem } from "../model/problem.ts";
import type { Database } from "../store/database.ts";
import { countHeld, type Limited } from "../store/quotas.ts";
import type { Limits } from "./limits.ts";

/** Lets a partner have one more of each, or refuses when it has as many as it may. */
export type Quotas = (partnerId: string, what: readonly Limited[]) => Promise<void>;

const countSeconds = 30;
// What others may have made or deleted meanwhile matters little until this share of what was left is let through here.
const smallShare = 0.01;
// As soon as this share of it is, whoever comes next waits for a new count: the nearer the limit, the more often.
const largeShare = 0.1;
const entriesMax = 10_000;

/** What the quotas stand on. */
interface Ground {
  readonly database: Database;
  readonly clock: () => string;
  readonly limits: Pick<Limits, "customersMax" | "openOperationsMax">;
}

/** What was counted, and how many were let through since counting began. */
interface Count {
  held: Promise<number>;
  countedAt: number;
  admitted: number;
}

/**
 * Makes the quotas of partners. Rows are counted now and then, and what was let through is added: processes that share
 * a database, and requests that come at once, may pass the limit by a little. To count the rows of a large partner takes
 * longer than a request: far from the limit only the first waits for it, and near it not each.
 */
export function quotas({ database, clock, limits }: Ground): Quotas {
  const counts = new LRUCache<string, Count>({ max: entriesMax });
  const most = { customers: limits.customersMax, operations: limits.openOperationsMax };

  function count(partnerId: string, what: Limited): Count {
    const name = `${what} ${partnerId}`;
    const held = countHeld(database, partnerId, what, most[what]);
    const counted = { held, countedAt: Date.parse(clock()), admitted: 0 };
    counts.set(name, counted);
    // Whoever waits for it is told that it failed; the next one counts anew.
    held.catch(() => {
      if (counts.peek(name) === counted) counts.delete(name);
    });
    return counted;
  }

  /** Counts anew while requests go on by what is known. */
  function renew(known: Count, partnerId: string, what: Limited): void {
    const { admitted, countedAt } = known;
    known.countedAt = Date.parse(clock());
    countHeld(database, partnerId, what, most[what]).then(
      (held) => {
        known.held = Promise.resolve(held);
        known.admitted -= admitted;
      },
      // The next one tries again.
      () => {
        known.countedAt = countedAt;
      },
    );
  }

  /** Counts anew, or gives what another request that came at once has begun to count. */
  function countOnce(known: Count | undefined, partnerId: string, what: Limited): Count {
    const newest = counts.get(`${what} ${partnerId}`);
    return newest === undefined || newest === known ? count(partnerId, what) : newest;
  }

  async function leftOf({ held }: Count, what: Limited): Promise<number> {
    return most[what] - (await held);
  }

  async function admit(partnerId: string, what: Limited): Promise<void> {
    const known = counts.get(`${what} ${partnerId}`);
    const isSure = known !== undefined && (await leftOf(known, what)) * largeShare > known.admitted;
    const current = isSure ? known : countOnce(known, partnerId, what);
    const left = await leftOf(current, what);
    if (current.admitted >= left) throw usedUp(what, most[what]);
    const isOld = Date.parse(clock()) - current.countedAt >= countSeconds * 1_000;
    if (isOld && current.admitted >= left * smallShare) renew(current, partnerId, what);
    current.admitted += 1;
  }

  return async (partnerId, what) => {
    for (const each of what) await admit(partnerId, each);
  };
}

function usedUp(what: Limited, most: number): Problem {
  if (what === "customers") {
    const message = `The partner has ${most} customers, and may have no more. Delete some, or ask the operator of the service.`;
    return new Problem("customerQuotaExceeded", message);
  }
  const message = `The partner has ${most} operations under way, and may have no more. Attach their customers, cancel some, or wait.`;
  return new Problem("quotaLimitReached", message);
}
