import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engines, type Json, newDomain, type Service, startService } from "../support/service.ts";

describe.each(engines)("a repeatable batch on %s", (engine) => {
  let service: Service;
  beforeAll(async () => {
    service = await startService(engine);
  });
  afterAll(() => service[Symbol.asyncDispose]());

  const repeatable = () => ({
    "Repeatability-Request-ID": randomUUID(),
    "Repeatability-First-Sent": new Date().toUTCString(),
  });

  test("opens the operations of an atomic group once, however often it is sent", async () => {
    const headers = { ...repeatable(), "Content-Type": "application/json" };
    const requests = [1, 2].map((id) => ({
      id: String(id),
      method: "POST",
      url: "/customerCreationOperations",
      atomicityGroup: "both",
      headers,
      body: { domain: newDomain() },
    }));

    const first = await service.post("/$batch", { requests });
    const changes = await service.changes();
    const again = await service.post("/$batch", { requests });

    const ids = (answer: Json) => answer.json.responses.map((each: Json) => [each.status, each.body?.id]);
    expect(ids(first).map(([status]: Json) => status)).toEqual([201, 201]);
    expect(ids(again)).toEqual(ids(first));
    expect(await service.changes()).toEqual(changes);
  });

  test("bears no key of its own", async () => {
    const before = await service.changes();

    const answer = await service.post("/$batch", { requests: [] }, { headers: { ...lower(repeatable()) } });

    expect(answer.status).toBe(400);
    expect(answer.headers["Repeatability-Result"]).toBe("rejected");
    expect(await service.changes()).toEqual(before);
  });
});

function lower(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
