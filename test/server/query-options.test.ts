import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { printNextLink } from "../../src/odata/skip-token.ts";
import { engines, newDomain } from "../support/service.ts";
import { type Case, sendAttempt, testRefusals } from "./refusal.ts";
import { openWorld, type World } from "./world.ts";

/** The system query options of OData 4.01 with a value that is well-formed. */
const systemOptions = {
  apply: "groupby((status))",
  compute: "1 add 1 as two",
  count: "true",
  deltatoken: "abc",
  expand: "customer",
  filter: "status eq 'running'",
  format: "json",
  id: "customers('x')",
  index: "1",
  orderby: "id desc",
  search: "contoso",
  select: "id",
  skip: "1",
  skiptoken: "abc",
  top: "1",
} as const;

/** Requests that can be asked anything, and the options that each can honour. */
const requests = [
  {
    method: "GET",
    path: "/customers",
    honours: [
      "filter",
      "search",
      "orderby",
      "top",
      "skip",
      "count",
      "compute",
      "select",
      "expand",
      "format",
      "skiptoken",
    ],
  },
  {
    method: "GET",
    path: "/customerCreationOperations",
    honours: [
      "filter",
      "search",
      "orderby",
      "top",
      "skip",
      "count",
      "compute",
      "select",
      "expand",
      "format",
      "skiptoken",
    ],
  },
  { method: "GET", path: "/customers/$count", honours: ["compute", "filter", "search"] },
  { method: "GET", path: "/customers/{active}", honours: ["compute", "select", "expand", "format"] },
  { method: "GET", path: "/customerCreationOperations/{open}", honours: ["compute", "select", "expand", "format"] },
  {
    method: "GET",
    path: "/customerCreationOperations/{done}/customer",
    honours: [
      "filter",
      "search",
      "orderby",
      "top",
      "skip",
      "count",
      "compute",
      "select",
      "expand",
      "format",
      "skiptoken",
    ],
  },
  {
    method: "GET",
    path: "/customerCreationOperations/{done}/customer/$ref",
    honours: ["filter", "search", "orderby", "top", "skip", "count", "format", "skiptoken"],
  },
  { method: "GET", path: "/customers/{active}/$ref", honours: ["format"] },
  { method: "GET", path: "/customers/{active}/billingProfile", honours: ["select", "format"] },
  { method: "GET", path: "/customers/{active}/externalId", honours: ["format"] },
  { method: "PUT", path: "/customers/{active}/billingProfile/email", body: { value: null }, honours: ["format"] },
  { method: "DELETE", path: "/customers/{active}/billingProfile/email", honours: ["format"] },
  {
    method: "POST",
    path: "/customerCreationOperations",
    body: { domain: newDomain() },
    honours: ["compute", "select", "expand", "format"],
  },
  {
    method: "PATCH",
    path: "/customers/{active}",
    body: { metadata: { a: "b" } },
    honours: ["compute", "select", "expand", "format"],
  },
  { method: "DELETE", path: "/customers/{active}", honours: [] },
  { method: "DELETE", path: "/customerCreationOperations/{failed}/customer/$ref", honours: ["id"] },
] as const;

const unsupported = requests.flatMap(({ honours, path, ...request }) =>
  Object.entries(systemOptions)
    .filter(([option]) => !honours.some((each) => each === option))
    .flatMap(([option, value]) =>
      spellings(path, option).map(
        (name): Case => [
          `${request.method} of ${path} with ${name} is answered 501`,
          { ...request, path: `${path}?${name}=${encodeURIComponent(value)}` },
          { status: 501, code: "notSupported", target: `$${option}` },
        ],
      ),
    ),
);

const invalidQueryOption = { status: 400, code: "invalidQueryOption" } as const;
const malformed: readonly Case[] = [
  [
    "an option of OData's kind that is none is answered 400",
    query("$bogus=1"),
    { ...invalidQueryOption, target: "$bogus" },
  ],
  ["a dollar sign alone is answered 400", query("$=1"), invalidQueryOption],
  ["two dollar signs are answered 400", query("$$top=1"), invalidQueryOption],
  [
    "a misspelled option is answered 400 with those that are known",
    query("$fitler=a"),
    { ...invalidQueryOption, message: /\$filter/ },
  ],
  [
    "an option that stands twice is answered 400",
    query("$skiptoken=a&$skiptoken=b"),
    { ...invalidQueryOption, target: "$skiptoken", message: "more than once" },
  ],
  [
    "an option that stands once with its dollar sign and once without is answered 400",
    query("$skiptoken=a&SKIPTOKEN=b"),
    invalidQueryOption,
  ],
  ["an option that stands twice, first empty, is answered 400", query("$skiptoken=&$skiptoken=b"), invalidQueryOption],
  [
    "malformed percent-encoding in a value is answered 400",
    query("x=%zz"),
    { ...invalidQueryOption, message: "percent-encoding" },
  ],
  ["malformed percent-encoding in a name is answered 400", query("%e0%a4=1"), invalidQueryOption],
  ["a malformed option after a good one is answered 400", query("custom=1&$bogus=1"), invalidQueryOption],
  [
    "an option that is not supported is still answered 501 beside one that is not OData's",
    query("custom=1&$apply=identity"),
    { status: 501, code: "notSupported" },
  ],
];

/** The documents are read without a token, and yet nothing that is sent is ignored (decision D20). */
const ofDocuments = ["/$metadata", "/", "/openapi.json"].flatMap((path): readonly Case[] => [
  [
    `GET of ${path} with $filter is answered 501`,
    { method: "GET", path: `${path}?$filter=a`, token: null },
    { status: 501, code: "notSupported", target: "$filter" },
  ],
  [
    `GET of ${path} with $format, in a format that it does not have, is answered 406`,
    { method: "GET", path: `${path}?$format=application/atom%2bxml`, token: null },
    { status: 406, code: "invalidAcceptType" },
  ],
  [
    `GET of ${path} with an option of OData's kind that is none is answered 400`,
    { method: "GET", path: `${path}?$bogus=1`, token: null },
    { ...invalidQueryOption, target: "$bogus" },
  ],
  [
    `GET of ${path} with malformed percent-encoding is answered 400`,
    { method: "GET", path: `${path}?x=%zz`, token: null },
    invalidQueryOption,
  ],
]);

const tampered = ["", "abc", "%00", "====", "../..", Buffer.from("{nothing").toString("base64url"), "x".repeat(5000)];

describe.each(engines)("query options on %s", (engine) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(engine);
  });
  afterAll(() => world.service[Symbol.asyncDispose]());

  testRefusals(() => world, unsupported);
  testRefusals(() => world, malformed);
  testRefusals(() => world, ofDocuments);
  testRefusals(
    () => world,
    tampered.map(
      (token): Case => [
        `the $skiptoken '${token.slice(0, 20)}', which is not ours, is answered 400`,
        query(`$skiptoken=${token}`),
        { ...invalidQueryOption, target: "$skiptoken" },
      ],
    ),
  );

  test.each([true, 7, 1e308, "a\0b"])("a $skiptoken that was forged of %j is answered 400", async (after) => {
    const link = printNextLink("/customers", "", [after]);

    const answer = await sendAttempt(world, { method: "GET", path: link });

    expect(answer.status).toBe(400);
    expect(answer.json.error.innerError.code).toBe("invalidQueryOption");
  });

  test.each(["?", "?&&", "?custom=1", "?custom=1&custom=2", "?custom", "?a+b=c%20d", "?api-version=1.0"])(
    "options that are not OData's, as in '%s', are the client's own affair",
    async (text) => {
      const answer = await sendAttempt(world, { method: "GET", path: `/customers${text}` });

      expect(answer.status).toBe(200);
      expect(answer.json.value).toHaveLength(3);
    },
  );
});

// One path is asked in every spelling; the others go the same way.
function spellings(path: string, option: string): readonly string[] {
  if (path !== "/customers") return [`$${option}`];
  return [`$${option}`, option, `$${option.toUpperCase()}`, option.toUpperCase(), `%24${option}`];
}

function query(text: string) {
  return { method: "GET", path: `/customers?${text}` };
}
