import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engines } from "../support/service.ts";
import { type BodyRow, testBodyRefusals } from "./body-refusals.ts";
import { type Case, sendAttempt, testRefusals } from "./refusal.ts";
import { minimal, openOperation, openWorld, type World } from "./world.ts";

const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, "x"]));
const malformed = (name: string) => [["malformedValue", `metadata/${name}`]] as const;

const limits: readonly BodyRow[] = [
  ["with 51 values of metadata", { metadata: many(51) }, [["malformedValue", "metadata"]], /at most 50.*51/],
  ["with a value of 501 characters", { metadata: { a: "x".repeat(501) } }, malformed("a"), /500 characters.*501/],
  ["with a name of 41 characters", { metadata: { ["x".repeat(41)]: "a" } }, malformed("x".repeat(41)), /up to 40/],
  ...["", "1a", "a-b", "a b", "a[0]", "a.b", "a/b", "$a", "\u0000", "a\ud83d"].map(
    (name): BodyRow => [
      `with a value of metadata named ${JSON.stringify(name)}`,
      { metadata: { [name]: "a" } },
      malformed(name),
    ],
  ),
  ...[7, true, {}, [], ["a"], { a: "b" }].map(
    (value): BodyRow => [
      `with ${JSON.stringify(value)} as a value of metadata`,
      { metadata: { a: value } },
      malformed("a"),
      /must be a text/,
    ],
  ),
  ["with NUL in a value of metadata", { metadata: { a: "b\0" } }, malformed("a"), /Unicode/],
  ["with half a surrogate pair in a value of metadata", { metadata: { a: "\ud83d" } }, malformed("a"), /Unicode/],
  [
    "with several faults in metadata",
    { metadata: { "a-b": "x", c: 7, "d e": "x".repeat(501) } },
    [
      ["malformedValue", "metadata/a-b"],
      ["malformedValue", "metadata/c"],
      ["malformedValue", "metadata/d e"],
      ["malformedValue", "metadata/d e"],
    ],
  ],
];

/** Names that are traps in JavaScript. They are written as text: an object literal would not have them as members. */
const traps = ["__proto__", "constructor", "prototype", "hasOwnProperty", "toString"];
const places = [
  ["at the top", "", (name: string) => `{"${name}":{"polluted":"yes"},"companyProfile":{},"billingProfile":{}}`],
  [
    "in a profile",
    "companyProfile/",
    (name: string) => `{"companyProfile":{"${name}":{"polluted":"yes"}},"billingProfile":{}}`,
  ],
  [
    "two levels down",
    "billingProfile/defaultAddress/",
    (name: string) => `{"companyProfile":{},"billingProfile":{"defaultAddress":{"${name}":{"polluted":"yes"}}}}`,
  ],
  [
    "in metadata",
    "metadata/",
    (name: string) => `{"companyProfile":{},"billingProfile":{},"metadata":{"${name}":{"polluted":"yes"}}}`,
  ],
] as const;

describe.each(engines)("metadata and names on %s", (engine) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(engine);
  });
  afterAll(() => world.service[Symbol.asyncDispose]());

  testBodyRefusals(() => world, limits);
  testRefusals(
    () => world,
    traps.flatMap((name) =>
      places.map(
        ([where, path, text]): Case => [
          `${name} ${where} is answered 400`,
          { method: "POST", path: "/customerCreationOperations/{open}/customer/$ref", json: text(name) },
          { status: 400, code: path === "metadata/" ? "malformedValue" : "unknownProperty", ...details(path, name) },
        ],
      ),
    ),
  );
  testRefusals(
    () => world,
    [
      [
        "__proto__ of an operation is answered 400",
        "POST",
        "/customerCreationOperations",
        '{"domain":"{free}","__proto__":{"status":"canceled"}}',
      ],
      [
        "__proto__ with what is required is answered 400",
        "POST",
        "/customers",
        '{"__proto__":{"companyProfile":{"domain":"{free}"},"billingProfile":{}}}',
      ],
      [
        "__proto__ in a PATCH of a customer is answered 400",
        "PATCH",
        "/customers/{active}",
        '{"__proto__":{"lifecycleState":"removed"}}',
      ],
      [
        "__proto__ as a text in metadata is answered 400",
        "PATCH",
        "/customers/{active}",
        '{"metadata":{"__proto__":"x"}}',
      ],
      [
        "__proto__ as null in metadata is answered 400",
        "PATCH",
        "/customers/{active}",
        '{"metadata":{"__proto__":null}}',
      ],
    ].map(
      ([sentence = "", method = "", path = "", json = ""]): Case => [
        sentence,
        { method, path, json },
        { status: 400, code: json.includes("metadata") ? "malformedValue" : "unknownProperty" },
      ],
    ),
  );

  test("nothing that was refused has got into the prototype of objects", async () => {
    const json = '{"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}}}';

    await sendAttempt(world, { method: "POST", path: "/customers", json });

    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });

  test.each(["constructor", "prototype", "toString", "größe", "_x", "名前"])(
    "a value of metadata may be named %s, and comes back as it is",
    async (name) => {
      const patched = await sendAttempt(world, {
        method: "PATCH",
        path: "/customers/{active}",
        body: { metadata: { [name]: "kept" } },
      });
      const read = await sendAttempt(world, { method: "GET", path: "/customers/{active}" });

      expect(patched.status).toBe(200);
      expect(Object.entries(read.json.metadata)).toContainEqual([name, "kept"]);
    },
  );

  test("metadata may hold 50 values of 500 characters, named with 40", async () => {
    const operation = await openOperation(world.service);
    const metadata = { ...many(49), ["x".repeat(40)]: "😀".repeat(500) };
    const body = { ...minimal, metadata };

    const answer = await world.service.post(`/customerCreationOperations/${operation.id}/customer/$ref`, body, {
      headers: { prefer: "return=representation" },
    });

    expect(answer.status).toBe(201);
    expect(answer.json.metadata).toEqual(metadata);
  });

  test("metadata grows past 50 values in no PATCH either", async () => {
    const first = await sendAttempt(world, {
      method: "PATCH",
      path: "/customers/{runningCustomer}",
      body: { metadata: many(50) },
    });
    const second = await sendAttempt(world, {
      method: "PATCH",
      path: "/customers/{runningCustomer}",
      body: { metadata: { another: "x" } },
    });

    expect(first.status).toBe(200);
    expect(second.status).toBe(400);
    expect(second.json.error.target).toBe("metadata");
  });

  test("a name with an at sign is not dropped in silence", async () => {
    const answer = await sendAttempt(world, {
      method: "PATCH",
      path: "/customers/{active}",
      body: { metadata: { "ana@fabrikam": "x" } },
    });

    expect(answer.status).toBe(400);
    expect(answer.json.error.target).toBe("metadata/ana@fabrikam");
  });

  test("null takes a value away and leaves the others", async () => {
    const path = "/customers/{failedCustomer}";
    await sendAttempt(world, { method: "PATCH", path, body: { metadata: { a: "1", b: "2" } } });

    const answer = await sendAttempt(world, { method: "PATCH", path, body: { metadata: { a: null, c: "3" } } });

    expect(answer.json.metadata).toEqual({ b: "2", c: "3" });
  });
});

// A trap in metadata is wrong by its value too; `__proto__` is wrong by its name besides.
function details(path: string, name: string) {
  const fault = [path === "metadata/" ? "malformedValue" : "unknownProperty", path + name] as const;
  return { details: path === "metadata/" && name === "__proto__" ? [fault, fault] : [fault] };
}
