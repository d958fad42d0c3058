import { expect, test } from "vitest";
import { memoryInUse } from "../../support/memory.ts";
import { startService } from "../../support/service.ts";

const many = Array.from({ length: 10_000 }, () => "id eq 'a'").join(" or ");
const deep = `${"(".repeat(2000)}true${")".repeat(2000)}`;

test("filters that are refused leave nothing behind in memory", async () => {
  await using service = await startService("sqlite", { limits: { urlLengthMax: 1_000_000 } });
  const refuse = async (times: number) => {
    for (let time = 0; time < times; time++) {
      for (const filter of [many, deep, `id eq '${time}' and`, `unknown${time} eq 1`]) {
        const { status } = await service.get(`/customers?$filter=${encodeURIComponent(filter)}`);
        expect(status).toBe(400);
      }
    }
    return memoryInUse().heap;
  };
  const before = await refuse(50);

  const after = await refuse(500);

  expect(after - before).toBeLessThan(4 * 2 ** 20);
});
