import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engines } from "../support/service.ts";
import { type Case, testRefusals } from "./refusal.ts";
import { answersOf } from "./send-batch.ts";
import { openWorld, type World } from "./world.ts";

describe.each(engines)("refusals of a batch in JSON on %s", (engine) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(engine);
  });
  afterAll(() => world.service[Symbol.asyncDispose]());

  test.each([
    ["a batch", { method: "POST", url: "/$batch", body: { requests: [] } }, 400, "cannot be part of a batch"],
    [
      "a batch in disguise",
      { method: "POST", url: "/%24batch", body: { requests: [] } },
      400,
      "cannot be part of a batch",
    ],
    [
      "a request to another service",
      { method: "GET", url: "https://elsewhere.example/v1.0/customers" },
      400,
      "elsewhere",
    ],
    [
      "a request of somebody else",
      { method: "GET", url: "/customers", headers: { authorization: "Bearer x" } },
      400,
      "authorization",
    ],
    [
      "a header that has no place there",
      { method: "GET", url: "/customers", headers: { Range: "bytes=0-1" } },
      400,
      "range",
    ],
    ["a text that is not base64", { method: "POST", url: "/customers", body: "{}" }, 400, "base64"],
    [
      "a body of another type",
      { method: "POST", url: "/customers", headers: { "Content-Type": "text/plain" }, body: "x" },
      415,
      "application/json",
    ],
    ["a condition of 4.02", { method: "GET", url: "/customers", if: "$1" }, 501, "'if'"],
    ["the result of a request that it does not depend on", { method: "GET", url: "$0/x" }, 400, "dependsOn"],
  ])("refuses %s by itself and goes on", async (_name, request, status, message) => {
    const before = await world.service.changes();

    const answers = await answersOf(world.service, [
      { id: "0", method: "GET", url: "/customers" },
      { id: "1", ...request },
    ]);

    expect(answers["0"].status).toBe(200);
    expect(answers["1"].status).toBe(status);
    expect(answers["1"].body.error.message).toContain(message);
    expect(await world.service.changes()).toEqual(before);
  });

  testRefusals(() => world, refusals);
});

const opening = { id: "1", method: "POST", url: "/customerCreationOperations", body: { domain: "{free}" } };
const reading = { id: "2", method: "GET", url: "/customers" };

const refusals: readonly Case[] = [
  refused("without requests is refused", {}, "requiredFieldMissing", /'requests' is required/),
  refused("whose requests are no array is refused", { requests: { id: "1" } }, "malformedValue"),
  refused("with a member that has no place is refused", { requests: [], more: 1 }, "unknownProperty"),
  refused("that is an array is refused", [opening], "invalidRequest"),
  refused(
    "of more than twenty requests is refused",
    { requests: Array.from({ length: 21 }, (_, index) => ({ ...opening, id: `${index}` })) },
    "invalidRequest",
    /Number of requests inside batch exceeds the limit/,
  ),
  ...(
    [
      ["a request that is no object is refused", [opening, 1], "malformedValue"],
      ["a request without an id is refused", [opening, { method: "GET", url: "/customers" }], "requiredFieldMissing"],
      ["an id that is a number is refused", [{ ...opening, id: 1 }], "malformedValue"],
      ["an id with a line break is refused", [{ ...opening, id: "1\r\nX: y" }], "malformedValue"],
      [
        "two ids that differ only in case are refused",
        [
          { ...opening, id: "a" },
          { ...reading, id: "A" },
        ],
        "invalidRequest",
      ],
      ["a request without a method is refused", [opening, { id: "2", url: "/customers" }], "requiredFieldMissing"],
      ["a method that is none of the five is refused", [opening, { ...reading, method: "TRACE" }], "malformedValue"],
      ["a request without a URL is refused", [opening, { id: "2", method: "GET" }], "requiredFieldMissing"],
      ["headers that are no object are refused", [opening, { ...reading, headers: "a" }], "malformedValue"],
      ["a header that is no text is refused", [opening, { ...reading, headers: { a: 1 } }], "malformedValue"],
      [
        "a header that is given twice is refused",
        [opening, { ...reading, headers: { a: "1", A: "2" } }],
        "duplicateProperty",
      ],
      ["a member of a request that has no place is refused", [opening, { ...reading, uri: "x" }], "unknownProperty"],
      [
        "a request that depends on an unknown id is refused",
        [opening, { ...reading, dependsOn: ["x"] }],
        "invalidRequest",
      ],
      [
        "a request that depends on a later one is refused",
        [{ ...opening, dependsOn: ["2"] }, reading],
        "invalidRequest",
      ],
      ["a request that depends on itself is refused", [{ ...opening, dependsOn: ["1"] }], "invalidRequest"],
      [
        "requests that depend on each other are refused",
        [
          { ...opening, dependsOn: ["2"] },
          { ...reading, dependsOn: ["1"] },
        ],
        "invalidRequest",
      ],
      [
        "a request that depends on its own group is refused",
        [opening, { ...reading, atomicityGroup: "g" }, { ...reading, id: "3", atomicityGroup: "g", dependsOn: ["g"] }],
        "invalidRequest",
      ],
      ["dependsOn that is no array is refused", [opening, { ...reading, dependsOn: "1" }], "malformedValue"],
      ["a group whose name is an id is refused", [opening, { ...reading, atomicityGroup: "1" }], "invalidRequest"],
      [
        "a group that is not together is refused",
        [{ ...opening, atomicityGroup: "g" }, reading, { ...reading, id: "3", atomicityGroup: "g" }],
        "invalidRequest",
      ],
    ] as const
  ).map(([sentence, requests, code]) => refused(sentence, { requests }, code)),
  [
    "a batch that is no JSON is refused",
    { method: "POST", path: "/$batch", json: "{" },
    { status: 400, code: "malformedJson" },
  ],
  [
    "a batch without a token is refused as a whole",
    { ...post({ requests: [opening] }), token: null },
    { status: 401, code: "unauthenticated" },
  ],
  [
    "a batch of another type is refused",
    { ...post("x"), headers: { "content-type": "text/plain" } },
    { status: 415, code: "unsupportedMediaType" },
  ],
  [
    "a batch in JSON is refused for a client that knows 4.0 only",
    { ...post({ requests: [opening] }), headers: { "odata-maxversion": "4.0" } },
    { status: 415, code: "unsupportedMediaType", message: "4.01", profile: "oasis40" },
  ],
  [
    "a batch whose answer is not accepted is refused before it is carried out",
    { ...post({ requests: [opening] }), headers: { accept: "application/xml" } },
    { status: 406, code: "invalidAcceptType" },
  ],
  ...[{ prefer: "return=minimal" }, { prefer: "maxpagesize=3" }, { "if-match": "*" }, { "if-none-match": "*" }].map(
    (headers): Case => [
      `a batch with ${JSON.stringify(headers)} is refused: that is for each request to say`,
      { ...post({ requests: [opening] }), headers },
      { status: 400, code: "invalidRequest", message: "cannot be that of a batch" },
    ],
  ),
  [
    "a batch with a query option is refused",
    { ...post({ requests: [opening] }), path: "/$batch?$top=1" },
    { status: 501, code: "notSupported" },
  ],
];

function refused(sentence: string, body: object, code: string, message: RegExp = /./): Case {
  return [`a batch: ${sentence}`, post(body), { status: 400, code, message }];
}

function post(body: object | string) {
  return { method: "POST", path: "/$batch", body } as const;
}
