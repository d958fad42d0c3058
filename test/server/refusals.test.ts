import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engines } from "../support/service.ts";
import { type Attempt, type Case, fill, sendAttempt, testRefusals } from "./refusal.ts";
import { minimal, openWorld, type World } from "./world.ts";

const operation = "/customerCreationOperations/{open}";
const itemNotFound = { status: 404, code: "itemNotFound" } as const;
const notSupported = { status: 501, code: "notSupported" } as const;

/** Every request that names an entity: what is sent to one that is not there, or not the caller's. */
const keyed: readonly (readonly [
  method: string,
  set: "operation" | "customer",
  more: string,
  body: object | undefined,
])[] = [
  ["GET", "operation", "", undefined],
  ["HEAD", "operation", "", undefined],
  ["PATCH", "operation", "", { status: "canceled" }],
  ["DELETE", "operation", "", undefined],
  ["GET", "operation", "/customer", undefined],
  ["GET", "operation", "/customer/$count", undefined],
  ["GET", "operation", "/customer/$ref", undefined],
  ["GET", "operation", "/status", undefined],
  ["POST", "operation", "/customer", minimal],
  ["GET", "operation", "/customer/{other}", undefined],
  ["POST", "operation", "/customer/$ref", minimal],
  ["POST", "operation", "/customer/$ref", { "@odata.id": "customers/{active}" }],
  ["DELETE", "operation", "/customer/$ref?$id=customers/{other}", undefined],
  ["DELETE", "operation", "/customer/{other}/$ref", undefined],
  ["GET", "customer", "", undefined],
  ["PATCH", "customer", "", { metadata: { a: "b" } }],
  ["GET", "customer", "/$ref", undefined],
  ["PATCH", "customer", "/metadata", { a: "b" }],
  ["DELETE", "customer", "/billingProfile/email", undefined],
  ["DELETE", "customer", "", undefined],
];

const keyedCases: readonly Case[] = keyed
  .filter(([method]) => method !== "HEAD")
  .flatMap(([method, set, more, body]): readonly Case[] => {
    const path = set === "operation" ? "/customerCreationOperations" : "/customers";
    const others = set === "operation" ? "{otherOpen}" : "{other}";
    const attempt = (key: string): Attempt => ({
      method,
      path: `${path}/${key}${more}`,
      ...(body === undefined ? {} : { body }),
    });
    return [
      [`${method} of an unknown ${set}${more} is answered 404`, attempt("{nothing}"), itemNotFound],
      [`${method} of another partner's ${set}${more} is answered 404`, attempt(others), itemNotFound],
      [`${method} of a key that is no UUID, ${set}${more}, is answered 404`, attempt("x'y"), itemNotFound],
      [`${method} of a key with the character NUL, ${set}${more}, is answered 404`, attempt("%00"), itemNotFound],
    ];
  });

const pathCases: readonly Case[] = [
  ...["!//", "!/v2.0/customers", "!/V1.0/customers", "!/customers", "!*"].map(
    (path): Case => [
      `GET of ${path.slice(1)}, which is under no service root, is answered 404`,
      get(path),
      itemNotFound,
    ],
  ),
  ...[
    "/users",
    "/customer",
    "/customers/{active}/nothing",
    "/customers/{active}/partnerId",
    "/customers/{active}/version",
    `${operation}/bodyDigest`,
    `${operation}/customer/$ref/x`,
    `${operation}/customers`,
    "/customers/$count/x",
    "/$metadata/x",
  ].map((path): Case => [`GET of ${path}, which leads nowhere, is answered 404`, get(path), itemNotFound]),
  ["an unknown path is answered 404 even without a token", { ...get("/users"), token: null }, itemNotFound],
  ["GET of /$all is not supported and is answered 501", get("/$all"), notSupported],
  ...[
    "/customers(tenantId='x')",
    "/customers(externalid='x',id='y')",
    "/customerCreationOperations(externalId='x')",
  ].map(
    (path): Case => [
      `GET of ${path}, whose key is no alternate key, is answered 400`,
      get(path),
      { status: 400, code: path.includes(",") ? "invalidRequest" : "invalidAlternateKey" },
    ],
  ),
  ...["/customers/%", "/customers/%zz", "/customers/%e0%a4", "/customers/%ed%a0%80", "/%c3%28"].map(
    (path): Case => [
      `GET of ${path}, which is malformed percent-encoding, is answered 400`,
      get(path),
      { status: 400, code: "invalidRequest", message: "percent-encoding" },
    ],
  ),
  ...["/customers()", "/customers('x)", "/customers('a'b')", "/customers(1.5)", "/customers('x')('x')"].map(
    (path): Case => [
      `GET of ${path}, whose key is malformed, is answered 400`,
      get(path),
      { status: 400, code: "invalidRequest", message: "is not a key" },
    ],
  ),
  [
    "a path that is too long is answered 414",
    get(`/customers/${"x".repeat(17_000)}`),
    { status: 414, code: "uriTooLong", message: "16384" },
  ],
  [
    "a query that is too long is answered 414",
    get(`/customers?x=${"x".repeat(17_000)}`),
    { status: 414, code: "uriTooLong" },
  ],
];

const methodCases: readonly Case[] = (
  [
    ["/", "GET, HEAD, OPTIONS", ["POST", "PUT", "PATCH", "DELETE"]],
    ["/$metadata", "GET, HEAD, OPTIONS", ["POST", "DELETE"]],
    ["/openapi.json", "GET, HEAD, OPTIONS", ["POST", "DELETE"]],
    ["/swagger.json", "GET, HEAD, OPTIONS", ["POST", "DELETE"]],
    ["/$batch", "POST, OPTIONS", ["GET", "PUT", "PATCH", "DELETE"]],
    ["/customers", "GET, POST, HEAD, OPTIONS", ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "get"]],
    ["/customers/$count", "GET, HEAD, OPTIONS", ["POST", "PUT"]],
    ["/customers/delta()", "GET, HEAD, OPTIONS", ["POST", "PUT", "PATCH", "DELETE"]],
    ["/customerCreationOperations/graph.delta", "GET, HEAD, OPTIONS", ["POST", "DELETE"]],
    ["/customers/{active}", "GET, PATCH, DELETE, HEAD, OPTIONS", ["POST", "PUT"]],
    ["/customerCreationOperations", "GET, POST, HEAD, OPTIONS", ["PUT", "PATCH", "DELETE"]],
    [operation, "GET, PATCH, DELETE, HEAD, OPTIONS", ["POST", "PUT"]],
    [`${operation}/customer`, "GET, POST, HEAD, OPTIONS", ["PUT", "PATCH", "DELETE"]],
    [`${operation}/customer/$ref`, "GET, POST, DELETE, HEAD, OPTIONS", ["PUT", "PATCH"]],
    [`${operation}/customer/{active}/$ref`, "GET, DELETE, HEAD, OPTIONS", ["POST", "PUT"]],
  ] as const
).flatMap(([path, allow, methods]) =>
  methods.map(
    (method): Case => [
      `${method} of ${path} is answered 405 with the methods that are allowed`,
      { method, path, token: null },
      { status: 405, code: "notAllowed", headers: { Allow: new RegExp(`^${allow}$`) } },
    ],
  ),
);

describe.each(engines)("refusals on %s", (engine) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(engine);
  });
  afterAll(() => world.service[Symbol.asyncDispose]());

  testRefusals(() => world, keyedCases);
  testRefusals(() => world, pathCases);
  testRefusals(() => world, methodCases);

  test.each(keyed)("%s of a %s%s tells another partner's from nothing in no way", async (method, set, more, body) => {
    const path = set === "operation" ? "/customerCreationOperations" : "/customers";
    const theirs = set === "operation" ? "{otherOpen}" : "{other}";
    const sending = { method, headers: { "client-request-id": "same" }, ...(body === undefined ? {} : { body }) };

    const nothing = await sendAttempt(world, { ...sending, path: `${path}/{nothing}${more}` });
    const another = await sendAttempt(world, { ...sending, path: `${path}/${theirs}${more}` });

    expect(nothing.status).toBe(404);
    expect(anonymous(another, fill(world, theirs))).toEqual(anonymous(nothing, fill(world, "{nothing}")));
  });

  test("a HEAD that is refused has the status of the GET and no body", async () => {
    const answers = await Promise.all(
      ["/users", "/customers/{nothing}", "/customers?$apply=identity"].map((path) =>
        sendAttempt(world, { method: "HEAD", path }),
      ),
    );

    expect(answers.map(({ status, text }) => [status, text])).toEqual([
      [404, undefined],
      [404, undefined],
      [501, undefined],
    ]);
  });
});

function get(path: string): Attempt {
  return { method: "GET", path };
}

/** An answer without what names the request itself. */
function anonymous(answer: Awaited<ReturnType<typeof sendAttempt>>, key: string) {
  const text = answer.text
    ?.replaceAll(String(answer.headers["request-id"]), "(request)")
    .replace(/"date":"[^"]*"/, "(date)")
    .replaceAll(key, "(key)");
  return { ...answer, json: undefined, text, headers: { ...answer.headers, "request-id": "(request)" } };
}
