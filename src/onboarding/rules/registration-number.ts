import { countryName } from "../countries/countries.ts";
import { type RegistrationNumberForm, registrationNumberForm } from "../countries/registration-numbers.ts";
import { fault, type Rule, wrong } from "./rule.ts";

/** Rules for a registration number: the form and the check digits of the country. Elsewhere it has no form. */
export const checkRegistrationNumber: Rule = (given, place) => {
  const { country } = place;
  const form = country === undefined ? undefined : registrationNumberForm(country);
  if (country === undefined || form === undefined) return checkFormless(given, country, place.target);
  const number = given.replaceAll(/[\s./-]/g, "").toUpperCase();
  const must = `must be a registration number of ${countryName(country)} (${form.name})`;
  if (!form.pattern.test(number)) return wrong("registrationNumberInvalid", given, place, must, adviceOf(form));
  if (form.check?.(number) !== false) return { value: number };
  return wrong("registrationNumberInvalid", given, place, `${must} with right check digits`, adviceOf(form));
};

// Partner Center refuses a number where it asks for none (600002); the documentation calls it optional.
function checkFormless(given: string, country: string | undefined, target: string) {
  const value = given.trim();
  if (country === undefined) return { value };
  const must = `must be left out in ${countryName(country)}, where no registration number is asked for`;
  return { value, strictly: [fault("registrationNumberNotSupported", given, target, must)] };
}

function adviceOf({ pattern, example }: RegistrationNumberForm) {
  return { pattern: pattern.source, example };
}
