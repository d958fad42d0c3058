import type { CountryCode } from "libphonenumber-js/max";
import {
  getCountryCallingCode,
  getExampleNumber,
  isSupportedCountry,
  Metadata,
  parsePhoneNumberFromString,
} from "libphonenumber-js/max";
import examples from "libphonenumber-js/mobile/examples";

/** How the telephone numbers of a country are made, as E.164 writes them. */
export interface PhoneForm {
  readonly callingCode: string;
  readonly pattern: string;
  readonly example: string;
}

/** Gives the form of the telephone numbers of a country; undefined when it has no numbering plan. */
export function phoneForm(country: string): PhoneForm | undefined {
  if (!isSupportedCountry(country)) return undefined;
  const callingCode = getCountryCallingCode(country);
  const example = getExampleNumber(country, examples)?.number ?? `+${callingCode}`;
  return { callingCode, pattern: `^\\+${callingCode}${digitsOf(country)}$`, example };
}

/**
 * Gives a telephone number as E.164 writes it, or undefined when there can be no such number. A number without the plus
 * sign is one of the country.
 */
export function canonicalPhoneNumber(text: string, country: string | undefined): string | undefined {
  const defaultCountry = country !== undefined && isSupportedCountry(country) ? country : undefined;
  const number = parsePhoneNumberFromString(text.trim(), {
    extract: false,
    ...(defaultCountry === undefined ? {} : { defaultCountry }),
  });
  // E.164 has no extension: to leave it out would lose it.
  return number?.isValid() === true && number.ext === undefined ? number.number : undefined;
}

/** How many digits stand behind the calling code. */
function digitsOf(country: CountryCode): string {
  const metadata = new Metadata();
  metadata.selectNumberingPlan(country);
  const lengths = metadata.numberingPlan?.possibleLengths() ?? [];
  const [shortest, longest] = [Math.min(...lengths), Math.max(...lengths)];
  return shortest === longest ? `\\d{${shortest}}` : `\\d{${shortest},${longest}}`;
}
