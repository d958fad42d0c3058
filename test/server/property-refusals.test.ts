import { afterAll, beforeAll, describe } from "vitest";
import { engines } from "../support/service.ts";
import { type Case, testRefusals } from "./refusal.ts";
import { activeBody, openWorld, type World } from "./world.ts";

const customer = "/customers/{active}";
const text = { "content-type": "text/plain" };

const notUpdateable = (target: string) =>
  ({ status: 400, code: "propertyNotUpdateable", target, details: [["propertyNotUpdateable", target]] }) as const;

/** What stays as it is, in the very value that it has where that is known. */
const fixed: readonly (readonly [path: string, value: unknown])[] = [
  ["id", "{active}"],
  ["lifecycleState", "active"],
  ["enableGDAPByDefault", false],
  ["companyProfile/domain", "{activeDomain}"],
  ["companyProfile/email", "ana@fabrikam.example"],
  ["deletedDateTime", null],
  ["customDomains", ["{activeDomain}"]],
];

const refusals: readonly Case[] = [
  ...fixed.flatMap(([path, value]): Case[] => [
    [
      `PUT of ${path}, which stays as it is, is answered 400`,
      { method: "PUT", path: `${customer}/${path}`, body: { value } },
      notUpdateable(path),
    ],
    [
      `DELETE of ${path}, which stays as it is, is answered 400`,
      { method: "DELETE", path: `${customer}/${path}` },
      notUpdateable(path),
    ],
  ]),
  [
    "PUT of a part of a value that is only shown is answered 400",
    { method: "PUT", path: `${customer}/companyProfile/address/city`, body: { value: "Porto" } },
    notUpdateable("companyProfile/address/city"),
  ],
  [
    "PATCH of a value that is only shown is answered 400",
    { method: "PATCH", path: `${customer}/companyProfile/address`, body: { city: "Porto" } },
    notUpdateable("companyProfile/address"),
  ],
  [
    "PUT of an externalId that is there is answered 400",
    { method: "PUT", path: `${customer}/externalId`, body: { value: "crm-9" } },
    notUpdateable("externalId"),
  ],
  [
    "DELETE of an externalId that is there is answered 400",
    { method: "DELETE", path: `${customer}/externalId/$value` },
    notUpdateable("externalId"),
  ],
  [
    "DELETE of what is not nullable is answered 400",
    { method: "DELETE", path: `${customer}/billingProfile` },
    { status: 400, code: "nullValue", target: "billingProfile" },
  ],
  [
    "DELETE of the domain of an operation is answered 400",
    { method: "DELETE", path: "/customerCreationOperations/{open}/domain" },
    { status: 400, code: "nullValue", target: "domain" },
  ],
  [
    "DELETE with a body is answered 400",
    { method: "DELETE", path: `${customer}/billingProfile/email`, body: {} },
    { status: 400, code: "invalidRequest", message: /takes no body/ },
  ],
  [
    "PUT of a value of the wrong form is answered 400 with its whole path",
    { method: "PUT", path: `${customer}/billingProfile/email`, body: { value: "nobody" } },
    { status: 400, code: "malformedValue", target: "billingProfile/email" },
  ],
  [
    "PUT of raw text of the wrong form is answered 400 with its whole path",
    {
      method: "PUT",
      path: `${customer}/billingProfile/defaultAddress/country/$value`,
      body: "PRT",
      headers: text,
    },
    { status: 400, code: "malformedValue", target: "billingProfile/defaultAddress/country" },
  ],
  [
    "PUT without a value is answered 400",
    { method: "PUT", path: `${customer}/billingProfile/email`, body: { valeu: "a@b.example" } },
    {
      status: 400,
      code: "unknownProperty",
      details: [
        ["unknownProperty", "valeu"],
        ["requiredFieldMissing", "value"],
      ],
    },
  ],
  [
    "PUT of a complex value with an unknown part and another type is answered 400",
    {
      method: "PUT",
      path: `${customer}/billingProfile`,
      body: { "@odata.type": "#microsoft.graph.address", planet: "Mars" },
    },
    {
      status: 400,
      code: "malformedValue",
      details: [
        ["malformedValue", "billingProfile/@odata.type"],
        ["unknownProperty", "billingProfile/planet"],
      ],
    },
  ],
  [
    "PUT of a complex value that is no object is answered 400",
    { method: "PUT", path: `${customer}/billingProfile`, json: "[]" },
    { status: 400, code: "invalidRequest" },
  ],
  [
    "PUT of a domain of another suffix is answered as in the body of the operation",
    { method: "PUT", path: "/customerCreationOperations/{open}/domain", body: { value: "contoso.example" } },
    { status: 400, code: "domainSuffixNotAllowed", target: "domain" },
  ],
  [
    "PUT of a status that the server sets is answered 400",
    { method: "PUT", path: "/customerCreationOperations/{open}/status", body: { value: "succeeded" } },
    { status: 400, code: "propertyNotUpdateable", target: "status" },
  ],
  [
    "PUT of a status that there is not is answered 400",
    { method: "PUT", path: "/customerCreationOperations/{open}/status/$value", body: "done", headers: text },
    { status: 400, code: "unknownEnumMember", target: "status" },
  ],
  [
    "PUT with an outdated entity tag is answered 412",
    {
      method: "PUT",
      path: `${customer}/billingProfile/email`,
      body: { value: "b@fabrikam.example" },
      headers: { "if-match": 'W/"other"' },
    },
    { status: 412, code: "entityTagDoesNotMatch" },
  ],
  [
    "PUT unless the entity exists is answered 412",
    {
      method: "PUT",
      path: `${customer}/billingProfile/email`,
      body: { value: "b@fabrikam.example" },
      headers: { "if-none-match": "*" },
    },
    { status: 412, code: "entityTagDoesNotMatch" },
  ],
  [
    "PUT of a value that is not JSON by its type is answered 415",
    { method: "PUT", path: `${customer}/billingProfile/email`, json: '{"value":"a"}', headers: text },
    { status: 415, code: "unsupportedMediaType" },
  ],
  [
    "PUT of raw text as JSON is answered 415",
    { method: "PUT", path: `${customer}/billingProfile/email/$value`, json: '"a@b.example"' },
    { status: 415, code: "unsupportedMediaType", message: /text\/plain/ },
  ],
  [
    "PUT of raw text in another charset is answered 415",
    {
      method: "PUT",
      path: `${customer}/billingProfile/email/$value`,
      body: "a@b.example",
      headers: { "content-type": "text/plain;charset=iso-8859-1" },
    },
    { status: 415, code: "unsupportedMediaType" },
  ],
  [
    "PUT of raw bytes that are no UTF-8 is answered 400",
    {
      method: "PUT",
      path: `${customer}/billingProfile/email/$value`,
      body: new Uint8Array([0xc3, 0x28]),
      headers: text,
    },
    { status: 400, code: "invalidRequest", message: /UTF-8/ },
  ],
  [
    "PATCH of a primitive property is answered 405",
    { method: "PATCH", path: `${customer}/billingProfile/email`, body: { value: "b@fabrikam.example" } },
    { status: 405, code: "notAllowed", headers: { Allow: "GET, PUT, DELETE, HEAD, OPTIONS" } },
  ],
  [
    "POST to a property is answered 405",
    { method: "POST", path: `${customer}/billingProfile`, body: {} },
    { status: 405, code: "notAllowed", headers: { Allow: "GET, PUT, PATCH, DELETE, HEAD, OPTIONS" } },
  ],
  [
    "PUT of the customer as it stands at its operation is answered 405",
    { method: "PUT", path: "/customerCreationOperations/{done}/customer/{active}/metadata", body: {} },
    { status: 405, code: "notAllowed", headers: { Allow: "GET, HEAD, OPTIONS" } },
  ],
  [
    "PUT of a customer is answered 405",
    { method: "PUT", path: customer, body: activeBody },
    { status: 405, code: "notAllowed", headers: { Allow: "GET, PATCH, DELETE, HEAD, OPTIONS" } },
  ],
  [
    "PUT of all customers is answered 405",
    { method: "PUT", path: "/customers", body: { value: [] } },
    { status: 405, code: "notAllowed", headers: { Allow: "GET, POST, HEAD, OPTIONS" } },
  ],
  [
    "PUT of a property of another partner's customer is answered 404",
    { method: "PUT", path: "/customers/{other}/billingProfile/email", body: { value: "b@fabrikam.example" } },
    { status: 404, code: "itemNotFound" },
  ],
  [
    "PUT of a property of no customer is answered 404",
    { method: "PUT", path: "/customers/{nothing}/billingProfile/email", body: { value: "b@fabrikam.example" } },
    { status: 404, code: "itemNotFound" },
  ],
];

describe.each(engines)("refusals of writing properties by their URLs on %s", (engine) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(engine);
  });
  afterAll(() => world.service[Symbol.asyncDispose]());

  testRefusals(() => world, refusals);
});
