import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { countryCodes } from "../../src/onboarding/countries/countries.ts";
import { type Json, newDomain, type Service, startService } from "../support/service.ts";
import { fabrikam } from "./customers.ts";
import { type Sample, samples } from "./published-examples.ts";

/** What Partner Center publishes of a few countries, in the flags of ours. */
const published: Readonly<Record<string, object>> = {
  PT: { isStateRequired: false, isCityRequired: true, countryCallingCodes: ["351"], defaultCulture: "pt-PT" },
  US: { isStateRequired: true, isStateListClosed: true, isPostalCodeRequired: true, isCityRequired: true },
  BR: { isRegistrationNumberRequired: true, isPhoneNumberRequired: true, registrationNumberName: "CNPJ" },
  CN: { isRegistrationNumberRequired: false, isRegistrationNumberSupported: true, isStateListClosed: true },
  DE: { isRegistrationNumberRequired: false, isRegistrationNumberSupported: false, isPhoneNumberRequired: false },
};

describe("the rules of the countries", () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService("sqlite", { validation: { level: "strict" } });
  });
  afterAll(() => service[Symbol.asyncDispose]());

  const rulesOf = async (country: string) => (await service.get(`/customers/countryRules(country='${country}')`)).json;

  test.each(samples)(
    "a customer with the published examples of $country is created as strict as can be",
    async (sample) => {
      const answer = await service.post("/customers", customerOf(sample));

      expect(answer.json.error?.details).toBeUndefined();
      expect(answer.status).toBe(201);
      expect(answer.json.billingProfile.defaultAddress).toMatchObject({
        postalCode: sample.postalCode,
        phoneNumber: sample.canonical,
      });
      expect(answer.json.companyProfile.organizationRegistrationNumber).toBe(sample.number?.[1] ?? null);
    },
  );

  test.each(samples)("careless values of $country are refused, each with its code", async (sample) => {
    const { wrong } = sample;
    const customer = customerOf({ ...sample, postalCode: wrong.postalCode, phone: "+999 1" });
    if (wrong.number !== undefined) customer.companyProfile.organizationRegistrationNumber = wrong.number;

    const answer = await service.post("/customers", customer);

    const codes = answer.json.error.details.map(({ code }: Json) => code);
    expect(codes.sort()).toEqual([
      "phoneNumberInvalid",
      "postalCodeInvalid",
      ...(wrong.number === undefined ? [] : ["registrationNumberInvalid"]),
    ]);
  });

  test.each(Object.entries(published))(
    "the rules of %s are those that Partner Center publishes",
    async (country, rules) => {
      expect(await rulesOf(country)).toMatchObject(rules);
    },
  );

  test("the states of the United States are the fifty and the District of Columbia", async () => {
    const { supportedStates } = await rulesOf("US");

    const states = supportedStates.map(({ code }: Json) => code);
    expect(states).toHaveLength(51);
    expect(states).toContain("DC");
    expect(states).not.toContain("PR");
  });

  test("there is one table for each of the 249 countries of ISO 3166-1", () => {
    expect(countryCodes).toHaveLength(249);
    expect(new Set(countryCodes).size).toBe(249);
  });

  test.each(countryCodes)("the examples of %s fit its own patterns", async (country) => {
    const rules = await rulesOf(country);

    expect(rules.country).toBe(country);
    expect(rules.supportedCultures).toContain(rules.defaultCulture);
    expect(rules.supportedCultures).toContain("en-US");
    for (const name of ["postalCode", "phoneNumber"]) {
      const [pattern, example] = [rules[`${name}Pattern`], rules[`${name}Example`]];
      expect([name, pattern === null]).toEqual([name, example === null]);
      if (pattern !== null) expect(example).toMatch(new RegExp(pattern));
    }
    // A state can only be asked for where there is one to choose.
    expect(rules.isStateRequired && rules.supportedStates.length === 0).toBe(false);
    expect(rules.isPostalCodeRequired && rules.postalCodePattern === null).toBe(false);
  });

  test("26 countries have a registration number, and each example is accepted as it is printed", async () => {
    const all = await Promise.all(countryCodes.map((country) => rulesOf(country)));
    const having = all.filter(({ isRegistrationNumberSupported }) => isRegistrationNumberSupported);

    const verdicts = await Promise.all(
      having.map(async ({ country, registrationNumberExample }) => {
        const { json } = await service.post("/customers/validate", {
          companyProfile: { organizationRegistrationNumber: registrationNumberExample },
          billingProfile: { defaultAddress: { country } },
        });
        return json.errors.filter(({ code }: Json) => code.startsWith("registrationNumber"));
      }),
    );

    expect(having).toHaveLength(26);
    expect(verdicts.flat()).toEqual([]);
  });
});

function customerOf({ country, culture, state, postalCode, phone, number }: Sample) {
  const { billingProfile } = fabrikam;
  const companyProfile: { domain: string; organizationRegistrationNumber?: string } = {
    domain: newDomain(),
    ...(number === undefined ? {} : { organizationRegistrationNumber: number[0] }),
  };
  const address = { country, postalCode, phoneNumber: phone, ...(state === undefined ? {} : { state }) };
  return {
    companyProfile,
    billingProfile: {
      ...billingProfile,
      culture,
      language: culture.slice(0, 2),
      defaultAddress: { ...billingProfile.defaultAddress, ...address },
    },
  };
}
