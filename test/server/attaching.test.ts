import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engines, newDomain, origin } from "../support/service.ts";
import { expectRefusal, sendAttempt, stateOf, testRefusals } from "./refusal.ts";
import { activeBody, addCustomer, finishWork, minimal, openOperation, openWorld, type World } from "./world.ts";

const asJson = { headers: { "content-type": "application/json" } };

/** A body, and others that say the same. */
const original = `{
  "externalId": "again-{run}",
  "companyProfile": { "companyName": "Contoso" },
  "billingProfile": { "email": "a@contoso.example", "defaultAddress": { "country": "PT", "city": "Porto" } },
  "metadata": { "a": "1", "b": "2" }
}`;
const repetitions: readonly (readonly [string, string])[] = [
  ["byte for byte", original],
  ["without white space", JSON.stringify(JSON.parse(original))],
  [
    "with its members in another order",
    `{
      "metadata": { "b": "2", "a": "1" },
      "billingProfile": { "defaultAddress": { "city": "Porto", "country": "PT" }, "email": "a@contoso.example" },
      "companyProfile": { "companyName": "Contoso" },
      "externalId": "again-{run}"
    }`,
  ],
  ["with its type named", original.replace("{", '{ "@odata.type": "#microsoft.graph.customer",')],
  ["with letters escaped", original.replace("Porto", String.raw`\u0050orto`)],
];

const others: readonly (readonly [string, object])[] = [
  ["with one value more", { ...activeBody, enableGDAPByDefault: true }],
  ["with one value less", { ...activeBody, metadata: undefined }],
  ["with one letter changed", { ...activeBody, companyProfile: { companyName: "Fabrikan" } }],
  ["with nothing", minimal],
];

describe.each(engines)("attaching on %s", (engine) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(engine);
  });
  afterAll(() => world.service[Symbol.asyncDispose]());

  test.each(repetitions)(
    "the same body again, %s, is answered as the first time and makes nothing",
    async (how, text) => {
      const { id } = await openOperation(world.service);
      const path = `/customerCreationOperations/${id}/customer/$ref`;
      const run = how.replace(/[^a-z]/g, "-");
      const first = await world.service.post(path, original.replace("{run}", run), asJson);
      const before = await stateOf(world.service);

      const second = await world.service.post(path, text.replace("{run}", run), asJson);
      const after = await stateOf(world.service);

      expect([first.status, second.status]).toEqual([204, 204]);
      expect(second.headers["OData-EntityId"]).toBe(first.headers["OData-EntityId"]);
      expect(second.headers["Location"]).toBe(first.headers["Location"]);
      expect(second.headers["Operation-Location"]).toBe(`${origin}/v1.0/customerCreationOperations/${id}`);
      expect(after).toEqual(before);
    },
  );

  test("the same body again is answered 204 after the operation has succeeded, and 201 with the customer on demand", async () => {
    const path = "/customerCreationOperations/{done}/customer/$ref";

    const plain = await sendAttempt(world, { method: "POST", path, body: activeBody });
    const shown = await sendAttempt(world, {
      method: "POST",
      path,
      body: activeBody,
      headers: { prefer: "return=representation" },
    });

    expect([plain.status, shown.status]).toEqual([204, 201]);
    expect(plain.headers["OData-EntityId"]).toBe(`${origin}/v1.0/customers/${world.names["active"]}`);
    expect(shown.json).toMatchObject({ id: world.names["active"], lifecycleState: "active" });
  });

  test("twenty requests at once with one body make one customer", async () => {
    const { id } = await openOperation(world.service);
    const path = `/customerCreationOperations/${id}/customer/$ref`;
    const before = await world.service.changes();

    const answers = await Promise.all(Array.from({ length: 20 }, () => world.service.post(path, minimal)));
    const after = await world.service.changes();

    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 204));
    expect(new Set(answers.map(({ headers }) => headers["OData-EntityId"])).size).toBe(1);
    expect(after.slice(before.length)).toEqual(["customerCreationOperations updated", "customers created"]);
  });

  test("of twenty requests at once with bodies of their own one is answered 204 and the others 409", async () => {
    const { id } = await openOperation(world.service);
    const path = `/customerCreationOperations/${id}/customer/$ref`;
    const bodies = Array.from({ length: 20 }, (_, index) => ({ ...minimal, metadata: { index: String(index) } }));

    const answers = await Promise.all(bodies.map((body) => world.service.post(path, body)));
    const listed = await world.service.get(`/customerCreationOperations/${id}/customer`);

    expect(answers.map(({ status }) => status).sort()).toEqual([204, ...Array.from({ length: 19 }, () => 409)]);
    expect(listed.json.value).toHaveLength(1);
  });

  testRefusals(
    () => world,
    ["running", "failed", "done"].flatMap((name) =>
      others.map(
        ([what, body]) =>
          [
            `another customer, ${what}, on an operation that is ${name} is answered 409`,
            {
              method: "POST",
              path: `/customerCreationOperations/{${name}}/customer/$ref`,
              body: name === "done" ? body : { ...body, externalId: "new" },
            },
            { status: 409, code: "customerAlreadyAttached", message: "another customer already" },
          ] as const,
      ),
    ),
  );
  testRefusals(
    () => world,
    [
      [
        "a customer on an operation that is canceled is answered 409",
        { method: "POST", path: "/customerCreationOperations/{canceled}/customer/$ref", body: minimal },
        { status: 409, code: "operationNotModifiable", message: "canceled" },
      ],
      [
        "an externalId that another customer has is answered 409",
        {
          method: "POST",
          path: "/customerCreationOperations/{open}/customer/$ref",
          body: { ...minimal, externalId: "crm-1" },
        },
        { status: 409, code: "nameAlreadyExists", target: "externalId" },
      ],
      [
        "an externalId that another customer has is answered 409 by the short way too, and its domain stays free",
        {
          method: "POST",
          path: "/customers",
          body: { externalId: "crm-1", companyProfile: { domain: "{free}" }, billingProfile: {} },
        },
        { status: 409, code: "nameAlreadyExists", target: "externalId" },
      ],
      [
        "an externalId that another customer has is answered 409 in a PATCH",
        { method: "PATCH", path: "/customers/{failedCustomer}", body: { externalId: "crm-1" } },
        { status: 409, code: "nameAlreadyExists", target: "externalId" },
      ],
    ],
  );

  test("a customer on an operation whose reservation has ended is answered 410, before the work loop has seen it", async () => {
    const { id } = await openOperation(world.service);
    const before = await stateOf(world.service);

    world.service.advance(25 * 3600);
    const answer = await world.service.post(`/customerCreationOperations/${id}/customer/$ref`, minimal);
    world.service.advance(-25 * 3600);
    const after = await stateOf(world.service);

    expectRefusal(answer, { status: 410, code: "reservationExpired" });
    expect(after).toEqual(before);
  });

  test("another partner may have the same externalId, and so may the next customer when the first is deleted", async () => {
    const externalId = "free-again";
    const first = await addCustomer(world.service, { ...minimal, externalId });
    await finishWork(world.service);

    const theirs = await addCustomer(world.service, { ...minimal, externalId }, world.otherToken);
    await world.service.delete(`/customers/${first.customer}`);
    const second = await addCustomer(world.service, { ...minimal, externalId });

    expect(theirs.customer).toMatch(/^[0-9a-f-]{36}$/);
    expect(second.customer).toMatch(/^[0-9a-f-]{36}$/);
  });

  describe("by the short way", () => {
    test("the customer comes back 201 with where it is, and where its operation is", async () => {
      const domain = newDomain();

      const answer = await world.service.post("/customers", { companyProfile: { domain }, billingProfile: {} });
      const operation = await world.service.get(
        String(answer.headers["Operation-Location"]).slice(`${origin}/v1.0`.length),
      );

      expect(answer.status).toBe(201);
      expect(answer.json).toMatchObject({ lifecycleState: "provisioning", companyProfile: { domain } });
      expect(answer.headers["Location"]).toBe(`${origin}/v1.0/customers/${answer.json.id}`);
      expect(answer.headers["OData-EntityId"]).toBe(answer.headers["Location"]);
      expect(answer.headers["ETag"]).toBe(answer.json["@odata.etag"]);
      expect(operation.json).toMatchObject({ domain, status: "running" });
    });

    testRefusals(
      () => world,
      [
        [
          "without a domain",
          { companyProfile: {}, billingProfile: {} },
          [["requiredFieldMissing", "companyProfile/domain"]],
        ],
        [
          "without a billing profile",
          { companyProfile: { domain: "{free}" } },
          [["requiredFieldMissing", "billingProfile"]],
        ],
        ["without a company profile", { billingProfile: {} }, [["requiredFieldMissing", "companyProfile"]]],
        [
          "without anything",
          {},
          [
            ["requiredFieldMissing", "companyProfile"],
            ["requiredFieldMissing", "billingProfile"],
          ],
        ],
      ].map(
        ([what, body, details]) =>
          [
            `a customer ${String(what)} is answered 400`,
            { method: "POST", path: "/customers", body: body as object },
            { status: 400, code: "requiredFieldMissing", details: details as [string, string][] },
          ] as const,
      ),
    );

    test("a second customer of the same domain is answered 409, even with the same body", async () => {
      const body = { companyProfile: { domain: newDomain() }, billingProfile: {} };
      const first = await world.service.post("/customers", body);
      const before = await stateOf(world.service);

      const second = await world.service.post("/customers", body);
      const after = await stateOf(world.service);

      expect(first.status).toBe(201);
      expect(second.status).toBe(409);
      expect(second.json.error.innerError.code).toBe("domainAlreadyInUse");
      expect(after).toEqual(before);
    });

    test("of twenty requests at once for one domain one is answered 201 and the others 409", async () => {
      const body = { companyProfile: { domain: newDomain() }, billingProfile: {} };

      const answers = await Promise.all(Array.from({ length: 20 }, () => world.service.post("/customers", body)));

      expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 19 }, () => 409)]);
    });
  });
});
