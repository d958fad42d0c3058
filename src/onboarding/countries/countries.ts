import { iso31661 } from "iso-3166";

/** Every country of ISO 3166-1: its two letters, in their order. */
export const countryCodes: readonly string[] = iso31661.map(({ alpha2 }) => alpha2).sort();

/** Tells the two letters of a country of ISO 3166-1. */
export function isCountry(code: string): boolean {
  return known.has(code);
}

/** The name of a country in English, as ISO 3166-1 has it. */
export function countryName(code: string): string {
  return names.get(code) ?? code;
}

/** Finds which country was meant by what is no code of one: UK for GB, three letters, or a name. */
export function findCountry(text: string): string | undefined {
  const wanted = text.trim().toUpperCase();
  const alias = /^[A-Z]{2}$/.test(wanted) ? new Intl.Locale(`und-${wanted}`).region : undefined;
  if (alias !== undefined && isCountry(alias)) return alias;
  return iso31661.find(({ alpha3, name }) => alpha3 === wanted || name.toUpperCase() === wanted)?.alpha2;
}

const names: ReadonlyMap<string, string> = new Map(iso31661.map(({ alpha2, name }) => [alpha2, name]));

const known: ReadonlySet<string> = new Set(countryCodes);
