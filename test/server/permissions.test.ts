import type { JWTPayload } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engines, signToken } from "../support/service.ts";
import { expectRefusal, sendAttempt, stateOf } from "./refusal.ts";
import { minimal, openWorld, type World } from "./world.ts";

const permissions = [
  "CustomerCreationOperation.Read.All",
  "CustomerCreationOperation.ReadWrite.All",
  "Customer.Read.All",
  "Customer.ReadWrite.All",
] as const;

/** Which permissions suffice (decision D8), and what is answered to a caller who has one of them. */
const table: readonly {
  readonly suffices: readonly string[];
  readonly requests: readonly (readonly [method: string, path: string, body: object | undefined, status: number])[];
}[] = [
  {
    suffices: permissions,
    requests: [
      ["GET", "/customerCreationOperations", undefined, 200],
      ["GET", "/customerCreationOperations/$count", undefined, 200],
      ["GET", "/customerCreationOperations/delta()", undefined, 200],
      ["GET", "/customerCreationOperations/{open}", undefined, 200],
      ["GET", "/customerCreationOperations/{open}/domain", undefined, 200],
      ["GET", "/customerCreationOperations/{open}/domain/$value", undefined, 200],
      ["GET", "/$entity?$id=customerCreationOperations/{open}", undefined, 200],
    ],
  },
  {
    suffices: ["CustomerCreationOperation.ReadWrite.All", "Customer.ReadWrite.All"],
    requests: [
      ["POST", "/customerCreationOperations", { domain: "!" }, 400],
      ["PATCH", "/customerCreationOperations/{nothing}", { status: "canceled" }, 404],
      ["DELETE", "/customerCreationOperations/{nothing}", undefined, 404],
      ["PUT", "/customerCreationOperations/{nothing}/status", { value: "canceled" }, 404],
      ["POST", "/customerCreationOperations/{nothing}/customer/$ref", minimal, 404],
      ["POST", "/customerCreationOperations/{nothing}/customer", minimal, 404],
      ["DELETE", "/customerCreationOperations/{nothing}/customer/$ref?$id=customers/{active}", undefined, 404],
      ["DELETE", "/customerCreationOperations/{nothing}/customer/{active}/$ref", undefined, 404],
    ],
  },
  {
    suffices: ["Customer.Read.All", "Customer.ReadWrite.All"],
    requests: [
      ["GET", "/customers", undefined, 200],
      ["GET", "/customers/$count", undefined, 200],
      ["GET", "/customers/delta()", undefined, 200],
      ["GET", "/customers/{active}", undefined, 200],
      ["GET", "/customers/{active}/billingProfile", undefined, 200],
      ["GET", "/customers/{active}/$ref", undefined, 200],
      ["GET", "/$entity?$id=customers/{active}", undefined, 200],
      ["GET", "/customerCreationOperations/{done}/customer", undefined, 200],
      ["GET", "/customerCreationOperations/{done}/customer/$count", undefined, 200],
      ["GET", "/customerCreationOperations/{done}/customer/$ref", undefined, 200],
      ["GET", "/customerCreationOperations/{done}/customer/{active}", undefined, 200],
    ],
  },
  {
    suffices: ["Customer.ReadWrite.All"],
    requests: [
      ["POST", "/customers", {}, 400],
      ["PATCH", "/customers/{nothing}", { metadata: {} }, 404],
      ["PATCH", "/customers/{nothing}/metadata", {}, 404],
      ["PUT", "/customers/{nothing}/billingProfile/email", { value: null }, 404],
      ["DELETE", "/customers/{nothing}/billingProfile/email", undefined, 404],
      ["DELETE", "/customers/{nothing}", undefined, 404],
    ],
  },
];

const rows = table.flatMap(({ suffices, requests }) =>
  requests.map(([method, path, body, status]) => ({ suffices, method, path, body, status })),
);

describe.each(engines)("permissions on %s", (engine) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(engine);
  });
  afterAll(() => world.service[Symbol.asyncDispose]());

  describe.each(rows)("for $method $path", ({ suffices, method, path, body, status }) => {
    const attempt = { method, path, ...(body === undefined ? {} : { body }) };

    test.each(insufficient(suffices))("answers 403 to %s, and names what would suffice", async (_name, claims) => {
      const token = await signToken({ roles: undefined, ...claims });
      const before = await stateOf(world.service);

      const answer = await sendAttempt(world, { ...attempt, token });
      const after = await stateOf(world.service);

      expectRefusal(answer, { status: 403, code: "accessDenied", message: suffices.join(" or ") });
      expect(after).toEqual(before);
    });

    test.each(suffices)("%s suffices, for an application and for a person", async (permission) => {
      const application = await signToken({ roles: ["Directory.Read.All", permission] });
      const person = await signToken({ roles: undefined, scp: `openid ${permission} profile` });

      const asApplication = await sendAttempt(world, { ...attempt, token: application });
      const asPerson = await sendAttempt(world, { ...attempt, token: person });

      expect([asApplication.status, asPerson.status]).toEqual([status, status]);
    });
  });

  test("a caller who may not read is not told what there is", async () => {
    const token = await signToken({ roles: ["CustomerCreationOperation.Read.All"] });

    const something = await sendAttempt(world, { method: "GET", path: "/customers/{active}", token });
    const nothing = await sendAttempt(world, { method: "GET", path: "/customers/{nothing}", token });

    expect([something.status, nothing.status]).toEqual([403, 403]);
    expect(something.json.error.message).toBe(nothing.json.error.message);
  });
});

/** Claims that do not grant what is asked for, each with what it is called. */
function insufficient(suffices: readonly string[]): readonly (readonly [name: string, claims: JWTPayload])[] {
  const others = permissions.filter((each) => !suffices.includes(each));
  return [
    ["no permission at all", {}],
    ["permissions that are not ours", { roles: ["Directory.ReadWrite.All", "customer.readwrite.all", ""] }],
    ["roles that are a text", { roles: "Customer.ReadWrite.All" }],
    ["a delegated scope that only contains the name", { scp: "xCustomer.ReadWrite.All Customer.ReadWrite.Allx" }],
    ...others.map((each) => [each, { roles: [each] }] as const),
    ...others.map((each) => [`${each} as a delegated scope`, { scp: each }] as const),
  ];
}
