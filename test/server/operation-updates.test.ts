import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engines, newDomain } from "../support/service.ts";
import { type Case, expectRefusal, sendAttempt, stateOf, testRefusals } from "./refusal.ts";
import { addCustomer, finishWork, minimal, openOperation, openWorld, type World } from "./world.ts";

const operation = "/customerCreationOperations/{open}";
const another = "0193a5b2-7c1e-7d34-9f00-5b1c2d3e4f50";

/** What the server sets of an operation, in another value than it has. */
const fixedOfOperation: Readonly<Record<string, unknown>> = {
  id: another,
  stage: "completed",
  percentComplete: 100,
  resourceLocation: "http://127.0.0.1:8080/v1.0/customers/x",
  error: { code: "x", message: "y" },
  isRetryable: true,
  attempts: 7,
  history: [],
  externalId: "crm-7",
  requestedBy: "someone",
  correlationId: "x",
  createdDateTime: "2026-01-01T00:00:00.000Z",
  lastActionDateTime: "2026-01-01T00:00:00.000Z",
  expirationDateTime: null,
};

const propertyNotUpdateable = (target: string) => ({
  status: 400,
  code: "propertyNotUpdateable",
  target,
  details: [["propertyNotUpdateable", target]] as const,
});

const ofStatus: readonly (readonly [string, unknown, string])[] = [
  ["running", "running", "propertyNotUpdateable"],
  ["succeeded", "succeeded", "propertyNotUpdateable"],
  ["failed", "failed", "propertyNotUpdateable"],
  ["that is not known", "done", "unknownEnumMember"],
  ["in another case", "Canceled", "unknownEnumMember"],
  ["of a number", 5, "malformedValue"],
  ["of null", null, "nullValue"],
];

describe.each(engines)("updates of operations on %s", (engine) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(engine);
  });
  afterAll(() => world.service[Symbol.asyncDispose]());

  testRefusals(
    () => world,
    Object.entries(fixedOfOperation).map(
      ([name, value]): Case => [
        `another ${name} of an operation is answered 400`,
        { method: "PATCH", path: operation, body: { [name]: value } },
        propertyNotUpdateable(name),
      ],
    ),
  );
  testRefusals(
    () => world,
    [
      [
        "a customer in the body of an operation is answered 501, with where it is to go",
        { method: "PATCH", path: operation, body: { customer: [minimal] } },
        { status: 501, code: "notSupported", target: "customer", message: /\$ref/ },
      ],
      [
        "a binding of a customer in a change of an operation is answered 501",
        { method: "PATCH", path: operation, body: { "customer@odata.bind": ["customers('{active}')"] } },
        { status: 501, code: "notSupported", target: "customer", message: /\$ref/ },
      ],
    ],
  );

  test.each([
    ["an open operation", operation],
    ["an operation that has succeeded", "/customerCreationOperations/{done}"],
    ["an operation that has failed", "/customerCreationOperations/{failed}"],
    ["an operation that was canceled", "/customerCreationOperations/{canceled}"],
  ])("%s may be sent back as it was read", async (_what, path) => {
    const read = await sendAttempt(world, { method: "GET", path });

    const answer = await sendAttempt(world, { method: "PATCH", path, body: read.json });

    expect(answer.status).toBe(200);
    expect(withoutTimes(answer.json)).toEqual(withoutTimes(read.json));
  });

  test.each([
    ["without its nulls", { prefer: "omit-values=nulls" }],
    ["with full metadata", { accept: "application/json;odata.metadata=full" }],
    ["in 4.01", { "odata-maxversion": "4.01", accept: "application/json;metadata=full" }],
  ])("an operation that was read %s may be sent back", async (_how, headers) => {
    const path = "/customerCreationOperations/{failed}";
    const read = await sendAttempt(world, { method: "GET", path, headers });

    const answer = await sendAttempt(world, { method: "PATCH", path, body: read.json, headers });

    expect(answer.status).toBe(200);
  });

  test("a status that stands for those of the future is passed over in a PATCH, and refused in a POST", async () => {
    const unknown = { status: "unknownFutureValue" };
    const before = await sendAttempt(world, { method: "GET", path: operation });

    const patched = await sendAttempt(world, { method: "PATCH", path: operation, body: unknown });
    const posted = await sendAttempt(world, {
      method: "POST",
      path: "/customerCreationOperations",
      body: { domain: "{free}", ...unknown },
    });

    expect(patched).toMatchObject({ status: 200, json: before.json });
    expectRefusal(posted, { status: 400, code: "unknownEnumMember", target: "status" });
  });

  describe("of the status of an operation", () => {
    testRefusals(
      () => world,
      ofStatus.flatMap(([what, status, code]): readonly Case[] => [
        [
          `a status ${what} is answered 400 in a PATCH`,
          { method: "PATCH", path: operation, body: { status } },
          { status: 400, code, target: "status" },
        ],
        [
          `a status ${what} is answered 400 in a new operation`,
          { method: "POST", path: "/customerCreationOperations", body: { domain: "{free}", status } },
          { status: 400, code: code === "propertyNotUpdateable" ? "malformedValue" : code, target: "status" },
        ],
      ]),
    );
    testRefusals(
      () => world,
      [
        [
          "a new operation cannot be canceled at once",
          { method: "POST", path: "/customerCreationOperations", body: { domain: "{free}", status: "canceled" } },
          { status: 400, code: "malformedValue", target: "status" },
        ],
        [
          "cancel and another domain at once are answered 400",
          { method: "PATCH", path: operation, body: { status: "canceled", domain: "{free}" } },
          { status: 400, code: "malformedValue", target: "status" },
        ],
        [
          "an operation that has succeeded cannot be canceled",
          { method: "PATCH", path: "/customerCreationOperations/{done}", body: { status: "canceled" } },
          { status: 409, code: "operationNotModifiable", target: "status" },
        ],
        [
          "an operation that was canceled cannot be opened again",
          { method: "PATCH", path: "/customerCreationOperations/{canceled}", body: { status: "notStarted" } },
          { status: 400, code: "propertyNotUpdateable", target: "status" },
        ],
        ...["running", "failed", "done", "canceled"].map(
          (name): Case => [
            `an operation that is ${name} takes no other domain`,
            { method: "PATCH", path: `/customerCreationOperations/{${name}}`, body: { domain: "{free}" } },
            { status: 409, code: "operationNotModifiable", target: "domain" },
          ],
        ),
        [
          "another domain beside a value that cannot be changed is answered 400",
          { method: "PATCH", path: operation, body: { domain: "{free}", attempts: 3 } },
          propertyNotUpdateable("attempts"),
        ],
      ],
    );

    test("canceled gives its domain free, and again changes nothing", async () => {
      const { id, domain } = await openOperation(world.service);
      const path = `/customerCreationOperations/${id}`;

      const first = await world.service.patch(path, { status: "canceled" });
      const between = await stateOf(world.service);
      const second = await world.service.patch(path, { status: "canceled" });
      const after = await stateOf(world.service);

      expect(first.json).toMatchObject({ status: "canceled", error: { innerError: { code: "canceledByClient" } } });
      expect(between.domains.map((row) => row.domain)).not.toContain(domain);
      expect(second).toMatchObject({ status: 200, json: first.json });
      expect(after).toEqual(between);
    });

    test("canceled is undone by the work loop when it had a customer, which is gone after that", async () => {
      const { operation: id, customer: customerId, domain } = await addCustomer(world.service, minimal);

      const answer = await world.service.patch(`/customerCreationOperations/${id}`, { status: "canceled" });
      const removing = await world.service.get(`/customers/${customerId}`);
      await finishWork(world.service);
      const removed = await world.service.get(`/customers/${customerId}`);
      const { domains } = await stateOf(world.service);

      expect(answer.json.status).toBe("canceled");
      expect(removing.json.lifecycleState).toBe("removing");
      expect(removed.status).toBe(404);
      expect(domains.map((row) => row.domain)).not.toContain(domain);
    });
  });

  test("an open operation moves to another domain, and its old one is free", async () => {
    const { id, domain } = await openOperation(world.service);
    const wanted = newDomain();

    const answer = await world.service.patch(`/customerCreationOperations/${id}`, { domain: wanted.toUpperCase() });
    const { domains } = await stateOf(world.service);

    const held = domains.map((row) => row.domain);
    expect(answer).toMatchObject({ status: 200, json: { domain: wanted, status: "notStarted" } });
    expect(held).toContain(wanted);
    expect(held).not.toContain(domain);
  });
});

/** An entity without what every write makes anew. */
function withoutTimes(entity: object) {
  return { ...entity, "@odata.etag": undefined, lastModifiedDateTime: undefined };
}
