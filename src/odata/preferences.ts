/** What a request prefers (RFC 7240, OData Protocol 8.2.8). Preferences that are not known are ignored. */
export interface Preferences {
  readonly answer?: "representation" | "minimal";
  /** Whether a change of what is not there yet is to create it. */
  readonly missing?: "create";
  /** How many entities a page may have at the most. */
  readonly pageSize?: number;
  /** Whether a batch goes on when one of its requests has failed. */
  readonly onError?: "continue" | "stop";
}

/** Reads the `Prefer` header. Of two preferences of one name the first that is known counts. */
export function parsePreferences(header: string | undefined): Preferences {
  const preferences = new Map<string, string>();
  for (const each of (header ?? "").split(/[,;]/)) {
    const [name = "", value = ""] = each.split("=").map((part) => part.trim().replaceAll(/^"|"$/g, "").toLowerCase());
    const plain = name.replace(/^odata\./, "");
    const isKnown = plain !== "return" || value === "minimal" || value === "representation";
    if (isKnown && !preferences.has(plain)) preferences.set(plain, value);
  }
  const answer = preferences.get("return");
  const pageSize = Number(preferences.get("maxpagesize"));
  const goesOn = preferences.get("continue-on-error");
  return {
    ...(answer === "minimal" || answer === "representation" ? { answer } : {}),
    ...(preferences.has("create-if-missing") ? { missing: "create" } : {}),
    ...(Number.isInteger(pageSize) && pageSize > 0 ? { pageSize } : {}),
    // OData Protocol 8.2.8.3: by itself it means true.
    ...(goesOn === "" || goesOn === "true" ? { onError: "continue" } : {}),
    ...(goesOn === "false" ? { onError: "stop" } : {}),
  };
}
