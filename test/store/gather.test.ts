import { setImmediate as nextTick } from "node:timers/promises";
import { expect, test } from "vitest";
import { gatherer } from "../../src/store/gather.ts";

test("what is asked for in the same tick is carried out together, and what comes meanwhile waits for one of two", async () => {
  const groups: number[][] = [];
  const ends: (() => void)[] = [];
  const ask = gatherer<number, string>({
    async together(items) {
      groups.push([...items]);
      await new Promise<void>((resolve) => ends.push(resolve));
      return items.map((item) => `answer ${item}`);
    },
    alone: async (item) => `alone ${item}`,
    isUndone: () => true,
  });

  const first = [ask("a", 1), ask("a", 2), ask("b", 3)];
  await nextTick();
  const second = [ask("a", 4), ask("a", 5)];
  await nextTick();
  const third = [ask("a", 6), ask("a", 7)];
  await nextTick();
  const before = groups.map((group) => [...group]);
  ends[0]?.();
  await first[0];
  await nextTick();
  for (const end of ends) end();

  expect(before).toEqual([
    [1, 2],
    [4, 5],
  ]);
  expect(groups).toEqual([...before, [6, 7]]);
  expect(await Promise.all([...first, ...second, ...third])).toEqual([
    "answer 1",
    "answer 2",
    "alone 3",
    "answer 4",
    "answer 5",
    "answer 6",
    "answer 7",
  ]);
});

test("what fails together and has left nothing is carried out one by one; what may have left something is not", async () => {
  const ask = gatherer<string, string>({
    together: (items) => Promise.reject(new Error(items.includes("lost") ? "lost" : "undone")),
    alone: (item) => (item === "bad" ? Promise.reject(new Error("bad")) : Promise.resolve(item)),
    isUndone: (error) => error instanceof Error && error.message === "undone",
  });

  const undone = await Promise.allSettled([ask("a", "good"), ask("a", "bad")]);
  const lost = await Promise.allSettled([ask("a", "good"), ask("a", "lost")]);

  expect(undone).toEqual([
    { status: "fulfilled", value: "good" },
    { status: "rejected", reason: new Error("bad") },
  ]);
  expect(lost.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
});
