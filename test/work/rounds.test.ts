import { expect, test } from "vitest";
import { startRounds } from "../../src/work/rounds.ts";

test("what never ends holds up nothing else as long as there is any room", async () => {
  const due = ["slow 1", "slow 2", "slow 3"];
  const carried: string[] = [];
  const ends: (() => void)[] = [];
  const loop = startRounds<string>({
    pollMilliseconds: 10,
    busyMax: 4,
    leaseSeconds: 15,
    giveWayMilliseconds: 0,
    claim: async (limit) => due.splice(0, limit),
    carry: (items) =>
      items.map((item) => {
        carried.push(item);
        const isSlow = item.startsWith("slow");
        const done = isSlow ? new Promise<void>((resolve) => ends.push(resolve)) : Promise.resolve();
        return { items: [item], done };
      }),
    renew: async () => undefined,
    afterRound: async () => undefined,
  });
  await expect.poll(() => carried.length).toBe(3);

  due.push("quick 1", "quick 2");
  await expect.poll(() => carried.length).toBe(5);
  for (const end of ends) end();
  await loop.close();

  expect(carried).toEqual(["slow 1", "slow 2", "slow 3", "quick 1", "quick 2"]);
});
