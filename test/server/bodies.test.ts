import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engines } from "../support/service.ts";
import { type Attempt, type Case, expectRefusal, type Refusal, sendAttempt, testRefusals } from "./refusal.ts";
import { minimal, openWorld, type World } from "./world.ts";

/** Every request that takes a body, each with one that would be accepted. */
const requests: readonly (readonly [method: string, path: string, body: object])[] = [
  ["POST", "/customerCreationOperations", { domain: "{free}" }],
  ["PATCH", "/customerCreationOperations/{open}", { domain: "{free}" }],
  ["POST", "/customerCreationOperations/{open}/customer/$ref", minimal],
  ["POST", "/customers", { companyProfile: { domain: "{free}" }, billingProfile: {} }],
  ["PATCH", "/customers/{active}", { metadata: { a: "b" } }],
];

const unsupportedMediaType = { status: 415, code: "unsupportedMediaType" } as const;
const invalidRequest = { status: 400, code: "invalidRequest" } as const;
const malformedJson = { status: 400, code: "malformedJson", message: "not valid JSON" } as const;

/** Headers under which a good body is not read. */
const media: readonly (readonly [string, Readonly<Record<string, string>>, RegExp | string])[] = [
  ["without Content-Type", {}, "application/json. It is missing"],
  ["as a form", { "content-type": "application/x-www-form-urlencoded" }, "application/json"],
  ["as text", { "content-type": "text/plain;charset=utf-8" }, "text/plain"],
  ["as text/json", { "content-type": "text/json" }, "application/json"],
  ["as problem+json", { "content-type": "application/problem+json" }, "application/json"],
  ["as jsonp", { "content-type": "application/jsonp" }, "application/json"],
  ["as multipart", { "content-type": "multipart/mixed;boundary=b" }, "application/json"],
  ["with an empty Content-Type", { "content-type": "" }, "application/json"],
  ["in UTF-16", { "content-type": "application/json;charset=utf-16" }, "UTF-8"],
  ["in Latin-1, in quotes", { "content-type": 'application/json; Charset="iso-8859-1"' }, "UTF-8"],
  ["compressed with gzip", { "content-type": "application/json", "content-encoding": "gzip" }, "gzip"],
  ["compressed with br", { "content-type": "application/json", "content-encoding": "br" }, "br"],
];

/** Texts that no request reads as its body. */
const texts: readonly (readonly [string, string, Refusal])[] = [
  ["an empty body", "", { ...invalidRequest, message: "empty" }],
  ["a body of white space", " \r\n\t", { ...invalidRequest, message: "empty" }],
  ["an array", '[{"a":1}]', { ...invalidRequest, message: "an array" }],
  ["a text", '"text"', { ...invalidRequest, message: "a string" }],
  ["a number", "7", { ...invalidRequest, message: "a number" }],
  ["a truth value", "true", { ...invalidRequest, message: "a boolean" }],
  ["null", "null", { ...invalidRequest, message: "null" }],
  ["an object that is cut off", '{"domain":', malformedJson],
  ["a trailing comma", '{"domain":"x",}', malformedJson],
  ["single quotes", "{'domain':'x'}", malformedJson],
  ["a name without quotes", '{domain:"x"}', malformedJson],
  ["a comment", '{"domain":"x"/* y */}', malformedJson],
  ["two values", "{} {}", malformedJson],
  ["NaN", '{"domain":NaN}', malformedJson],
  ["a line break in a text", '{"domain":"a\nb"}', malformedJson],
  ["a NUL behind the object", "{}\0", malformedJson],
];

/** Bytes that are not UTF-8 where a text stands. */
const notUtf8: readonly (readonly [string, readonly number[]])[] = [
  ["a lone continuation byte", [0x80]],
  ["an overlong slash", [0xc0, 0xaf]],
  ["half a surrogate pair", [0xed, 0xa0, 0x80]],
  ["a character that is cut off", [0xe2, 0x82]],
  ["Latin-1", [0xfc]],
];

const duplicates: readonly (readonly [string, string, readonly string[]])[] = [
  ["at the top", '{"externalId":"a","externalId":"b"}', ["externalId"]],
  ["at the top, with the same value", '{"externalId":"a","externalId":"a"}', ["externalId"]],
  ["in two spellings of JSON", String.raw`{"externalId":"a","\u0065xternalId":"b"}`, ["externalId"]],
  ["in a complex value", '{"companyProfile":{"domain":"a","domain":"b"}}', ["companyProfile/domain"]],
  [
    "two levels down",
    '{"billingProfile":{"defaultAddress":{"city":"a","city":"b"}}}',
    ["billingProfile/defaultAddress/city"],
  ],
  ["in metadata", '{"metadata":{"a":"1","a":"2"}}', ["metadata/a"]],
  ["in an object of a list", '{"x":[{"a":1},{"a":1,"a":2}]}', ["x/1/a"]],
  ["with all the others", '{"a":1,"a":2,"b":{"c":1,"c":2}}', ["a", "b/c"]],
];

describe.each(engines)("bodies on %s", (engine) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(engine);
  });
  afterAll(() => world.service[Symbol.asyncDispose]());

  describe.each(requests)("of %s %s", (method, path, good) => {
    const json = (text: string): Attempt => ({ method, path, json: text });
    const bytes = (body: Uint8Array): Attempt => ({
      method,
      path,
      body,
      headers: { "content-type": "application/json" },
    });

    testRefusals(
      () => world,
      media.map(
        ([how, headers, message]): Case => [
          `${how} are answered 415`,
          { method, path, body: JSON.stringify(good), headers },
          { ...unsupportedMediaType, message },
        ],
      ),
    );
    testRefusals(
      () => world,
      texts.map(([what, text, refusal]): Case => [`that are ${what} are answered 400`, json(text), refusal]),
    );
    testRefusals(
      () => world,
      notUtf8.map(
        ([what, wrong]): Case => [
          `with ${what} are answered 400`,
          bytes(Uint8Array.from([...Buffer.from('{"externalId":"'), ...wrong, ...Buffer.from('"}')])),
          { status: 400, code: "malformedJson", message: "not valid UTF-8" },
        ],
      ),
    );
    testRefusals(
      () => world,
      duplicates.map(
        ([where, text, targets]): Case => [
          `with two members of one name ${where} are answered 400`,
          json(text),
          {
            status: 400,
            code: "duplicateProperty",
            details: targets.map((target) => ["duplicateProperty", target] as const),
          },
        ],
      ),
    );
    testRefusals(
      () => world,
      [
        [
          "of more than 1000000 bytes are answered 413",
          bytes(paddedTo(1_000_001, good)),
          { status: 413, code: "payloadTooLarge", message: "1000000" },
        ],
        [
          "that are nested 65 objects deep are answered 400",
          json(`${'{"a":'.repeat(65)}1${"}".repeat(65)}`),
          { ...invalidRequest, message: "64 levels" },
        ],
        [
          "that are nested 65 lists and objects deep are answered 400",
          json(`{"a":${"[".repeat(64)}${"]".repeat(64)}}`),
          { ...invalidRequest, message: "64 levels" },
        ],
        [
          "that are nested so deeply that they would exhaust the stack are answered 400",
          json("[".repeat(900_000)),
          { ...invalidRequest, message: "64 levels" },
        ],
        [
          "that are nested 64 levels deep are read, and refused for what they say",
          json(`${'{"nonsense":'.repeat(64)}1${"}".repeat(64)}`),
          { status: 400, code: "unknownProperty" },
        ],
      ],
    );
  });

  test("a body of exactly 1000000 bytes is read", async () => {
    const body = paddedTo(1_000_000, { metadata: { size: "1 MB" } });

    const answer = await sendAttempt(world, {
      method: "PATCH",
      path: "/customers/{active}",
      body,
      headers: { "content-type": "application/json" },
    });

    expect(answer.status).toBe(200);
    expect(answer.json.metadata).toMatchObject({ size: "1 MB" });
  });

  test.each([
    "application/json",
    "Application/JSON",
    "application/json;charset=utf-8",
    'application/json; charset="UTF-8"',
    "application/json;charset=utf8",
    "application/json;odata.metadata=minimal;IEEE754Compatible=true",
  ])("a body that is sent as %s is read", async (type) => {
    const answer = await sendAttempt(world, {
      method: "PATCH",
      path: "/customers/{active}",
      body: '\ufeff{"metadata":{"type":"read"}}',
      headers: { "content-type": type, "content-encoding": "identity" },
    });

    expect(answer.status).toBe(200);
    expect(answer.json.metadata).toMatchObject({ type: "read" });
  });

  testRefusals(
    () => world,
    (
      [
        ["GET", "/customers/{active}"],
        ["DELETE", "/customers/{active}"],
        ["DELETE", "/customerCreationOperations/{open}"],
        ["DELETE", "/customerCreationOperations/{failed}/customer/{failedCustomer}/$ref"],
      ] as const
    ).map(
      ([method, path]): Case => [
        `${method} of ${path} with a body is answered 400`,
        { method, path, body: { a: 1 } },
        { ...invalidRequest, message: "no body" },
      ],
    ),
  );

  test.each([
    ["unknown properties", (index: number) => `"${index.toString(36)}":0`, ""],
    ["members of one name", () => '"a":0', ""],
    ["malformed values of metadata", (index: number) => `"${index}":0`, '"metadata":'],
  ])("a body of 100000 %s is answered 400, in fewer words than it has itself", async (_what, member, name) => {
    const members = Array.from({ length: 100_000 }, (_, index) => member(index)).join(",");
    const json = name === "" ? `{${members}}` : `{${name}{${members}}}`;

    const answer = await sendAttempt(world, { method: "POST", path: "/customers", json });

    expect(answer.status).toBe(400);
    expect(answer.json.error.details.length).toBeGreaterThan(1);
    expect(answer.text?.length).toBeLessThan(json.length);
  });

  test("a body that is too long is refused before it is read, with no word about what it says", async () => {
    const answer = await sendAttempt(world, {
      method: "POST",
      path: "/customers",
      body: "x".repeat(1_000_001),
    });

    expectRefusal(answer, { status: 413, code: "payloadTooLarge" });
  });
});

/** A good body, made as long as is wanted by white space. */
function paddedTo(length: number, body: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(body).padEnd(length));
}
