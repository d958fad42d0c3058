import { countryName, isCountry } from "../countries/countries.ts";
import { canonicalTag, findTag, speechOf } from "../countries/cultures.ts";
import { type Rule, wrong } from "./rule.ts";

/** Rules for a culture: a language with a country (BCP 47), of those that the country of the address has. */
export const checkCulture: Rule = (given, place) => {
  const { country } = place;
  // Most say it as it is kept, and reading a tag is slow.
  if (country !== undefined && speechOf(country).cultures.includes(given)) return { value: given };
  const culture = canonicalTag(given.trim());
  const region = culture === undefined ? undefined : new Intl.Locale(culture).region;
  if (culture === undefined || region === undefined || !isCountry(region)) {
    const must = "must be a language and a country, as in BCP 47";
    return wrong("cultureNotSupported", given, place, must, country === undefined ? example : listed(country, given));
  }
  if (country === undefined) return { value: culture };
  const found = findTag(culture, speechOf(country).cultures);
  if (found !== undefined) return { value: found };
  const must = `must be a culture of ${countryName(country)}`;
  return wrong("cultureNotSupported", given, place, must, listed(country, given));
};

const example = { example: "pt-PT" } as const;

// The culture with the same language is what was meant; else the first one of the country.
function listed(country: string, given: string) {
  const { cultures } = speechOf(country);
  const [language = ""] = given.trim().toLowerCase().split("-");
  const suggestion = cultures.find((each) => each.startsWith(`${language}-`)) ?? cultures[0];
  return { allowed: cultures, ...(suggestion === undefined ? {} : { suggestion }) };
}

/** Rules for a language: two letters of ISO 639-1, or a culture, of those that the country of the address has. */
export const checkLanguage: Rule = (given, place) => {
  const { country } = place;
  if (country !== undefined && speechOf(country).languages.includes(given)) return { value: given };
  const language = canonicalTag(given.trim());
  if (language === undefined) {
    const must = "must be a language, as its two letters of ISO 639-1";
    return wrong("languageNotSupported", given, place, must, { example: "pt" });
  }
  if (country === undefined) return { value: language };
  const { languages, cultures } = speechOf(country);
  const allowed = [...languages, ...cultures];
  const found = findTag(language, allowed);
  if (found !== undefined) return { value: found };
  return wrong("languageNotSupported", given, place, `must be a language of ${countryName(country)}`, { allowed });
};
