import { type CountryValidationRules, countryRules } from "../model/country-rules.ts";
import { refuse } from "../model/problem.ts";
import { countryName } from "./countries/countries.ts";
import { speechOf } from "./countries/cultures.ts";
import { phoneForm } from "./countries/phones.ts";
import { postalCodeForm } from "./countries/postal-codes.ts";
import { needsRegistrationNumber, registrationNumberForm } from "./countries/registration-numbers.ts";
import { addressRequirements, hasClosedStates } from "./countries/requirements.ts";
import { statesOf } from "./countries/states.ts";
import type { Result, Task } from "./offer.ts";
import { checkCountry } from "./rules/address.ts";
import type { ValidationSettings } from "./rules/rule.ts";

/** Tells the rules of a country: what validation requires of it when it is strict, and what values look like. */
export async function answerCountryRules(task: Task): Promise<Result> {
  const { validation } = task.context;
  const given = task.keys["country"] ?? "";
  const { errors = [] } = checkCountry(given, { settings: validation, target: "country" });
  // The rules of a country are told even where the service is not set up for it.
  refuse(errors.filter(({ code }) => code !== "countryNotSupported"));
  const value = rulesOf(given.trim().toUpperCase(), validation);
  return { kind: "value", type: countryRules.returns.kind.type, value };
}

/** The rules of a country, all in one. */
export function rulesOf(country: string, settings: Pick<ValidationSettings, "countries">): CountryValidationRules {
  const { cultures, languages } = speechOf(country);
  const { city, state, postalCode } = addressRequirements(country);
  const postal = postalCodeForm(country);
  const phone = phoneForm(country);
  const registration = registrationNumberForm(country);
  return {
    country,
    name: countryName(country),
    isSupported: settings.countries?.includes(country) !== false,
    defaultCulture: cultures[0] ?? "en-US",
    supportedCultures: cultures,
    supportedLanguages: languages,
    isCityRequired: city,
    isStateRequired: state,
    isStateListClosed: hasClosedStates(country),
    supportedStates: statesOf(country),
    isPostalCodeRequired: postalCode,
    postalCodePattern: postal?.pattern.source ?? null,
    postalCodeExample: postal?.example ?? null,
    isPhoneNumberRequired: needsRegistrationNumber(country),
    countryCallingCodes: phone === undefined ? [] : [phone.callingCode],
    phoneNumberPattern: phone?.pattern ?? null,
    phoneNumberExample: phone?.example ?? null,
    isRegistrationNumberRequired: needsRegistrationNumber(country),
    isRegistrationNumberSupported: registration !== undefined,
    registrationNumberName: registration?.name ?? null,
    registrationNumberPattern: registration?.pattern.source ?? null,
    registrationNumberExample: registration?.example ?? null,
    hasRegistrationNumberCheckDigits: registration?.check !== undefined,
  };
}
