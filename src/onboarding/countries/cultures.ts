import { createRequire } from "node:module";
import { onDemand } from "./on-demand.ts";

const require = createRequire(import.meta.url);
const languageNames = onDemand(() => new Intl.DisplayNames("en", { type: "language", fallback: "none" }));
const territoryInfo = onDemand(readTerritories);

/** The cultures and languages of a country, the one that most people speak first. */
export interface Speech {
  readonly cultures: readonly string[];
  readonly languages: readonly string[];
}

/**
 * Gives the cultures and languages of a country: those that have an official standing there (CLDR, territoryInfo), and
 * English of the United States, which every partner can write.
 */
export function speechOf(country: string): Speech {
  const known = speeches.get(country);
  if (known !== undefined) return known;
  const speech = readSpeech(country);
  speeches.set(country, speech);
  return speech;
}

/** What was read of CLDR already: it takes longer than all other rules together, and never changes. */
const speeches = new Map<string, Speech>();

function readSpeech(country: string): Speech {
  const official = officialLanguages(country);
  const cultures = unique([...official.map((language) => cultureOf(language, country)), "en-US"]);
  const languages = unique([...official.map((language) => new Intl.Locale(language).language), "en"]);
  return { cultures, languages };
}

/** Finds a tag among others that mean the same: `zh-Hant-TW` is `zh-TW`. */
export function findTag(tag: string, among: readonly string[]): string | undefined {
  return among.includes(tag) ? tag : among.find((each) => maximal(each) === maximal(tag));
}

/** Gives the canonical spelling of a language tag (BCP 47), or undefined when it is none or names no known language. */
export function canonicalTag(tag: string): string | undefined {
  if (!/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*$/.test(tag)) return undefined;
  try {
    const [canonical = ""] = Intl.getCanonicalLocales(tag);
    return languageNames().of(new Intl.Locale(canonical).language) === undefined ? undefined : canonical;
  } catch (error) {
    // What is not well-formed by BCP 47 is a RangeError by ECMA-402 9.2.1.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** What CLDR says of a territory, as far as it is used here. */
interface Territory {
  readonly _population: string;
  readonly languagePopulation?: Readonly<Record<string, Speakers>>;
}

interface Speakers {
  readonly _populationPercent: string;
  readonly _officialStatus?: string;
}

function readTerritories(): Readonly<Record<string, Territory>> {
  return require("cldr-core/supplemental/territoryInfo.json").supplemental.territoryInfo;
}

function officialLanguages(country: string): readonly string[] {
  return Object.entries(territoryInfo()[country]?.languagePopulation ?? {})
    .filter(([, { _officialStatus }]) => _officialStatus !== undefined)
    .sort(([, a], [, b]) => rank(b) - rank(a))
    .map(([language]) => language.replaceAll("_", "-"));
}

// A language of the whole country stands before one of a region, however many speak that.
function rank({ _officialStatus, _populationPercent }: Speakers): number {
  return (_officialStatus === "official_regional" ? 0 : 1000) + Number(_populationPercent);
}

// The script is said only where it is not the usual one: zh-TW, but sr-Latn-RS.
function cultureOf(language: string, country: string): string {
  const short = `${new Intl.Locale(language).language}-${country}`;
  const full = new Intl.Locale(language, { region: country }).toString();
  return maximal(short) === maximal(full) ? short : full;
}

function maximal(tag: string): string {
  return new Intl.Locale(tag).maximize().toString();
}

function unique(tags: readonly string[]): readonly string[] {
  return [...new Set(tags)];
}
