import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { atomically } from "../../src/onboarding/atomically.ts";
import type { Caller, Context } from "../../src/onboarding/offer.ts";
import { everyPartner } from "../../src/store/database.ts";
import { raw, sql } from "../../src/store/sql.ts";
import { engines, partner, type Service, startService } from "../support/service.ts";

const caller: Caller = { partnerId: partner, name: "test", permissions: new Set() };
const hold = sql`insert into "domains" ("domain", "operationId", "expirationDateTime") values ('a', 'a', null)`;

describe.each(engines)("what is done atomically on %s", (engine) => {
  let service: Service;
  let context: Context;
  let nudges: string[];
  beforeAll(async () => {
    service = await startService(engine);
  });
  afterAll(() => service[Symbol.asyncDispose]());
  beforeEach(async () => {
    await service.database.write(everyPartner, [raw(`delete from "domains"`)]);
    nudges = [];
    context = { ...service.context, nudge: () => nudges.push("nudged") };
  });

  test("is told to the work loop once, and only when it is kept", async () => {
    const result = await atomically(context, caller, async (inner) => {
      await inner.database.write(partner, [hold]);
      inner.nudge();
      inner.nudge();
      return { result: [...nudges], changes: "kept" };
    });

    expect(result).toEqual([]);
    expect(nudges).toEqual(["nudged"]);
    expect(await service.rows(`select "domain" from "domains"`)).toEqual([{ domain: "a" }]);
  });

  test("gives its result although it is undone, and the work loop hears nothing", async () => {
    const result = await atomically(context, caller, async (inner) => {
      await inner.database.write(partner, [hold]);
      inner.nudge();
      return { result: "undone", changes: "undone" };
    });

    expect(result).toBe("undone");
    expect(nudges).toEqual([]);
    expect(await service.rows(`select "domain" from "domains"`)).toEqual([]);
  });

  test("is undone when it throws, and throws the same", async () => {
    const reason = new Error("not to be");

    const attempt = atomically(context, caller, async (inner) => {
      await inner.database.write(partner, [hold]);
      inner.nudge();
      throw reason;
    });

    await expect(attempt).rejects.toBe(reason);
    expect(nudges).toEqual([]);
    expect(await service.rows(`select "domain" from "domains"`)).toEqual([]);
  });
});
