/** What a request prefers (RFC 7240, OData Protocol 8.2.8). Preferences that are not known are ignored. */
export interface Preferences {
  readonly answer?: "representation" | "minimal";
}

/** Reads the `Prefer` header. Of two preferences of one name the first counts. */
export function parsePreferences(header: string | undefined): Preferences {
  const wanted = (header ?? "")
    .split(/[,;]/)
    .map((each) => /^\s*return\s*=\s*"?(minimal|representation)"?\s*$/i.exec(each)?.[1]?.toLowerCase())
    .find((each) => each !== undefined);
  if (wanted === "minimal" || wanted === "representation") return { answer: wanted };
  return {};
}
