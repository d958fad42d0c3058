import { describe, expect, test } from "vitest";
import { openChangeLog } from "../../src/store/change-log.ts";
import { purger } from "../../src/work/purge.ts";
import { finishWork } from "../server/world.ts";
import { createCustomer, pathOf, readRound } from "../support/delta.ts";
import { engines, type Service, startService } from "../support/service.ts";

const daySeconds = 86_400;

describe.each(engines)("changes on %s", (engine) => {
  test("are removed in portions once no delta link and no subscription reaches them, and none before", async () => {
    await using service = await startService(engine, { limits: { recordsPurgedMax: 5 } });
    const customers = [await createCustomer(service), await createCustomer(service)];
    await finishWork(service);
    const { deltaLink } = await readRound(service, "/customers/delta");
    await service.patch(`/customers/${customers[0]}`, { externalId: "later" });
    const all = await count(service);

    service.advance(29.9 * daySeconds);
    await purgeAll(service);
    const kept = await count(service);
    const told = await readRound(service, deltaLink);
    service.advance(1.2 * daySeconds);
    await service.patch(`/customers/${customers[1]}`, { externalId: "last" });
    const isMore = await purger(service.context)();
    const portion = await count(service);
    await purgeAll(service);
    const left = await service.changes();
    const next = await readRound(service, told.deltaLink);
    const anew = await readRound(service, "/customers/delta");

    expect(all).toBeGreaterThan(10);
    expect(kept).toBe(all);
    expect(idsOf(told.values)).toEqual([customers[0]]);
    expect([isMore, portion]).toEqual([true, all + 1 - 5]);
    expect(left).toEqual(["customers updated"]);
    expect(idsOf(next.values)).toEqual([customers[1]]);
    expect(idsOf(anew.values)).toEqual(customers.toSorted());
  });

  test("are kept as long as a subscription may not have been told of them, and the newest for good", async () => {
    await using service = await startService(engine, { limits: { changeDaysMax: 2 } });
    await createCustomer(service);
    await finishWork(service);
    const all = await count(service);

    service.advance(29.9 * daySeconds);
    await purgeAll(service);
    const kept = await count(service);
    service.advance(0.2 * daySeconds);
    await purgeAll(service);

    expect(kept).toBe(all);
    expect(await count(service)).toBe(1);
  });

  test("that are gone make a link 410 which may be older since, and only such a link", async () => {
    await using service = await startService(engine);
    await createCustomer(service);
    const { deltaLink: old } = await readRound(service, "/customers/delta");
    service.advance(32 * daySeconds);
    await createCustomer(service);
    await finishWork(service);
    const { deltaLink: young } = await readRound(service, "/customers/delta");
    service.advance(32 * daySeconds);
    const [opened, limits] = [await openChangeLog(service.database), { changeDaysMax: 90 }];
    Object.assign(service.context, opened, { limits: { ...service.context.limits, ...limits } });

    const [refused, answered] = [await service.get(pathOf(old)), await service.get(pathOf(young))];

    expect(refused.status).toBe(410);
    expect(refused.json.error).toMatchObject({ code: "gone", innerError: { code: "resyncRequired" } });
    expect(refused.json.error.message).toContain("is older than the changes that are kept");
    expect(answered.status).toBe(200);
  });
});

async function count(service: Service): Promise<number> {
  return (await service.changes()).length;
}

/** Removes all that is past its time. */
async function purgeAll(service: Service): Promise<void> {
  const purge = purger(service.context);
  while (await purge());
}

function idsOf(values: readonly { readonly id: string }[]): readonly string[] {
  return values.map(({ id }) => id).sort();
}
