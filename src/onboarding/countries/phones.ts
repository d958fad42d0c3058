import { createRequire } from "node:module";
import type { CountryCode, MetadataJson } from "libphonenumber-js/core";
import { onDemand } from "./on-demand.ts";

const require = createRequire(import.meta.url);
const library = onDemand((): typeof import("libphonenumber-js/core") => require("libphonenumber-js/core"));
const metadata = onDemand((): MetadataJson => require("libphonenumber-js/max/metadata"));
const examples = onDemand((): Readonly<Record<CountryCode, string>> => require("libphonenumber-js/mobile/examples"));

/** How the telephone numbers of a country are made, as E.164 writes them. */
export interface PhoneForm {
  readonly callingCode: string;
  readonly pattern: string;
  readonly example: string;
}

/** Gives the form of the telephone numbers of a country; undefined when it has no numbering plan. */
export function phoneForm(country: string): PhoneForm | undefined {
  if (!isNumbered(country)) return undefined;
  const { getCountryCallingCode, getExampleNumber } = library();
  const callingCode = getCountryCallingCode(country, metadata());
  const example = getExampleNumber(country, examples(), metadata())?.number ?? `+${callingCode}`;
  return { callingCode, pattern: `^\\+${callingCode}${digitsOf(country)}$`, example };
}

/**
 * Gives a telephone number as E.164 writes it, or undefined when there can be no such number. A number without the plus
 * sign is one of the country.
 */
export function canonicalPhoneNumber(text: string, country: string | undefined): string | undefined {
  const defaultCountry = country !== undefined && isNumbered(country) ? country : undefined;
  const wanted = { extract: false, ...(defaultCountry === undefined ? {} : { defaultCountry }) };
  const number = library().parsePhoneNumberFromString(text.trim(), wanted, metadata());
  // E.164 has no extension: to leave it out would lose it.
  return number?.isValid() === true && number.ext === undefined ? number.number : undefined;
}

/** Tells a country that has a numbering plan. */
function isNumbered(country: string): country is CountryCode {
  return Object.hasOwn(metadata().countries, country);
}

/** How many digits stand behind the calling code. */
function digitsOf(country: CountryCode): string {
  const { Metadata } = library();
  const plans = new Metadata(metadata());
  plans.selectNumberingPlan(country);
  const lengths = plans.numberingPlan?.possibleLengths() ?? [];
  const [shortest, longest] = [Math.min(...lengths), Math.max(...lengths)];
  return shortest === longest ? `\\d{${shortest}}` : `\\d{${shortest},${longest}}`;
}
