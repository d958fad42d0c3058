import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BodyRow, testBodyRefusals } from "../server/body-refusals.ts";
import { openWorld, type World } from "../server/world.ts";
import { engines, newDomain } from "../support/service.ts";

const address = "billingProfile/defaultAddress";
const inAddress = (values: object) => ({ billingProfile: { defaultAddress: values } });
const billing = (values: object) => ({ billingProfile: values });
const numberIn = (country: string, organizationRegistrationNumber: string) => ({
  companyProfile: { organizationRegistrationNumber },
  ...inAddress({ country }),
});
const numberTarget = "companyProfile/organizationRegistrationNumber";

/** What is wrong in either level of validation. */
const wrong: readonly BodyRow[] = [
  ["the country UK", inAddress({ country: "UK" }), [["invalidAddress", `${address}/country`]], /'GB'/],
  ["a country that there is not", inAddress({ country: "XX" }), [["invalidAddress", `${address}/country`]], /3166-1/],
  [
    "the state Washington of the United States",
    inAddress({ country: "US", state: "Washington" }),
    [["stateInvalid", `${address}/state`]],
    /'WA'/,
  ],
  [
    "a state of another country",
    inAddress({ country: "CA", state: "WA" }),
    [["stateInvalid", `${address}/state`]],
    /AB, BC/,
  ],
  [
    "a region where there is a state",
    inAddress({ country: "US", state: "WA", region: "NA" }),
    [["stateInvalid", `${address}/region`]],
    /must be left out/,
  ],
  ["an empty city", inAddress({ city: " - " }), [["invalidAddress", `${address}/city`]]],
  [
    "the postal code 12 in Portugal",
    inAddress({ country: "PT", postalCode: "12" }),
    [["postalCodeInvalid", `${address}/postalCode`]],
    /\\d\{4\}.*1100-053/,
  ],
  [
    "a telephone number that there cannot be",
    inAddress({ country: "PT", phoneNumber: "12" }),
    [["phoneNumberInvalid", `${address}/phoneNumber`]],
    /\+351/,
  ],
  [
    "a telephone number of no country",
    inAddress({ phoneNumber: "210 000 000" }),
    [["phoneNumberInvalid", `${address}/phoneNumber`]],
    /E\.164/,
  ],
  [
    "a telephone number with an extension",
    inAddress({ country: "US", phoneNumber: "+1 425 555 0100 ext. 5" }),
    [["phoneNumberInvalid", `${address}/phoneNumber`]],
    /without an extension/,
  ],
  [
    "the culture br-BR",
    billing({ culture: "br-BR", defaultAddress: { country: "BR" } }),
    [["cultureNotSupported", "billingProfile/culture"]],
    /pt-BR/,
  ],
  ["a culture without a country", billing({ culture: "pt" }), [["cultureNotSupported", "billingProfile/culture"]]],
  ["a culture of no language", billing({ culture: "xx-YY" }), [["cultureNotSupported", "billingProfile/culture"]]],
  [
    "the language fr in Brazil",
    billing({ language: "fr", defaultAddress: { country: "BR" } }),
    [["languageNotSupported", "billingProfile/language"]],
    /pt/,
  ],
  ["a language that there is not", billing({ language: "qq" }), [["languageNotSupported", "billingProfile/language"]]],
  ["an INN of nine digits", numberIn("RU", "123456789"), [["registrationNumberInvalid", numberTarget]], /7707083893/],
  [
    "an INN with a wrong check digit",
    numberIn("RU", "7707083894"),
    [["registrationNumberInvalid", numberTarget]],
    /check digits/,
  ],
  ["a first name of one letter", billing({ firstName: "A" }), [["contactNameInvalid", "billingProfile/firstName"]]],
  ["a name of digits", inAddress({ lastName: "123" }), [["contactNameInvalid", `${address}/lastName`]]],
  ["a name with an emoji", inAddress({ firstName: "Ana 😀" }), [["contactNameInvalid", `${address}/firstName`]]],
  [
    "an address with two dots in a row",
    billing({ email: "a..b@fabrikam.example" }),
    [["emailInvalid", "billingProfile/email"]],
  ],
  [
    "an address with a dot before the at sign",
    billing({ email: "a.@fabrikam.example" }),
    [["emailInvalid", "billingProfile/email"]],
  ],
  ["an address at a number", billing({ email: "a@10.0.0.12" }), [["emailInvalid", "billingProfile/email"]]],
  [
    "an address at microsoft.com",
    billing({ email: "ana@Microsoft.com" }),
    [["emailDomainNotAllowed", "billingProfile/email"]],
  ],
  [
    "an address below microsoft.com",
    billing({ email: "ana@mail.microsoft.com" }),
    [["emailDomainNotAllowed", "billingProfile/email"]],
  ],
  [
    "everything at once",
    {
      companyProfile: { companyName: "999", organizationRegistrationNumber: "1" },
      billingProfile: {
        email: "a..b@x.example",
        culture: "br-BR",
        language: "fr",
        defaultAddress: { country: "BR", postalCode: "1", phoneNumber: "x", firstName: "?" },
      },
    },
    [
      ["companyNameInvalid", "companyProfile/companyName"],
      ["registrationNumberInvalid", numberTarget],
      ["emailInvalid", "billingProfile/email"],
      ["cultureNotSupported", "billingProfile/culture"],
      ["languageNotSupported", "billingProfile/language"],
      ["postalCodeInvalid", `${address}/postalCode`],
      ["contactNameInvalid", `${address}/firstName`],
      ["phoneNumberInvalid", `${address}/phoneNumber`],
    ],
    /8 faults/,
  ],
  ...["LLC", "Pty Ltd", "G.m.b.H.", "999", "aaaa", "1 2 3", `a${" ".repeat(250)}b`, "  ", "--", " x "].map(
    (companyName): BodyRow => [
      `the company name ${JSON.stringify(companyName)}`,
      billing({ companyName }),
      [["companyNameInvalid", "billingProfile/companyName"]],
    ],
  ),
  [
    "a company name of 256 characters",
    billing({ companyName: "ab".repeat(128) }),
    [["malformedValue", "billingProfile/companyName"]],
    /255/,
  ],
];

describe.each(engines)("values that the rules refuse on %s", (engine) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(engine);
  });
  afterAll(() => world.service[Symbol.asyncDispose]());

  testBodyRefusals(() => world, wrong);

  test("a refusal tells a program the value and what would be right", async () => {
    const body = inAddress({ country: "PT", postalCode: "12", state: "x" });

    const answer = await world.service.post("/customers", { companyProfile: { domain: newDomain() }, ...body });

    const detail = answer.json.error.details.find(({ code }: { code: string }) => code === "postalCodeInvalid");
    expect(detail.innerError).toEqual({ value: "12", pattern: expect.stringMatching(/^\^.*\$$/), example: "1100-053" });
  });
});
