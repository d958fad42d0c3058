import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engines } from "../support/service.ts";
import { type BodyRow, testBodyRefusals } from "./body-refusals.ts";
import { fill } from "./refusal.ts";
import { minimal, openOperation, openWorld, type World } from "./world.ts";

const missing: readonly BodyRow[] = [
  [
    "without a company profile",
    { companyProfile: undefined },
    [["requiredFieldMissing", "companyProfile"]],
    /'companyProfile' is required/,
  ],
  ["without a billing profile", { billingProfile: undefined }, [["requiredFieldMissing", "billingProfile"]]],
  [
    "without both profiles",
    { companyProfile: undefined, billingProfile: undefined },
    [
      ["requiredFieldMissing", "companyProfile"],
      ["requiredFieldMissing", "billingProfile"],
    ],
  ],
];

const unknown: readonly BodyRow[] = [
  ["with an unknown property", { companyProfil: {} }, [["unknownProperty", "companyProfil"]], /mean 'companyProfile'/],
  ["with a property in another case", { ExternalId: "a" }, [["unknownProperty", "ExternalId"]], /mean 'externalId'/],
  ["with a property that is like none", { zzzzzzzzzz: 1 }, [["unknownProperty", "zzzzzzzzzz"]], /externalId/],
  ["with a property that is kept but not shown", { partnerId: "x" }, [["unknownProperty", "partnerId"]]],
  [
    "with an unknown property in a profile",
    { billingProfile: { emial: "a@b.example" } },
    [["unknownProperty", "billingProfile/emial"]],
    /mean 'email'/,
  ],
  [
    "with an unknown property two levels down",
    { billingProfile: { defaultAddress: { addresLine1: "x" } } },
    [["unknownProperty", "billingProfile/defaultAddress/addresLine1"]],
    /mean 'addressLine1'/,
  ],
  ["with an empty name", { "": 1 }, [["unknownProperty", ""]]],
];

const types: readonly BodyRow[] = [
  ...["#microsoft.graph.user", "customer", "#customer", "Microsoft.Graph.Customer", "", 7, null].map(
    (value): BodyRow => [
      `with the @odata.type ${JSON.stringify(value)}`,
      { "@odata.type": value },
      [["malformedValue", "@odata.type"]],
      /#microsoft.graph.customer/,
    ],
  ),
  ["with a wrong @type of OData 4.01", { "@type": "#microsoft.graph.user" }, [["malformedValue", "@type"]]],
  [
    "with a wrong @odata.type in a profile",
    { companyProfile: { "@odata.type": "#microsoft.graph.billingProfile" } },
    [["malformedValue", "companyProfile/@odata.type"]],
  ],
  [
    "with a wrong @odata.type two levels down",
    { billingProfile: { defaultAddress: { "@odata.type": "microsoft.graph.physicalAddress" } } },
    [["malformedValue", "billingProfile/defaultAddress/@odata.type"]],
  ],
];

const computed: readonly BodyRow[] = [
  ...Object.entries({
    id: "0193a5b2-7c1e-7d34-9f00-5b1c2d3e4f50",
    tenantId: "0193a5b2-7c1e-7d34-9f00-5b1c2d3e4f50",
    relationshipToPartner: "reseller",
    allowDelegatedAccess: true,
    customDomains: [],
    lifecycleState: "active",
    validationStatus: "allowed",
    validationReason: "x",
    createdDateTime: "2026-01-01T00:00:00Z",
    lastModifiedDateTime: "2026-01-01T00:00:00Z",
    deletedDateTime: "2026-01-01T00:00:00Z",
  }).map(
    ([name, value]): BodyRow => [
      `with ${name}, which the server sets`,
      { [name]: value },
      [["propertyNotUpdateable", name]],
      /set by the server/,
    ],
  ),
  [
    "with an id of the billing profile",
    { billingProfile: { id: "x" } },
    [["propertyNotUpdateable", "billingProfile/id"]],
  ],
  [
    "with a tenant of the company",
    { companyProfile: { tenantId: "x" } },
    [["propertyNotUpdateable", "companyProfile/tenantId"]],
  ],
  [
    "with the e-mail address that is only shown",
    { companyProfile: { email: "a@b.example" } },
    [["propertyNotUpdateable", "companyProfile/email"]],
  ],
  [
    "with the address that is only shown",
    { companyProfile: { address: {} } },
    [["propertyNotUpdateable", "companyProfile/address"]],
  ],
];

const several: readonly BodyRow[] = [
  [
    "with a fault of every sort",
    {
      "@odata.type": "#microsoft.graph.user",
      id: "x",
      nonsense: 1,
      enableGDAPByDefault: "yes",
      companyProfile: null,
      billingProfile: { email: 7, defaultAddress: { country: "PRT", planet: "Mars" } },
      metadata: { "a-b": 7 },
    },
    [
      ["malformedValue", "@odata.type"],
      ["propertyNotUpdateable", "id"],
      ["unknownProperty", "nonsense"],
      ["malformedValue", "enableGDAPByDefault"],
      ["nullValue", "companyProfile"],
      ["malformedValue", "billingProfile/email"],
      ["malformedValue", "billingProfile/defaultAddress/country"],
      ["unknownProperty", "billingProfile/defaultAddress/planet"],
      ["malformedValue", "metadata/a-b"],
      ["malformedValue", "metadata/a-b"],
    ],
    /10 faults/,
  ],
];

describe.each(engines)("the properties of a body on %s", (engine) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(engine);
  });
  afterAll(() => world.service[Symbol.asyncDispose]());

  testBodyRefusals(() => world, [...missing, ...unknown, ...types, ...computed, ...several]);

  test.each([
    [
      "annotations are not properties",
      { "@odata.context": "x", "externalId@my.note": 1, companyProfile: { "@my.note": 1 } },
    ],
    [
      "types may be named in each of their spellings",
      {
        "@odata.type": "graph.customer",
        companyProfile: { "@type": "#microsoft.graph.companyProfile" },
        billingProfile: { "@odata.type": "#graph.billingProfile" },
      },
    ],
  ])("%s", async (_sentence, body) => {
    const operation = await openOperation(world.service);

    const answer = await world.service.post(`/customerCreationOperations/${operation.id}/customer/$ref`, {
      ...minimal,
      ...body,
    });

    expect(answer.status).toBe(204);
  });

  test("a binding of a navigation that there is not is answered 400", async () => {
    const operation = await openOperation(world.service);
    const path = `/customerCreationOperations/${operation.id}/customer/$ref`;

    const answer = await world.service.post(path, { ...minimal, "manager@odata.bind": "users/1" });

    expect(answer.status).toBe(400);
    expect(answer.json.error.target).toBe("manager@odata.bind");
  });

  test("what is refused of the open operation leaves it open", async () => {
    const answer = await world.service.get(`/customerCreationOperations/${fill(world, "{open}")}`);

    expect(answer.json).toMatchObject({ status: "notStarted", domain: world.names["openDomain"] });
  });
});
