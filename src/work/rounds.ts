import { setTimeout as sleep } from "node:timers/promises";

// However often there is word of work: what comes close together is claimed, and carried on, together.
const pauseMilliseconds = 10;
// A process is busy when it has been at work for such a share of the time.
const busyShare = 0.7;

/** A loop that looks for work again and again. */
export interface Loop {
  /** Looks for work now instead of at the next poll. */
  nudge(): void;
  /** Stops after the work in hand. */
  close(): Promise<void>;
}

/** What a loop claims, and what it does with it. None of its functions throws. */
export interface Rounds<Item> {
  readonly pollMilliseconds: number;
  /** How many items may be in hand. One that takes long holds up none of the others. */
  readonly busyMax: number;
  readonly leaseSeconds: number;
  /** How long the loop rests between two rounds at the least when the process is busy, so that others come to it. */
  readonly giveWayMilliseconds: number;
  claim(limit: number): Promise<readonly Item[]>;
  /** Does with claimed items what is to be done; each of the promises ends with the items that it is for. */
  carry(items: readonly Item[]): readonly { readonly items: readonly Item[]; readonly done: Promise<void> }[];
  /** Holds what is in hand for longer: while its worker lives, no other takes it over. */
  renew(items: readonly Item[]): Promise<void>;
  /** Done once in every round. Gives how soon the next one is wanted, if sooner than the poll. */
  afterRound(): Promise<number | undefined>;
}

/** Claims items and carries them on, round by round, until it is closed. */
export function startRounds<Item>(rounds: Rounds<Item>): Loop {
  const busy = new Map<Item, Promise<void>>();
  const closing = new AbortController();
  let nudged = false;
  let wake: () => void = () => undefined;
  const pauseAfterRound = pauses(rounds.giveWayMilliseconds);

  const nudge = () => {
    nudged = true;
    wake();
  };

  async function rest(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      wake = () => {
        wake = () => undefined;
        clearTimeout(timer);
        resolve();
      };
      if (nudged || closing.signal.aborted) wake();
    });
  }

  function begin(claimed: readonly Item[]): void {
    for (const { items, done } of rounds.carry(claimed)) {
      const work = done.finally(() => {
        for (const item of items) busy.delete(item);
        nudge();
      });
      for (const item of items) busy.set(item, work);
    }
  }

  // Whatever room there is is filled: what takes long must not hold up what does not.
  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      nudged = false;
      const limit = rounds.busyMax - busy.size;
      const claimed = limit <= 0 ? [] : await rounds.claim(limit);
      begin(claimed);
      const soon = await rounds.afterRound();
      if (limit > 0 && claimed.length === limit) continue;
      await sleep(pauseAfterRound(), undefined, { signal: closing.signal }).catch(() => undefined);
      await rest(soon ?? rounds.pollMilliseconds);
    }
  }

  const renewal = setInterval(
    () => {
      if (busy.size > 0) void rounds.renew([...busy.keys()]);
    },
    (rounds.leaseSeconds * 1000) / 3,
  );
  const running = run();
  return {
    nudge,
    async close() {
      closing.abort();
      wake();
      await running;
      await Promise.all(busy.values());
      clearInterval(renewal);
    },
  };
}

/** Makes what gives how long a loop rests after a round, in milliseconds: longer when the process has been busy since the last. */
function pauses(giveWayMilliseconds: number): () => number {
  let measured = performance.eventLoopUtilization();
  return () => {
    const before = measured;
    measured = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(measured, before);
    return utilization > busyShare ? Math.max(pauseMilliseconds, giveWayMilliseconds) : pauseMilliseconds;
  };
}
