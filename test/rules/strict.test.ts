import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stateOf } from "../server/refusal.ts";
import { engines, type Json, newDomain, type Service, startService } from "../support/service.ts";
import { fabrikam } from "./customers.ts";

const address = "billingProfile/defaultAddress";

/** A customer of Fabrikam in a country, with its domain; what is undefined is left out. */
function customerIn(values: object, more: { readonly company?: object; readonly billing?: object } = {}) {
  const { companyProfile, billingProfile } = fabrikam;
  return {
    companyProfile: { ...companyProfile, domain: newDomain(), ...more.company },
    billingProfile: {
      ...billingProfile,
      ...more.billing,
      defaultAddress: { ...billingProfile.defaultAddress, ...values },
    },
  };
}

const inBrazil = { country: "BR", state: "SP", postalCode: "01310-100", phoneNumber: "+551130710000" };
const brazilian = { billing: { culture: "pt-BR" } };

const refused: readonly (readonly [string, object, readonly (readonly [string, string])[]])[] = [
  [
    "the two empty profiles of the page",
    { companyProfile: { domain: newDomain() }, billingProfile: {} },
    [
      ["requiredFieldMissing", "billingProfile/email"],
      ["requiredFieldMissing", "billingProfile/culture"],
      ["requiredFieldMissing", "billingProfile/language"],
      ["requiredFieldMissing", "billingProfile/companyName"],
      ["requiredFieldMissing", address],
    ],
  ],
  [
    "an address without a country",
    customerIn({ country: undefined }),
    [["requiredFieldMissing", `${address}/country`]],
  ],
  [
    "the United States without a state",
    customerIn({ country: "US", postalCode: "98052" }, { billing: { culture: "en-US", language: "en" } }),
    [["requiredFieldMissing", `${address}/state`]],
  ],
  [
    "Portugal without a postal code",
    customerIn({ postalCode: null }),
    [["requiredFieldMissing", `${address}/postalCode`]],
  ],
  ["Portugal without a city", customerIn({ city: null }), [["cityRequired", `${address}/city`]]],
  [
    "Brazil without a registration number",
    customerIn(inBrazil, brazilian),
    [["registrationNumberMissing", "companyProfile/organizationRegistrationNumber"]],
  ],
  [
    "Brazil without a telephone number",
    customerIn(
      { ...inBrazil, phoneNumber: undefined },
      { ...brazilian, company: { organizationRegistrationNumber: "00.000.000/0001-91" } },
    ),
    [["phoneNumberMissing", `${address}/phoneNumber`]],
  ],
  [
    "a registration number where none is asked for",
    customerIn({}, { company: { organizationRegistrationNumber: "500100144" } }),
    [["registrationNumberNotSupported", "companyProfile/organizationRegistrationNumber"]],
  ],
  ["a placeholder for a name", customerIn({ firstName: "Admin" }), [["contactNameInvalid", `${address}/firstName`]]],
  [
    "an e-mail address at the partner's own domain",
    customerIn({}, { billing: { email: "ana@partner.example" } }),
    [["emailDomainNotAllowed", "billingProfile/email"]],
  ],
];

describe.each(engines)("strict validation on %s", (engine) => {
  let service: Service;
  beforeAll(async () => {
    const validation = { level: "strict", blockedEmailDomains: ["partner.example"] } as const;
    service = await startService(engine, { validation });
  });
  afterAll(() => service[Symbol.asyncDispose]());

  test.each(refused)("%s is answered 400 with all that is wrong, and changes nothing", async (_what, body, details) => {
    const before = await stateOf(service);

    const answer = await service.post("/customers", body);

    expect(answer.status).toBe(400);
    expect(answer.json.error.details.map(({ code, target }: Json) => [code, target])).toEqual(details);
    expect(await stateOf(service)).toEqual(before);
  });

  test("a customer with everything that its country asks for is created", async () => {
    const company = { organizationRegistrationNumber: "00.000.000/0001-91" };

    const answer = await service.post("/customers", customerIn(inBrazil, { ...brazilian, company }));

    expect(answer.status).toBe(201);
    expect(answer.json.companyProfile.organizationRegistrationNumber).toBe("00000000000191");
  });

  test("an update that takes away what is required is answered 400, and changes nothing", async () => {
    const { json } = await service.post("/customers", customerIn({}));

    const answer = await service.patch(`/customers/${json.id}`, { billingProfile: { defaultAddress: { city: null } } });
    const after = await service.get(`/customers/${json.id}`);

    expect([answer.status, answer.json.error.innerError.code, answer.json.error.target]).toEqual([
      400,
      "cityRequired",
      `${address}/city`,
    ]);
    expect(after.json["@odata.etag"]).toBe(json["@odata.etag"]);
  });
});

describe.each(engines)("the countries of a service on %s", (engine) => {
  test("a customer in another country is answered 403 with those that are allowed", async () => {
    await using service = await startService(engine, { validation: { countries: ["PT", "ES"] } });

    const answer = await service.post("/customers", customerIn({ ...inBrazil }, brazilian));
    const rules = await service.get("/customers/countryRules(country='BR')");

    const { error } = answer.json;
    expect([answer.status, error.code, error.innerError.code]).toEqual([403, "forbidden", "countryNotSupported"]);
    expect(error.details[0]).toMatchObject({ target: `${address}/country`, innerError: { allowed: ["PT", "ES"] } });
    expect(rules.json.isSupported).toBe(false);
    expect(await service.changes()).toEqual([]);
  });

  test("what is wrong with the request stands above the country", async () => {
    await using service = await startService(engine, { validation: { countries: ["PT"] } });

    const answer = await service.post("/customers", customerIn({ ...inBrazil, postalCode: "1" }, brazilian));

    expect(answer.status).toBe(400);
    expect(answer.json.error.details.map(({ code }: Json) => code)).toEqual([
      "countryNotSupported",
      "postalCodeInvalid",
    ]);
  });
});
