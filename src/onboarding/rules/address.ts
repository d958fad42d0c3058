import { countryName, findCountry, isCountry } from "../countries/countries.ts";
import { canonicalPhoneNumber, phoneForm } from "../countries/phones.ts";
import { postalCodeForm } from "../countries/postal-codes.ts";
import { hasClosedStates } from "../countries/requirements.ts";
import { findState, statesOf } from "../countries/states.ts";
import { fault, type Rule, wrong } from "./rule.ts";

/** Rules for a country: ISO 3166-1, and one of those in which the operator has customers. */
export const checkCountry: Rule = (given, place) => {
  const country = given.trim().toUpperCase();
  if (!isCountry(country)) {
    const suggestion = findCountry(given);
    const must = "must be the two letters of a country in ISO 3166-1";
    return wrong("invalidAddress", given, place, must, suggestion === undefined ? { example: "PT" } : { suggestion });
  }
  const { countries } = place.settings;
  if (countries === undefined || countries.includes(country)) return { value: country };
  const must = "must be a country that this service is set up for";
  return wrong("countryNotSupported", given, place, must, { allowed: countries });
};

/** Rules for a state: the code of ISO 3166-2 where the list is closed, anything that is not empty elsewhere. */
export const checkState: Rule = (given, place) => {
  const verdict = checkPlace(given, place);
  const { country } = place;
  if (country === undefined || verdict.value === undefined) return verdict;
  const code = verdict.value.toUpperCase();
  const states = statesOf(country);
  if (states.some((state) => state.code === code)) return { value: code };
  const meant = findState(country, verdict.value);
  if (hasClosedStates(country)) {
    const must = `must be the code of a state of ${countryName(country)} in ISO 3166-2`;
    const allowed = states.map((state) => state.code);
    return wrong("stateInvalid", given, place, must, meant === undefined ? { allowed } : { suggestion: meant.code });
  }
  if (states.length === 0 || meant !== undefined) return verdict;
  const must = `should be one of ${countryName(country)}, by its name or its code in ISO 3166-2`;
  return { ...verdict, warnings: [fault("stateUnknown", given, place.target, must)] };
};

/** Rules for a region: it has no place where a state says the same. */
export const checkRegion: Rule = (given, place) => {
  const { country } = place;
  if (country === undefined || !hasClosedStates(country)) return checkPlace(given, place);
  return wrong("stateInvalid", given, place, `must be left out in ${countryName(country)}, which has a state instead`);
};

/** Rules for a postal code: the form of the country, in upper case. */
export const checkPostalCode: Rule = (given, place) => {
  const { country } = place;
  const code = given.trim().toUpperCase();
  const form = country === undefined ? undefined : postalCodeForm(country);
  if (country === undefined || form === undefined) return checkPlace(code, place);
  if (form.pattern.test(code)) return { value: code };
  const must = `must be a postal code of ${countryName(country)}`;
  return wrong("postalCodeInvalid", given, place, must, { pattern: form.pattern.source, example: form.example });
};

/** Rules for a telephone number: one that there can be; without a plus sign it is one of the country. */
export const checkPhoneNumber: Rule = (given, place) => {
  const { country, isLost } = place;
  const number = canonicalPhoneNumber(given, country);
  if (number !== undefined) return { value: number };
  if (isLost === true && !given.trim().startsWith("+")) return { value: given };
  const form = country === undefined ? undefined : phoneForm(country);
  const must = "must be a telephone number as E.164 writes it, without an extension";
  const { pattern, example } = form ?? { example: "+351210000000" };
  return wrong("phoneNumberInvalid", given, place, must, { ...(pattern === undefined ? {} : { pattern }), example });
};

/** Rules for a line of an address, a city or another place: it must say something. */
export const checkPlace: Rule = (given, place) => {
  const text = given.trim();
  if (/[\p{L}\p{N}]/u.test(text)) return { value: text };
  return wrong("invalidAddress", given, place, "must have a letter or a digit");
};
