import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { authenticator } from "../../src/server/authenticate.ts";
import { service as serviceOn } from "../../src/server/handle.ts";
import {
  audience,
  engines,
  issuer,
  keys,
  newDomain,
  origin,
  otherPartner,
  type Service,
  signToken,
  startService,
} from "../support/service.ts";
import { expectRefusal } from "./refusal.ts";

const limit = 10;

describe.each(engines)("the limit of requests per minute on %s", (engine) => {
  let service: Service;
  beforeAll(async () => {
    service = await startService(engine, { limits: { requestsPerMinuteMax: limit } });
    // To the beginning of a minute, so that none ends within a test.
    service.advance(60 - ((Date.now() / 1000) % 60));
  });
  afterAll(() => service[Symbol.asyncDispose]());

  /** Sends requests to another process on the same database, or to this one. */
  async function sendMany(requests: number, send = () => service.get("/customers")) {
    const answers = await Promise.all(Array.from({ length: requests }, send));
    return answers.filter(({ status }) => status === 200).length;
  }

  test("admits as many as it says, refuses the rest, changes nothing for them, and begins anew with the next minute", async () => {
    service.advance(60);
    const first = await service.get("/customers");
    await sendMany(limit - 3);
    const last = await service.get("/customers");
    const admitted = await sendMany(limit * 3);

    const refused = await service.post("/customerCreationOperations", { domain: newDomain() });
    service.advance(60);
    const count = await service.get("/customerCreationOperations/$count");

    expect(first.headers["RateLimit-Limit"]).toBeUndefined();
    expect(last.headers).toMatchObject({ "RateLimit-Limit": "10", "RateLimit-Remaining": "1" });
    expect(admitted).toBe(1);
    expectRefusal(refused, { status: 429, code: "throttledRequest", message: /more than 10 requests in this minute/ });
    expect(refused.headers["RateLimit-Remaining"]).toBe("0");
    expect(Number(refused.headers["Retry-After"])).toBeGreaterThan(0);
    expect(Number(refused.headers["Retry-After"])).toBeLessThanOrEqual(60);
    expect(count.text).toBe("0");
  });

  test("is shared by all processes on one database", async () => {
    service.advance(60);
    const handle = serviceOn(
      service.context,
      authenticator([{ issuer, audiences: [audience], keys: { jwks: (await keys).jwks } }]),
    );
    const headers = { authorization: `Bearer ${await signToken()}` };
    const elsewhere = () => handle({ method: "GET", origin, url: "/v1.0/customers", headers });

    const here = await sendMany(6);
    const there = (await Promise.all(Array.from({ length: 20 }, elsewhere))).filter(({ status }) => status === 200);

    expect(here).toBe(6);
    expect(there).toHaveLength(limit - 6);
  });

  test("of one partner leaves its neighbour all of its own", async () => {
    service.advance(60);
    const token = await signToken({ tid: otherPartner });
    await sendMany(limit * 4);

    const neighbour = await sendMany(limit, () => service.get("/customers", { token }));

    expect(neighbour).toBe(limit);
  });

  test("counts the requests of a batch one by one, and refuses those that are too many", async () => {
    service.advance(60);
    await sendMany(limit - 2);
    const requests = ["1", "2", "3"].map((id) => ({ id, method: "GET", url: "/customers" }));

    const batch = await service.post("/$batch", { requests });

    expect(batch.status).toBe(200);
    expect(batch.json.responses.map(({ status }: { status: number }) => status).sort()).toEqual([200, 200, 429]);
    const refused = batch.json.responses.find(({ status }: { status: number }) => status === 429);
    expect(refused.headers["Retry-After"]).toMatch(/^\d+$/);
    expect(refused.body.error.innerError.code).toBe("throttledRequest");
  });

  test("is told on refusals of other kinds as well, and on nothing that needs no token", async () => {
    service.advance(60);
    await sendMany(limit - 1);

    const refused = await service.get("/customers?$top=-1");
    const anonymous = await service.get("/$metadata", { token: null });

    expect([refused.status, refused.headers["RateLimit-Limit"]]).toEqual([400, "10"]);
    expect([anonymous.status, anonymous.headers["RateLimit-Limit"]]).toEqual([200, undefined]);
  });

  test("does not count requests whose token is not believed", async () => {
    service.advance(60);
    const forged = await signToken({ aud: "urn:another" });
    await sendMany(limit * 2, () => service.get("/customers", { token: forged }));

    expect(await sendMany(limit)).toBe(limit);
  });
});
