import { iso31661 } from "iso-3166";

/** Every country of ISO 3166-1: its two letters, in their order. */
export const countryCodes: readonly string[] = iso31661.map(({ alpha2 }) => alpha2).sort();

/** Tells the two letters of a country of ISO 3166-1. */
export function isCountry(code: string): boolean {
  return known.has(code);
}

/** The name of a country in English, as CLDR has it. */
export function countryName(code: string): string {
  return englishNames.of(code) ?? code;
}

/** Finds which country was meant by what is no code of one: UK for GB, three letters, or a name. */
export function findCountry(text: string): string | undefined {
  const wanted = text.trim().toUpperCase();
  const alias = /^[A-Z]{2}$/.test(wanted) ? new Intl.Locale(`und-${wanted}`).region : undefined;
  if (alias !== undefined && isCountry(alias)) return alias;
  return iso31661.find(
    ({ alpha2, alpha3, name }) =>
      alpha3 === wanted || name.toUpperCase() === wanted || countryName(alpha2).toUpperCase() === wanted,
  )?.alpha2;
}

const known: ReadonlySet<string> = new Set(countryCodes);

const englishNames = new Intl.DisplayNames("en", { type: "region" });
