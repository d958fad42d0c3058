import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engines } from "../support/service.ts";
import { type Case, fill, sendAttempt, stateOf, testRefusals } from "./refusal.ts";
import { minimal, openOperation, openWorld, type World } from "./world.ts";

const path = "/customerCreationOperations/{open}/customer/$ref";
const invalidEntityReference = { status: 400, code: "invalidEntityReference", target: "@odata.id" } as const;
const itemNotFound = { status: 404, code: "itemNotFound" } as const;

/** The spellings of the URL of a customer. */
const spellings: readonly (readonly [string, string])[] = [
  ["absolute", "{root}/customers/{active}"],
  ["absolute, under the other version", "{origin}/beta/customers/{active}"],
  ["absolute, with the key in parentheses", "{root}/customers('{active}')"],
  ["absolute, with a named key", "{root}/customers(id='{active}')"],
  ["from the root of the host", "/v1.0/customers/{active}"],
  ["from the root of the service", "/customers/{active}"],
  ["relative", "customers/{active}"],
  ["relative, with the key in parentheses", "customers('{active}')"],
];

const notReferences: readonly (readonly [string, unknown])[] = [
  ["on another host", "https://evil.example/v1.0/customers/{active}"],
  ["on another port", "http://127.0.0.1:9999/v1.0/customers/{active}"],
  ["of another scheme", "https://127.0.0.1:8080/v1.0/customers/{active}"],
  ["with the host as user information", "http://127.0.0.1:8080@evil.example/v1.0/customers/{active}"],
  ["under no service root", "{origin}/customers/{active}"],
  ["of another kind of entity", "customerCreationOperations/{done}"],
  ["of the collection", "customers"],
  ["of a reference", "customers/{active}/$ref"],
  ["of the service", "{root}/"],
  ["of a script", "javascript:alert(1)"],
  ["that is no URL", "http://"],
  ["that is empty", ""],
  ["that is a number", 7],
  ["that is null", null],
  ["that is a list", ["customers/{active}"]],
  ["that is an object", { id: "{active}" }],
];

describe.each(engines)("references on %s", (engine) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(engine);
  });
  afterAll(() => world.service[Symbol.asyncDispose]());

  testRefusals(
    () => world,
    notReferences.flatMap(([what, id]): readonly Case[] =>
      ["@odata.id", "@id"].map((name) => [
        `an ${name} ${what} is answered 400`,
        { method: "POST", path, body: { [name]: id } },
        invalidEntityReference,
      ]),
    ),
  );
  testRefusals(
    () => world,
    [
      ["a reference to nothing", { "@odata.id": "customers/{nothing}" }],
      ["a reference to another partner's customer", { "@odata.id": "{root}/customers/{other}" }],
      ["a reference to a key that is no UUID", { "@odata.id": "customers('x')" }],
      ["a reference to a key with the character NUL", { "@odata.id": "customers('\u0000')" }],
      ["a reference to a key with the character NUL, percent-encoded", { "@odata.id": "customers/%00" }],
    ].map(
      ([what, body]): Case => [`${what} is answered 404`, { method: "POST", path, body: body as object }, itemNotFound],
    ),
  );
  testRefusals(
    () => world,
    [
      [
        "a reference that is also a customer is answered 400",
        { method: "POST", path, body: { "@odata.id": "customers/{active}", ...minimal } },
        { ...invalidEntityReference, message: "companyProfile" },
      ],
      [
        "a reference with one property more is answered 400",
        { method: "POST", path, body: { "@odata.id": "customers/{active}", externalId: "x" } },
        invalidEntityReference,
      ],
      [
        "a reference to a customer that is not active yet is answered 409",
        { method: "POST", path, body: { "@odata.id": "customers/{runningCustomer}" } },
        { status: 409, code: "conflict", target: "@odata.id", message: "provisioning" },
      ],
      [
        "a reference to a customer that has failed is answered 409",
        { method: "POST", path, body: { "@odata.id": "customers/{failedCustomer}" } },
        { status: 409, code: "conflict", target: "@odata.id" },
      ],
      ...["running", "failed", "done"].map(
        (name): Case => [
          `a reference on an operation that is ${name} with another customer is answered 409`,
          {
            method: "POST",
            path: `/customerCreationOperations/{${name}}/customer/$ref`,
            body: { "@odata.id": name === "done" ? "customers/{failedCustomer}" : "customers/{active}" },
          },
          { status: 409, code: "customerAlreadyAttached" },
        ],
      ),
      [
        "a reference on an operation that is canceled is answered 409",
        {
          method: "POST",
          path: "/customerCreationOperations/{canceled}/customer/$ref",
          body: { "@odata.id": "customers/{active}" },
        },
        { status: 409, code: "operationNotModifiable", message: "canceled" },
      ],
      [
        "a reference is not a body of a new customer",
        { method: "POST", path: "/customers", body: { "@odata.id": "customers/{active}" } },
        { status: 400, code: "requiredFieldMissing" },
      ],
    ],
  );

  test.each(spellings)(
    "a reference that is %s adopts the active customer: nothing is provisioned",
    async (_how, url) => {
      const { id, domain } = await openOperation(world.service);
      const operation = `/customerCreationOperations/${id}`;
      const before = await world.service.changes();

      const answer = await world.service.post(`${operation}/customer/$ref`, { "@odata.id": fill(world, url) });
      const after = await world.service.changes();
      const { json } = await world.service.get(operation);
      const holds = await world.service.rows(`select "domain" from "domains" where "domain" = '${domain}'`);

      expect(answer).toMatchObject({ status: 204, text: undefined });
      expect(json).toMatchObject({
        status: "succeeded",
        domain: world.names["activeDomain"],
        resourceLocation: fill(world, "{root}/customers/{active}"),
        expirationDateTime: null,
      });
      expect(after.slice(before.length)).toEqual(["customerCreationOperations updated"]);
      expect(holds).toEqual([]);
    },
  );

  test("the same reference again is answered 204 and changes nothing; annotations beside it are no properties", async () => {
    const { id } = await openOperation(world.service);
    const operation = `/customerCreationOperations/${id}`;
    const body = { "@odata.context": `${world.names["root"]}/$metadata`, "@id": `customers/${world.names["active"]}` };
    const first = await world.service.post(`${operation}/customer/$ref`, body);
    const before = await stateOf(world.service);

    const second = await world.service.post(`${operation}/customer/$ref`, body);
    const after = await stateOf(world.service);
    const references = await world.service.get(`${operation}/customer/$ref`);

    expect([first.status, second.status]).toEqual([204, 204]);
    expect(after).toEqual(before);
    expect(references.json.value).toEqual([{ "@odata.id": fill(world, "{root}/customers/{active}") }]);
  });

  test("a reference to another partner's customer is told from one to nothing in no way", async () => {
    const theirs = await sendAttempt(world, { method: "POST", path, body: { "@odata.id": "customers/{other}" } });
    const nothing = await sendAttempt(world, { method: "POST", path, body: { "@odata.id": "customers/{nothing}" } });

    const { message } = nothing.json.error;
    expect([theirs.status, nothing.status]).toEqual([404, 404]);
    expect(theirs.json.error.message).toBe(message.replace(world.names["nothing"], world.names["other"]));
  });
});
