const instants = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });
const precise = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });
const countryNames = new Intl.DisplayNames("en", { type: "region" });

/** An instant as people read it, in the time of their machine. */
export function formatInstant(instant: string | null, { seconds = false } = {}): string {
  return instant === null ? "" : (seconds ? precise : instants).format(new Date(instant));
}

/** The name of a country, or its code where that has none. */
export function nameOfCountry(code: string | null | undefined): string {
  return code === null || code === undefined || code === "" ? "" : (countryNames.of(code.toUpperCase()) ?? code);
}

const languageNames = new Intl.DisplayNames("en", { type: "language" });

/** The name of a language or a culture, with its tag; the tag alone where that has none. */
export function nameOfLanguage(tag: string): string {
  try {
    return `${languageNames.of(tag)} (${tag})`;
  } catch {
    // What is no tag at all may stand in a customer that was never checked.
    return tag;
  }
}

const numbers = new Intl.NumberFormat("en");

/** A number with its thousands apart. */
export function formatNumber(number: number): string {
  return numbers.format(number);
}
