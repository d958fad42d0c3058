import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engines } from "../support/service.ts";
import { type Case, expectRefusal, fill, sendAttempt, stateOf, testRefusals } from "./refusal.ts";
import { addCustomer, finishWork, minimal, openWorld, type World } from "./world.ts";

const customer = "/customers/{active}";
const another = "0193a5b2-7c1e-7d34-9f00-5b1c2d3e4f50";

/** What stays as it is of a customer, in another value than it has. */
const fixedOfCustomer: Readonly<Record<string, unknown>> = {
  id: another,
  tenantId: another,
  externalId: "crm-7",
  relationshipToPartner: "none",
  associatedPartnerId: another,
  allowDelegatedAccess: false,
  enableGDAPByDefault: true,
  customDomains: [],
  lifecycleState: "suspended",
  validationStatus: "allowed",
  validationReason: "x",
  createdDateTime: "2026-01-01T00:00:00.000Z",
  lastModifiedDateTime: "2026-01-01T00:00:00.000Z",
  deletedDateTime: "2026-01-01T00:00:00.000Z",
};

const nestedOfCustomer: Readonly<Record<string, object>> = {
  "companyProfile/domain": { companyProfile: { domain: "another.onmicrosoft.com" } },
  "companyProfile/tenantId": { companyProfile: { tenantId: another } },
  "companyProfile/email": { companyProfile: { email: "b@fabrikam.example" } },
  "companyProfile/address": { companyProfile: { address: null } },
  "billingProfile/id": { billingProfile: { id: another } },
};

const propertyNotUpdateable = (target: string) => ({
  status: 400,
  code: "propertyNotUpdateable",
  target,
  details: [["propertyNotUpdateable", target]] as const,
});

/** A customer as it was read. */
interface Was {
  readonly id: string;
  readonly tenantId: string;
  readonly companyProfile: { readonly domain: string };
}

describe.each(engines)("updates of customers on %s", (engine) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(engine);
  });
  afterAll(() => world.service[Symbol.asyncDispose]());

  testRefusals(
    () => world,
    Object.entries(fixedOfCustomer).map(
      ([name, value]): Case => [
        `another ${name} of a customer is answered 400`,
        { method: "PATCH", path: customer, body: { [name]: value } },
        propertyNotUpdateable(name),
      ],
    ),
  );
  testRefusals(
    () => world,
    Object.entries(nestedOfCustomer).map(
      ([name, body]): Case => [
        `another ${name} of a customer is answered 400`,
        { method: "PATCH", path: customer, body },
        propertyNotUpdateable(name),
      ],
    ),
  );
  test.each([
    ["id", "with a path before it", (was: Was) => ({ id: `x/${was.id}` })],
    ["externalId", "now null", () => ({ externalId: null })],
    ["lifecycleState", "with a path before it", () => ({ lifecycleState: "x/active" })],
    ["tenantId", "now null", () => ({ tenantId: null })],
    ["tenantId", "as a URL", (was: Was) => ({ tenantId: `http://127.0.0.1:8080/v1.0/${was.tenantId}` })],
    [
      "companyProfile/domain",
      "with a path before it",
      (was: Was) => ({ companyProfile: { domain: `x/${was.companyProfile.domain}` } }),
    ],
  ])("a value of %s, %s, is answered 400 and changes nothing", async (target, _what, body) => {
    const { customer: id } = await addCustomer(world.service, { ...minimal, externalId: randomUUID() });
    await finishWork(world.service);
    const { json: was } = await world.service.get(`/customers/${id}`);

    const answer = await world.service.patch(`/customers/${id}`, body(was));
    const { json: is } = await world.service.get(`/customers/${id}`);

    expectRefusal(answer, propertyNotUpdateable(target));
    expect(is).toEqual(was);
  });

  testRefusals(
    () => world,
    [
      [
        "several values that cannot be changed are answered 400, each in details",
        { method: "PATCH", path: customer, body: { id: another, customDomains: [], billingProfile: { id: another } } },
        {
          status: 400,
          code: "propertyNotUpdateable",
          details: [
            ["propertyNotUpdateable", "id"],
            ["propertyNotUpdateable", "customDomains"],
            ["propertyNotUpdateable", "billingProfile/id"],
          ],
        },
      ],
      [
        "null for a profile is answered 400",
        { method: "PATCH", path: customer, body: { companyProfile: null, billingProfile: null } },
        {
          status: 400,
          code: "nullValue",
          details: [
            ["nullValue", "companyProfile"],
            ["nullValue", "billingProfile"],
          ],
        },
      ],
      [
        "a value that is well-formed beside one that is not changes nothing",
        { method: "PATCH", path: customer, body: { metadata: { a: "b" }, billingProfile: { email: "x" } } },
        { status: 400, code: "malformedValue", target: "billingProfile/email" },
      ],
    ],
  );

  test.each([
    ["a customer", customer],
    ["a customer that has failed", "/customers/{failedCustomer}"],
  ])("%s may be sent back as it was read", async (_what, path) => {
    const read = await sendAttempt(world, { method: "GET", path });

    const answer = await sendAttempt(world, { method: "PATCH", path, body: read.json });

    expect(answer.status).toBe(200);
    expect(withoutTimes(answer.json)).toEqual(withoutTimes(read.json));
  });

  test.each([
    ["nothing", {}],
    ["nothing of a profile", { billingProfile: {} }],
    ["what is so already", { billingProfile: { email: "ana@fabrikam.example", defaultAddress: { country: "PT" } } }],
    ["the metadata that it has", { metadata: { tier: "gold" } }],
    ["that there be no value where there is none", { metadata: { absent: null } }],
  ])("a body that says %s is answered with the customer as it was, and is no change", async (_what, body) => {
    const path = fill(world, customer);
    await world.service.patch(path, { metadata: { tier: "gold" } });
    const read = await world.service.get(path);
    const before = await stateOf(world.service);

    const answer = await world.service.patch(path, body);

    expect(answer).toMatchObject({ status: 200, json: read.json, headers: { ETag: read.headers["ETag"] } });
    expect(await stateOf(world.service)).toEqual(before);
  });

  test("a body that says nothing is answered 412 all the same when the tag is not that of the customer", async () => {
    const answer = await world.service.patch(fill(world, customer), {}, { headers: { "if-match": 'W/"1"' } });

    expect(answer.status).toBe(412);
  });

  test("an externalId that is null may be filled once", async () => {
    const path = `/customers/${(await addCustomer(world.service, minimal)).customer}`;

    const filled = await world.service.patch(path, { externalId: "late-1" });
    const same = await world.service.patch(path, { externalId: "late-1" });
    const other = await world.service.patch(path, { externalId: "late-2" });

    expect([filled.status, same.status, other.status]).toEqual([200, 200, 400]);
    expect((await world.service.get(path)).json.externalId).toBe("late-1");
  });

  test("complex values are merged, and null takes a value away", async () => {
    const path = fill(world, customer);
    const body = { billingProfile: { lastName: "Costa", defaultAddress: { city: null, postalCode: "1000-001" } } };

    const answer = await world.service.patch(path, body);

    expect(answer.json.billingProfile).toMatchObject({
      email: "ana@fabrikam.example",
      lastName: "Costa",
      defaultAddress: { country: "PT", city: null, postalCode: "1000-001" },
    });
    expect(answer.json.companyProfile.companyName).toBe("Fabrikam");
  });
});

/** An entity without what every write makes anew. */
function withoutTimes(entity: object) {
  return { ...entity, "@odata.etag": undefined, lastModifiedDateTime: undefined };
}
