import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { settle } from "../support/delta.ts";
import { engines, newDomain } from "../support/service.ts";
import { sendAttempt } from "./refusal.ts";
import { openWorld, type World } from "./world.ts";

describe.each(engines)("preferences for payloads on %s", (engine) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(engine);
  });
  afterAll(() => world.service[Symbol.asyncDispose]());

  const get = (path: string, prefer: string) => sendAttempt(world, { method: "GET", path, headers: { prefer } });

  test.each(["nulls", "defaults"])("omit-values=%s leaves out what is null, at every depth", async (which) => {
    const prefer = `omit-values=${which}`;

    const whole = await get("/customers/{active}", "");
    const entity = await get("/customers/{active}", prefer);
    const page = await get("/customerCreationOperations?$expand=customer", prefer);

    expect(whole.text).toContain(":null");
    for (const answer of [entity, page]) {
      expect(answer.status).toBe(200);
      expect(answer.text).not.toContain("null");
      expect(answer.headers["Preference-Applied"]).toBe(prefer);
    }
    expect(entity.json.billingProfile.defaultAddress).toEqual({ country: "PT", city: "Lisboa" });
  });

  test("a new entity is answered without nulls, a changed one with them", async () => {
    const headers = { prefer: "omit-values=nulls, return=representation" };
    const body = { companyProfile: { domain: newDomain() }, billingProfile: {} };

    const created = await sendAttempt(world, { method: "POST", path: "/customers", body, headers });
    const change = { billingProfile: { email: null } };
    const path = `/customers/${created.json.id}`;
    const changed = await sendAttempt(world, { method: "PATCH", path, body: change, headers });

    expect(created.headers["Preference-Applied"]).toBe("return=representation, omit-values=nulls");
    expect(created.json).not.toHaveProperty("externalId");
    expect(changed.headers["Preference-Applied"]).toBe("return=representation");
    expect(changed.json.billingProfile.email).toBeNull();
  });

  test("delta leaves nothing out", async () => {
    await settle(world.service);
    const { json, headers } = await get("/customers/delta", "omit-values=nulls, maxpagesize=1");

    expect(json.value[0]).toHaveProperty("validationReason", null);
    expect(headers["Preference-Applied"]).toBe("maxpagesize=1");
  });

  test.each([
    ["maxpagesize=2", "maxpagesize=2", 2],
    ["odata.maxpagesize=2", "odata.maxpagesize=2", 2],
    ["odata.maxpagesize=1, maxpagesize=2", "maxpagesize=2", 2],
    ["maxpagesize=2, odata.maxpagesize=1", "maxpagesize=2", 2],
    ["maxpagesize=100000", "maxpagesize=999", 3],
    ["maxpagesize=0", undefined, 3],
    [
      "include-unknown-enum-members, maxpagesize=2, omit-values=nulls, return=minimal, wait=4",
      "maxpagesize=2, omit-values=nulls, include-unknown-enum-members",
      2,
    ],
    ['include-annotations="*"', undefined, 3],
    ["omit-values=everything", undefined, 3],
  ])("of '%s' a page applies %s", async (prefer, applied, length) => {
    const { json, headers } = await get("/customers?$filter=externalId ne 'none'&$top=3", prefer);

    expect(json.value).toHaveLength(length);
    expect(headers["Preference-Applied"]).toBe(applied);
  });

  test("a single entity has no page size to apply", async () => {
    expect((await get("/customers/{active}", "maxpagesize=1")).headers).not.toHaveProperty("Preference-Applied");
  });

  test("a count is one of all members when that is preferred", async () => {
    const { headers, text } = await get("/customers/$count", "include-unknown-enum-members");

    expect(text).toMatch(/^\d+$/);
    expect(headers["Preference-Applied"]).toBe("include-unknown-enum-members");
  });

  test("an entity that the client has in this version is not shown, and nothing is applied", async () => {
    const tag = (await get("/customers/{active}", "")).headers["ETag"] ?? "";
    const headers = { prefer: "omit-values=nulls", "if-none-match": tag };

    const answer = await sendAttempt(world, { method: "GET", path: "/customers/{active}", headers });

    expect(answer.status).toBe(304);
    expect(answer.headers).not.toHaveProperty("Preference-Applied");
  });
});
