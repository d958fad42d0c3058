import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { problemCodes } from "../../src/model/problem.ts";
import { type Attempt, type Case, testRefusals, topLevelCodes } from "../server/refusal.ts";
import { openWorld, type World } from "../server/world.ts";
import { meddle } from "../support/failing-database.ts";
import { engines, signToken, startService } from "../support/service.ts";

const operation = "/customerCreationOperations/{open}";
const reader = await signToken({ roles: ["Customer.Read.All"] });
const get = (path: string, headers: Attempt["headers"] = {}): Attempt => ({ method: "GET", path, headers });
const post = (path: string, body: object): Attempt => ({ method: "POST", path, body });
const patch = (body: object): Attempt => ({ method: "PATCH", path: "/customers/{active}", body });
const aCustomer = { companyProfile: { domain: "{free}" }, billingProfile: {} };
const query = (path: string, target: string): Case => [
  `400 invalidQueryOption: ${path}`,
  get(path),
  { status: 400, code: "invalidQueryOption", target },
];

/** One request for each fault that a caller can make: its status, its code, and the headers that belong to it. */
const faults: readonly Case[] = [
  ["400 invalidRequest: a batch that is a list", post("/$batch", []), { status: 400, code: "invalidRequest" }],
  [
    "400 malformedJson: a body that is cut off",
    { method: "POST", path: "/customers", json: "{" },
    { status: 400, code: "malformedJson" },
  ],
  [
    "400 requiredFieldMissing: a customer without a billing profile",
    post("/customers", { companyProfile: { domain: "{free}" } }),
    {
      status: 400,
      code: "requiredFieldMissing",
      target: "billingProfile",
      details: [["requiredFieldMissing", "billingProfile"]],
    },
  ],
  [
    "400 nullValue: a profile that is null",
    patch({ companyProfile: null }),
    { status: 400, code: "nullValue", target: "companyProfile", details: [["nullValue", "companyProfile"]] },
  ],
  [
    "400 malformedValue: a number for a text",
    patch({ billingProfile: { companyName: 7 } }),
    {
      status: 400,
      code: "malformedValue",
      target: "billingProfile/companyName",
      details: [["malformedValue", "billingProfile/companyName"]],
    },
  ],
  [
    "400 unknownProperty: a property that there is not",
    patch({ surprise: 1 }),
    { status: 400, code: "unknownProperty", target: "surprise", details: [["unknownProperty", "surprise"]] },
  ],
  [
    "400 propertyNotUpdateable: a property that the server sets",
    patch({ lifecycleState: "failed" }),
    {
      status: 400,
      code: "propertyNotUpdateable",
      target: "lifecycleState",
      details: [["propertyNotUpdateable", "lifecycleState"]],
    },
  ],
  [
    "400 unknownEnumMember: a status that there is not",
    post("/customerCreationOperations", { domain: "{free}", status: "eaten" }),
    { status: 400, code: "unknownEnumMember", target: "status", details: [["unknownEnumMember", "status"]] },
  ],
  query("/customers?$unknown=1", "$unknown"),
  query("/customers?$top=1&$top=2", "$top"),
  query("/customers?$top=-1", "$top"),
  query("/customers?$filter=createdDateTime gt 2020-13-01T00:00:00Z", "$filter"),
  query("/customers?$filter=nothing eq 1", "$filter"),
  query("/customers?$select=nothing", "$select"),
  query("/customers?$orderby=nothing", "$orderby"),
  query("/customers?$expand=nothing", "$expand"),
  [
    "400 invalidEntityReference: a reference to something else",
    post(`${operation}/customer/$ref`, { "@odata.id": "customerCreationOperations/{done}" }),
    { status: 400, code: "invalidEntityReference", target: "@odata.id" },
  ],
  [
    "400 invalidAlternateKey: a property that is no alternate key",
    get("/customers(tenantId='x')"),
    { status: 400, code: "invalidAlternateKey" },
  ],
  [
    "400 malformedEntityTag: a tag without quotes",
    get("/customers/{active}", { "if-match": "abc" }),
    { status: 400, code: "malformedEntityTag" },
  ],
  [
    "400 repeatabilityHeadersInvalid: one of the two headers alone",
    {
      ...post("/customers", aCustomer),
      headers: { "repeatability-request-id": "5d1c6c1c-6a7d-4a44-8c5a-000000000001" },
    },
    { status: 400, code: "repeatabilityHeadersInvalid", headers: { "Repeatability-Result": "rejected" } },
  ],
  [
    "401 unauthenticated: no token",
    { ...get("/customers"), token: null },
    { status: 401, code: "unauthenticated", headers: { "WWW-Authenticate": /^Bearer / } },
  ],
  [
    "403 accessDenied: a token with too few permissions",
    { ...post("/customers", aCustomer), token: reader },
    { status: 403, code: "accessDenied" },
  ],
  ["404 itemNotFound: a key that there is not", get("/customers/{nothing}"), { status: 404, code: "itemNotFound" }],
  ["404 itemNotFound: another partner's", get("/customers/{other}"), { status: 404, code: "itemNotFound" }],
  ["404 itemNotFound: a segment that leads nowhere", get("/users"), { status: 404, code: "itemNotFound" }],
  ["404 itemNotFound: a version that there is not", get("!/v9.0/customers"), { status: 404, code: "itemNotFound" }],
  [
    "405 notAllowed: a method that is not offered there",
    { method: "DELETE", path: "/customers" },
    { status: 405, code: "notAllowed", headers: { Allow: "GET, POST, HEAD, OPTIONS" } },
  ],
  [
    "406 invalidAcceptType: a type that there is not",
    get("/customers", { accept: "text/html" }),
    { status: 406, code: "invalidAcceptType" },
  ],
  [
    "409 nameAlreadyExists: an externalId that another customer has",
    post("/customers", { ...aCustomer, externalId: "crm-1" }),
    { status: 409, code: "nameAlreadyExists", target: "externalId" },
  ],
  [
    "409 customerAlreadyAttached: a second customer of an operation",
    post("/customerCreationOperations/{done}/customer/$ref", { companyProfile: {}, billingProfile: {} }),
    { status: 409, code: "customerAlreadyAttached" },
  ],
  [
    "410 syncStateNotFound: a token of delta that there is not",
    get("/customers/delta()?$deltatoken=unknown"),
    { status: 410, code: "syncStateNotFound", headers: { Location: /\/customers\/delta/ } },
  ],
  [
    "412 entityTagDoesNotMatch: a tag that is out of date",
    { ...patch({ billingProfile: { companyName: "Contoso" } }), headers: { "if-match": 'W/"old"' } },
    { status: 412, code: "entityTagDoesNotMatch" },
  ],
  [
    "412 isolationNotSupported: snapshot isolation",
    get("/customers", { "odata-isolation": "snapshot" }),
    { status: 412, code: "isolationNotSupported" },
  ],
  [
    "413 payloadTooLarge: a body over the limit",
    { method: "POST", path: "/customers", json: `{"metadata":{"a":"${"x".repeat(1_000_000)}"}}` },
    { status: 413, code: "payloadTooLarge" },
  ],
  [
    "414 uriTooLong: a URL over the limit",
    get(`/customers?x=${"x".repeat(17_000)}`),
    { status: 414, code: "uriTooLong" },
  ],
  [
    "415 unsupportedMediaType: a body without a type",
    { method: "POST", path: "/customers", body: "{}" },
    { status: 415, code: "unsupportedMediaType" },
  ],
  [
    "415 unsupportedMediaType: a body that is compressed",
    { ...post("/customers", aCustomer), headers: { "content-encoding": "gzip" } },
    { status: 415, code: "unsupportedMediaType" },
  ],
  [
    "501 notSupported: an option of the standard that is not carried out",
    get("/customers?$apply=identity"),
    { status: 501, code: "notSupported", target: "$apply" },
  ],
];

describe.each(engines)("each fault is answered as the table of faults has it, on %s:", (engine) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(engine);
  });
  afterAll(() => world.service[Symbol.asyncDispose]());

  testRefusals(() => world, faults);

  test("500 generalException: a fault of ours, of which nothing is told", async () => {
    const { meddling, through } = meddle();
    const logged: unknown[] = [];
    await using service = await startService(engine, { through });
    service.context.log.error = (fields) => logged.push(fields);
    meddling.beforeRead = () => {
      throw new Error("a secret of ours");
    };

    const answer = await service.get("/customers");

    expect(answer).toMatchObject({
      status: 500,
      json: { error: { code: "internalServerError", innerError: { code: "generalException" } } },
    });
    expect(answer.json.error.innerError["request-id"]).toBe(answer.headers["request-id"]);
    expect(answer.text).not.toContain("secret");
    expect(logged).toMatchObject([{ requestId: answer.headers["request-id"], err: { message: "a secret of ours" } }]);
  });
});

// So Microsoft Graph answers a handshake that fails, and clients compare that too.
const handshake = ["subscriptionValidationFailed", "subscriptionValidationTimedOut"];

test("the code of a fault is its status in camelCase, but for 401, which clients compare", () => {
  const wrong = Object.entries(problemCodes).filter(([, { status, code }]) => topLevelCodes[status] !== code);

  expect(wrong.map(([name]) => name)).toEqual(handshake);
});
