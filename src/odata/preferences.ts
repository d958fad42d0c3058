import type { Members } from "../model/choice.ts";

/** What a request prefers (RFC 7240, OData Protocol 8.2.8). Preferences that are not known are ignored. */
export interface Preferences {
  readonly answer?: "representation" | "minimal";
  /** Whether a change of what is not there yet is to create it. */
  readonly missing?: "create";
  /** How many entities a page may have at the most. */
  readonly pageSize?: number;
  /** Whether a batch goes on when one of its requests has failed. */
  readonly onError?: "continue" | "stop";
  /** Which values may be left out. */
  readonly omitted?: "nulls" | "defaults";
  /** The members of enumerations that the client is prepared for, when they are more than the known ones. */
  readonly members?: Members;
  /** The names that were sent with the prefix `odata.`: they are repeated with it. */
  readonly prefixed: readonly string[];
}

/** The name of a preference, without the prefix `odata.`. */
type PreferenceName =
  | ("return" | "maxpagesize" | "continue-on-error" | "omit-values" | "include-unknown-enum-members")
  | "create-if-missing";

/**
 * Reads the `Prefer` header. Of two preferences of one name the first that is known counts, but one without the prefix
 * `odata.` stands above one with it (OData Protocol 8.2.8).
 */
export function parsePreferences(header: string | undefined, pageSizeMax: number): Preferences {
  if (header === undefined) return noPreferences;
  const sent = readAll(header);
  const answer = sent.get("return")?.value;
  const pageSize = Number(sent.get("maxpagesize")?.value);
  const goesOn = sent.get("continue-on-error")?.value;
  const omitted = sent.get("omit-values")?.value;
  return {
    ...(answer === "minimal" || answer === "representation" ? { answer } : {}),
    ...(sent.has("create-if-missing") ? { missing: "create" } : {}),
    ...(Number.isInteger(pageSize) && pageSize > 0 ? { pageSize: Math.min(pageSize, pageSizeMax) } : {}),
    // OData Protocol 8.2.8.3: by itself it means true.
    ...(goesOn === "" || goesOn === "true" ? { onError: "continue" } : {}),
    ...(goesOn === "false" ? { onError: "stop" } : {}),
    ...(omitted === "nulls" || omitted === "defaults" ? { omitted } : {}),
    ...(sent.has("include-unknown-enum-members") ? { members: "all" } : {}),
    prefixed: [...sent].flatMap(([name, { prefix }]) => (prefix === "" ? [] : [name])),
  };
}

/** Prints the header that says which preferences were applied, in the names that they were sent under. */
export function printApplied(
  preferences: Preferences,
  names: readonly PreferenceName[],
): Readonly<Record<string, string>> {
  if (preferences === noPreferences) return {};
  const applied = names.flatMap((name) => {
    const value = printValue(preferences, name);
    if (value === undefined) return [];
    return [`${preferences.prefixed.includes(name) ? "odata." : ""}${name}${value === "" ? "" : `=${value}`}`];
  });
  return applied.length === 0 ? {} : { "Preference-Applied": applied.join(", ") };
}

const noPreferences: Preferences = { prefixed: [] };

interface Sent {
  readonly prefix: string;
  readonly value: string;
}

function readAll(header: string): ReadonlyMap<string, Sent> {
  const all = new Map<string, Sent>();
  // A value in quotes may hold separators. A semicolon between preferences is not of the standard, and is sent.
  for (const [, prefix = "", name = "", quoted, plain = ""] of header.toLowerCase().matchAll(preferencePattern)) {
    const value = quoted ?? plain.trim();
    const isKnown = name !== "return" || value === "minimal" || value === "representation";
    const earlier = all.get(name);
    if (isKnown && (earlier === undefined || (earlier.prefix !== "" && prefix === ""))) {
      all.set(name, { prefix, value });
    }
  }
  return all;
}

const preferencePattern = /(odata\.)?([^\s=,;"]+)\s*(?:=\s*(?:"([^"]*)"|([^,;"]*)))?/g;

/** The value of a preference that was stated; empty: it has none. */
function printValue(preferences: Preferences, name: PreferenceName): string | undefined {
  const { answer, pageSize, onError, omitted, members, missing } = preferences;
  switch (name) {
    case "return":
      return answer;
    case "maxpagesize":
      return pageSize?.toString();
    case "continue-on-error":
      return onError === undefined ? undefined : String(onError === "continue");
    case "omit-values":
      return omitted;
    case "include-unknown-enum-members":
      return members === undefined ? undefined : "";
    case "create-if-missing":
      return missing === undefined ? undefined : "";
  }
}
