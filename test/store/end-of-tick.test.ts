import { setImmediate as nextTick } from "node:timers/promises";
import { expect, test } from "vitest";
import { everyPartner } from "../../src/store/database.ts";
import { atEndOfTick } from "../../src/store/end-of-tick.ts";
import { sql } from "../../src/store/sql.ts";
import { startService } from "../support/service.ts";

test("what is asked for in a tick is carried out at its end, in the order in which it was asked for", async () => {
  const done: number[] = [];
  const carryOut = atEndOfTick((item: number) => done.push(item));

  const answers = [carryOut(1), carryOut(2), carryOut(3)];

  expect(done).toEqual([]);
  expect(await Promise.all(answers)).toEqual([1, 2, 3]);
  expect(done).toEqual([1, 2, 3]);
});

test("what fails takes nothing with it that was asked for in the same tick", async () => {
  const carryOut = atEndOfTick((item: string) => {
    if (item === "wrong") throw new Error("This cannot be done.");
    return item;
  });

  const [before, failing, behind] = await Promise.allSettled([carryOut("a"), carryOut("wrong"), carryOut("b")]);

  expect(before).toEqual({ status: "fulfilled", value: "a" });
  expect(failing).toMatchObject({ status: "rejected", reason: new Error("This cannot be done.") });
  expect(behind).toEqual({ status: "fulfilled", value: "b" });
  expect(await carryOut("c")).toBe("c");
});

test("what takes long is answered before the next is begun", async () => {
  const happened: string[] = [];
  const carryOut = atEndOfTick((item: string) => {
    happened.push(`${item} begins`);
    const end = performance.now() + 5;
    while (performance.now() < end);
    return item;
  });
  const answer = async (item: string) => happened.push(`${await carryOut(item)} is answered`);

  await Promise.all([answer("a"), answer("b"), answer("c")]);

  const each = ["a", "b", "c"].flatMap((item) => [`${item} begins`, `${item} is answered`]);
  expect(happened).toEqual(each);
});

test("what is asked for while others are carried out is carried out as well", async () => {
  const carryOut = atEndOfTick((item: number) => item);

  const first = carryOut(1).then((item) => carryOut(item + 1));
  await nextTick();

  expect(await first).toBe(2);
  expect(await carryOut(3)).toBe(3);
});

test("a read on sqlite that was asked for before the database closes is answered", async () => {
  await using service = await startService("sqlite");

  const read = service.database.read(everyPartner, sql`select 1 as "one"`);
  await service.database.close();

  expect(await read).toEqual([{ one: 1 }]);
});
