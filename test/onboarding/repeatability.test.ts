import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Result } from "../../src/onboarding/offer.ts";
import { offers } from "../../src/onboarding/offers.ts";
import { carryOutOnce } from "../../src/onboarding/repeatability.ts";
import { addCustomer, finishWork, minimal, openOperation } from "../server/world.ts";
import { idempotent, lasting, repeatable, traces, withHeaders } from "../support/repeatable.ts";
import {
  engines,
  newDomain,
  origin,
  otherPartner,
  partner,
  type Service,
  signToken,
  startService,
} from "../support/service.ts";

const none = { kind: "none" } as const;

describe.each(engines)("a repeated request on %s", (engine) => {
  let service: Service;
  beforeAll(async () => {
    service = await startService(engine);
  });
  afterAll(() => service[Symbol.asyncDispose]());

  const bodyOf = (domain = newDomain()) => ({ companyProfile: { domain }, billingProfile: {} });

  /** Something to do with each writing offer that succeeds once. */
  const writings: readonly (readonly [string, () => Promise<readonly [string, string, object?]>])[] = [
    ["POST customerCreationOperations", async () => ["POST", "/customerCreationOperations", { domain: newDomain() }]],
    [
      "PATCH of an operation",
      async () => {
        const { id } = await openOperation(service);
        return ["PATCH", `/customerCreationOperations/${id}`, { domain: newDomain() }];
      },
    ],
    [
      "PATCH that cancels an operation",
      async () => {
        const { operation } = await addCustomer(service, minimal);
        return ["PATCH", `/customerCreationOperations/${operation}`, { status: "canceled" }];
      },
    ],
    [
      "DELETE of an operation",
      async () => ["DELETE", `/customerCreationOperations/${(await openOperation(service)).id}`],
    ],
    [
      "POST of a customer to an operation",
      async () => {
        const { id } = await openOperation(service);
        return ["POST", `/customerCreationOperations/${id}/customer/$ref`, minimal];
      },
    ],
    [
      "POST of a reference to an operation",
      async () => {
        const { customer } = await addCustomer(service, minimal);
        await finishWork(service);
        const { id } = await openOperation(service);
        const reference = { "@odata.id": `${origin}/v1.0/customers/${customer}` };
        return ["POST", `/customerCreationOperations/${id}/customer/$ref`, reference];
      },
    ],
    [
      "DELETE of the customer of an operation",
      async () => {
        const { operation, customer } = await addCustomer(service, minimal);
        await service.patch(`/customerCreationOperations/${operation}`, { status: "canceled" });
        await finishWork(service);
        return ["DELETE", `/customerCreationOperations/${operation}/customer/${customer}/$ref`];
      },
    ],
    ["POST customers", async () => ["POST", "/customers", bodyOf()]],
    [
      "PATCH of a customer",
      async () => {
        const { customer } = await addCustomer(service, minimal);
        return ["PATCH", `/customers/${customer}`, { companyProfile: { companyName: "Contoso" } }];
      },
    ],
    ["DELETE of a customer", async () => ["DELETE", `/customers/${(await addCustomer(service, minimal)).customer}`]],
  ];

  test.each(writings)("%s is answered as it was the first time, and nothing is done again", async (_offer, arrange) => {
    const [method, path, body] = await arrange();
    const sending = { ...repeatable(), ...(body === undefined ? {} : { body }) };

    const first = await service.send(method, path, sending);
    const between = await traces(service);
    const second = await service.send(method, path, sending);
    const after = await traces(service);

    expect(first.status).toBeLessThan(300);
    expect(first.headers).toMatchObject({ "Repeatability-Result": "accepted" });
    expect(first.headers).not.toHaveProperty("Idempotency-Replayed");
    expect(lasting(second)).toEqual(lasting(first));
    expect(second.headers).toMatchObject({ "Repeatability-Result": "accepted", "Idempotency-Replayed": "true" });
    expect(second.headers["request-id"]).not.toBe(first.headers["request-id"]);
    expect(after).toEqual(between);
  });

  test("is known by Idempotency-Key alone, and then says nothing of Repeatability", async () => {
    const body = bodyOf();
    const sending = idempotent("k".repeat(255));

    const first = await service.post("/customers", body, sending);
    const second = await service.post("/customers", body, sending);

    expect(first.status).toBe(201);
    expect(lasting(second)).toEqual(lasting(first));
    expect(second.headers["Idempotency-Replayed"]).toBe("true");
    expect(first.headers).not.toHaveProperty("Repeatability-Result");
    expect(second.headers).not.toHaveProperty("Repeatability-Result");
  });

  test("is known by a UUID in either case", async () => {
    const requestId = randomUUID();
    const body = bodyOf();

    const first = await service.post("/customers", body, repeatable({ requestId }));
    const second = await service.post("/customers", body, repeatable({ requestId: requestId.toUpperCase() }));

    expect(lasting(second)).toEqual(lasting(first));
  });

  test("of one namespace is not taken for one of the other", async () => {
    const key = randomUUID();

    const first = await service.post("/customers", bodyOf(), idempotent(key));
    const second = await service.post("/customers", bodyOf(), repeatable({ requestId: key }));

    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.headers["Location"]).not.toBe(first.headers["Location"]);
  });

  test("of another partner is another request, and learns nothing of the first", async () => {
    const sending = idempotent();
    const token = await signToken({ tid: otherPartner });
    const [mine, theirs] = [bodyOf(), bodyOf()];

    const first = await service.post("/customers", mine, sending);
    const other = await service.post("/customers", theirs, { ...sending, token });
    const again = await service.post("/customers", mine, sending);

    expect([first.status, other.status]).toEqual([201, 201]);
    expect(other.headers).not.toHaveProperty("Idempotency-Replayed");
    expect(other.headers["Location"]).not.toBe(first.headers["Location"]);
    expect(lasting(again)).toEqual(lasting(first));
  });

  test("without the permission is refused before its answer is looked up", async () => {
    const sending = repeatable();
    const body = bodyOf();
    const token = await signToken({ roles: ["Customer.Read.All"] });
    await service.post("/customers", body, sending);
    const before = await traces(service);

    const refused = await service.post("/customers", body, { ...sending, token });
    const anonymous = await service.post("/customers", body, { ...sending, token: null });
    const after = await traces(service);

    expect([refused.status, anonymous.status]).toEqual([403, 401]);
    expect(refused.text).not.toContain(body.companyProfile.domain);
    expect(after).toEqual(before);
  });

  test("that found all as it asks is answered the same when that has changed since", async () => {
    const { id, domain } = await openOperation(service);
    const path = `/customerCreationOperations/${id}`;
    const sending = idempotent();

    const first = await service.patch(path, { domain }, sending);
    await service.patch(path, { domain: newDomain() });
    const between = await traces(service);
    const second = await service.patch(path, { domain }, sending);
    const after = await traces(service);

    expect(first.status).toBe(200);
    expect(lasting(second)).toEqual(lasting(first));
    expect(after).toEqual(between);
  });

  test("after a refusal may be corrected under the same key", async () => {
    const sending = repeatable();
    const before = await traces(service);

    const refused = await service.post("/customers", { companyProfile: {}, billingProfile: {} }, sending);
    const between = await traces(service);
    const corrected = await service.post("/customers", bodyOf(), sending);

    expect(refused.status).toBe(400);
    expect(refused.headers["Repeatability-Result"]).toBe("accepted");
    expect(between).toEqual(before);
    expect(corrected.status).toBe(201);
    expect(corrected.headers["Repeatability-Result"]).toBe("accepted");
  });

  test("after a refusal by the state of things leaves no record either", async () => {
    const taken = await openOperation(service);
    const before = await traces(service);

    const refused = await service.post("/customers", bodyOf(taken.domain), idempotent());
    const after = await traces(service);

    expect(refused.json.error.innerError.code).toBe("domainReserved");
    expect(after).toEqual(before);
  });

  test("is not told again what is handed over once", async () => {
    const { context } = service;
    const caller = { partnerId: partner, name: "test", permissions: new Set<string>() };
    const options = { orderBy: [], projection: { expand: [] }, count: false };
    const task = { context, caller, correlationId: "", keys: {}, body: none, preconditions: {}, options };
    // No offer hands anything over yet: this one stands for it, as its result shows no entity.
    const offer = offers.find(({ method }) => method === "DELETE");
    if (offer === undefined) throw new Error("There is no offer that deletes.");
    const handsOver = { ...offer, run: async () => ({ kind: "count", count: 4711 }) as const };
    const print = async (result: Result) =>
      result.kind === "count" ? { status: 200, headers: {}, body: String(result.count) } : { status: 204, headers: {} };
    const ask = () => carryOutOnce(task, handsOver, { requestId: "once", digest: "" }, print);

    const first = await ask();
    const second = await ask();

    expect(first).toEqual({ kind: "carriedOut", answer: { status: 200, headers: {}, body: "4711" } });
    expect(second).toEqual({ kind: "answeredAgain", answer: { status: 204, headers: {} } });
  });

  test("is not remembered when it only reads", async () => {
    const { id } = await openOperation(service);
    const before = await traces(service);
    const headers = { "repeatability-request-id": "", "idempotency-key": "" };

    const read = await service.get(`/customerCreationOperations/${id}`, { headers });
    const head = await service.send("HEAD", `/customerCreationOperations/${id}`, repeatable());
    const after = await traces(service);

    expect([read.status, head.status]).toEqual([200, 200]);
    expect(head.headers).not.toHaveProperty("Repeatability-Result");
    expect(after).toEqual(before);
  });

  describe("with the key of another", () => {
    const body = bodyOf();
    const kept = repeatable();
    let location: string | undefined;
    beforeEach(async () => {
      location = (await service.post("/customers", body, kept)).headers["Location"];
    });

    const others: readonly (readonly [string, string, string, object | undefined, Readonly<Record<string, string>>])[] =
      [
        ["body", "POST", "/customers", bodyOf(), {}],
        ["query", "POST", "/customers?$select=id", body, {}],
        ["path", "POST", "/customerCreationOperations", { domain: newDomain() }, {}],
        ["method", "DELETE", "/customers/0193a5b2-7c1e-7d34-9f00-5b1c2d3e4f50", undefined, {}],
        ["Prefer", "POST", "/customers", body, { prefer: "return=minimal" }],
        ["If-Match", "POST", "/customers", body, { "if-match": 'W/"1"' }],
      ];

    test.each(others)(
      "%s is refused with a link to what that one made",
      async (_what, method, path, other, headers) => {
        const before = await traces(service);

        const sending = { ...withHeaders(kept, headers), ...(other === undefined ? {} : { body: other }) };
        const refused = await service.send(method, path, sending);
        const after = await traces(service);

        expect(refused.status).toBe(409);
        expect(refused.json.error).toMatchObject({ code: "conflict", innerError: { code: "idempotencyKeyReused" } });
        expect(refused.json.error.message).toContain(location);
        expect(refused.headers).toMatchObject({ Location: location, "Repeatability-Result": "rejected" });
        expect(after).toEqual(before);
      },
    );

    test("Idempotency-Key is refused alike, and says nothing of Repeatability", async () => {
      const sending = idempotent();
      const first = await service.post("/customers", bodyOf(), sending);

      const refused = await service.post("/customers", bodyOf(), sending);

      expect(refused.json.error.innerError.code).toBe("idempotencyKeyReused");
      expect(refused.headers["Location"]).toBe(first.headers["Location"]);
      expect(refused.headers).not.toHaveProperty("Repeatability-Result");
    });
  });
});
