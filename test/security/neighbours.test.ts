import { setTimeout as sleep } from "node:timers/promises";
import { test } from "vitest";
import { engines, otherPartner, signToken, startService } from "../support/service.ts";

const seconds = 30;
const limit = 1_200;
const greed = 4;
const ticksPerSecond = 10;

test.concurrent.for(engines)(
  "for half a minute on %s, a partner that asks four times what it may leaves its neighbour all of its own",
  { timeout: 90_000 },
  async (engine, { expect }) => {
    await using service = await startService(engine, { limits: { requestsPerMinuteMax: limit } });
    const tokens = { greedy: await signToken(), neighbour: await signToken({ tid: otherPartner }) };
    const perTick = limit / 60 / ticksPerSecond;
    const asked = { greedy: [] as Promise<number>[], neighbour: [] as Promise<number>[] };
    const ask = async (who: keyof typeof tokens) => (await service.get("/customers", { token: tokens[who] })).status;

    for (let tick = 0; tick < seconds * ticksPerSecond; tick++) {
      asked.greedy.push(...Array.from({ length: perTick * greed }, () => ask("greedy")));
      // The neighbour uses all that it may.
      asked.neighbour.push(...Array.from({ length: perTick }, () => ask("neighbour")));
      await sleep(1_000 / ticksPerSecond);
    }
    const [greedy, neighbour] = [await Promise.all(asked.greedy), await Promise.all(asked.neighbour)];

    expect(neighbour).toHaveLength(seconds * ticksPerSecond * perTick);
    expect(new Set(neighbour)).toEqual(new Set([200]));
    expect(new Set(greedy)).toEqual(new Set([200, 429]));
    // Half a minute lies in two minutes at the most.
    expect(greedy.filter((status) => status === 200).length).toBeLessThanOrEqual(2 * limit);
  },
);
