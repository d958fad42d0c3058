import { LRUCache } from "lru-cache";
import { Problem } from "../model/problem.ts";
import { takeRequests } from "../store/throttle.ts";
import type { Context } from "./offer.ts";

/** Admits a request of a partner. Gives what is left as headers once it is little; too many are refused with 429. */
export type Throttle = (partnerId: string) => Promise<Readonly<Record<string, string>> | undefined>;

const windowSeconds = 60;
// As Graph does, answers speak of the limit when four fifths of it are used.
const littleShare = 0.2;
const partnersMax = 10_000;
// One statement for so many requests: a process takes them from the database together and counts them off itself.
const portions = 100;

/** What a process holds of a partner's requests in a window. */
interface Holding {
  readonly window: number;
  /** Taken from the database, and not used yet. */
  left: number;
  /** What all processes had taken when it was last asked. */
  taken: number;
  /** Under way: everyone who comes meanwhile waits for it. */
  taking: Promise<void> | undefined;
}

/**
 * Makes the limit of requests per partner and minute, which all processes on one database share. Never are more
 * admitted; up to a hundredth of them for each process may be left unused.
 */
export function throttle({ database, clock, limits }: Context): Throttle {
  const limit = limits.requestsPerMinuteMax;
  const portion = Math.max(1, Math.floor(limit / portions));
  const holdings = new LRUCache<string, Holding>({ max: partnersMax });

  async function take(partnerId: string, holding: Holding): Promise<void> {
    const before = await takeRequests(database, { partnerId, window: holding.window, requests: portion });
    holding.taken = before;
    holding.left = Math.max(0, Math.min(portion, limit - (before - portion)));
  }

  let read = { instant: "", seconds: 0 };
  // Many requests come in the same millisecond.
  function secondsNow(): number {
    const instant = clock();
    if (instant !== read.instant) read = { instant, seconds: Math.floor(Date.parse(instant) / 1000) };
    return read.seconds;
  }

  return async (partnerId) => {
    const seconds = secondsNow();
    const window = Math.floor(seconds / windowSeconds);
    let holding = holdings.get(partnerId);
    if (holding?.window !== window) {
      holding = { window, left: 0, taken: 0, taking: undefined };
      holdings.set(partnerId, holding);
    }
    while (holding.left === 0 && holding.taken < limit) {
      holding.taking ??= take(partnerId, holding).finally(() => {
        if (holding !== undefined) holding.taking = undefined;
      });
      await holding.taking;
    }
    const isOver = holding.left === 0;
    if (!isOver) holding.left -= 1;
    const remaining = Math.max(0, limit - holding.taken) + holding.left;
    if (remaining > limit * littleShare) return undefined;
    const reset = String((window + 1) * windowSeconds - seconds);
    const headers = { "RateLimit-Limit": String(limit), "RateLimit-Reset": reset };
    if (isOver) throw tooMany(limit, { ...headers, "RateLimit-Remaining": "0", "Retry-After": reset });
    return { ...headers, "RateLimit-Remaining": String(remaining) };
  };
}

function tooMany(limit: number, headers: Readonly<Record<string, string>>): Problem {
  const message =
    `The partner has made more than ${limit} requests in this minute. ` +
    `Wait ${headers["Retry-After"]} seconds, as Retry-After says; requests in one $batch count one by one.`;
  return new Problem("throttledRequest", message, { headers });
}
