import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { permissions } from "../../src/onboarding/permissions.ts";
import { openWorld, type World } from "../server/world.ts";
import { memoryInUse } from "../support/memory.ts";
import { type Engine, signToken } from "../support/service.ts";
import { chanceOf } from "./chance.ts";
import { type GarbageRequest, garbageRequest } from "./garbage.ts";
import type { Ids } from "./offer-request.ts";

const seed = 20261124;
/** How many requests are sent to each engine, and how many of them at once. */
const sent = { sqlite: 42_000, postgres: 10_000 } as const;
const atOnce = 20;
const growthMax = 100 * 2 ** 20;
const partners = 20;

/** What such requests have found. */
const found: readonly string[] = [
  "/customers?$compute=(hasOwnProperty or 12:30:00) as computed",
  "/customers?$filter=constructor/any(c:c eq 1)",
  "/customers/delta()?$count=\ud800",
];

describe.each(["sqlite", "postgres"] as const)("whatever is sent to the service on %s", (engine: Engine) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(engine);
  });
  afterAll(() => world.service[Symbol.asyncDispose]());

  test.each(found)("and was found to fail before, is refused: %s", async (path) => {
    const { status, json } = await world.service.get(path);

    expect([status, json.error.code]).toEqual([400, "badRequest"]);
  });

  test("is answered without a failure of ours, and leaves nothing behind in memory", { timeout: 120_000 }, async () => {
    const { service, names } = world;
    const ids: readonly Ids[] = ["active", "failedCustomer", "nothing"].map((name, index) => ({
      customers: names[name] ?? "",
      customerCreationOperations: names[["done", "open", "nothing"][index] ?? ""] ?? "",
      auditEvents: names["nothing"] ?? "",
    }));
    const chance = chanceOf(seed);
    // Several partners, so that what is created by chance makes no answer long.
    const tokens = await Promise.all(
      Array.from({ length: partners }, (_, index) =>
        signToken({ roles: permissions, ...(index === 0 ? {} : { tid: tidOf(index) }) }),
      ),
    );
    const rejections: unknown[] = [];
    const noteRejection = (reason: unknown) => void rejections.push(reason);
    process.on("unhandledRejection", noteRejection);
    const statuses = new Map<number, number>();
    const failures: object[] = [];

    const sendOne = async (request: GarbageRequest) => {
      const { method, url, ...sending } = request;
      const { status, text = "" } = await service.send(method, `!${url}`, { token: chance.pick(tokens), ...sending });
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      const isFailure = (status >= 500 && status !== 501) || /"status":50[02-9]/.test(text);
      if (isFailure) failures.push({ request, status, text });
    };
    const sendMany = async (count: number) => {
      for (let left = count; left > 0; left -= atOnce) {
        await Promise.all(Array.from({ length: atOnce }, () => sendOne(garbageRequest(chance, ids))));
      }
    };
    const before = memoryInUse().resident;
    await sendMany(sent[engine]);
    const growth = memoryInUse().resident - before;
    process.off("unhandledRejection", noteRejection);

    expect(failures).toEqual([]);
    expect(rejections).toEqual([]);
    expect(growth).toBeLessThan(growthMax);
    // Not all of it is refused at the door: the requests are worth sending.
    expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 201, 204, 400, 404, 405, 406, 412, 415, 501]));
    expect((statuses.get(200) ?? 0) / sent[engine]).toBeGreaterThan(0.1);
  });
});

function tidOf(index: number): string {
  return `44444444-4444-4444-8444-${String(index).padStart(12, "0")}`;
}
