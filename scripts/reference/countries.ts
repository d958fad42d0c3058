import { countryCodes } from "../../src/onboarding/countries/countries.ts";
import { registrationNumberForm } from "../../src/onboarding/countries/registration-numbers.ts";
import { rulesOf } from "../../src/onboarding/country-rules.ts";
import { code, generatedFrom, printTable } from "./table.ts";

/** Prints the page of the rules of every country. */
export function printCountries(): string {
  const rules = countryCodes.map((country) => rulesOf(country, {}));
  const lines = [
    "# The rules of every country",
    "",
    generatedFrom("src/onboarding/countries"),
    "",
    "What a customer in a country must have when validation is strict, and what its values look like in either level. The",
    "function `customers/countryRules(country='PT')` tells the same, with the regular expressions and the states.",
    "",
    "- **Must have** lists what the address, or the company, needs besides e-mail, culture, language, company name, the",
    "  first line of the address, and the first and last name of the contact.",
    "- **States** counts those of ISO 3166-2. Only where it says *closed* must a state be one of them, by its code.",
    "- **Cultures** are `en-US` and those of the languages that have an official standing, by CLDR. A **language** is one",
    "  of their first parts.",
    "- Telephone numbers are those that libphonenumber knows, kept as E.164 writes them.",
    "",
    ...printTable(["Country", "Must have", "States", "Cultures", "Postal code", "Telephone"], rules.map(printRow)),
    "",
    "## Registration numbers",
    "",
    "Spaces, dots, dashes and slashes are left out before a number is matched. *Checked* tells that the check digits must",
    "be right too.",
    "",
    ...printTable(
      ["Country", "Name", "Pattern", "Example", "Required", "Checked", "Published by"],
      rules.filter((each) => each.isRegistrationNumberSupported).map(printRegistration),
    ),
  ];
  return `${lines.join("\n")}\n`;
}

type Rules = ReturnType<typeof rulesOf>;

function printRow(rules: Rules): readonly string[] {
  const required = [
    ...(rules.isCityRequired ? ["city"] : []),
    ...(rules.isStateRequired ? ["state"] : []),
    ...(rules.isPostalCodeRequired ? ["postal code"] : []),
    ...(rules.isPhoneNumberRequired ? ["telephone"] : []),
    ...(rules.isRegistrationNumberRequired ? ["registration number"] : []),
  ];
  const states = rules.supportedStates.length;
  return [
    `${rules.country} ${rules.name}`,
    required.join(", "),
    `${states === 0 ? "" : states}${rules.isStateListClosed ? ", closed" : ""}`,
    rules.supportedCultures.filter((culture) => culture !== "en-US" || rules.country === "US").join(", "),
    rules.postalCodeExample ?? "",
    rules.phoneNumberExample ?? "",
  ];
}

function printRegistration(rules: Rules): readonly string[] {
  return [
    `${rules.country} ${rules.name}`,
    rules.registrationNumberName ?? "",
    code(rules.registrationNumberPattern ?? ""),
    rules.registrationNumberExample ?? "",
    rules.isRegistrationNumberRequired ? "yes" : "no",
    rules.hasRegistrationNumberCheckDigits ? "yes" : "no",
    registrationNumberForm(rules.country)?.source ?? "",
  ];
}
