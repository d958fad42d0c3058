/**
 * The path of a URL as the log may hold it: without the query, and without keys, arguments and conditions, which can be
 * personal data. A segment that is neither a name nor an id is not told either.
 */
export function maskedPath(url: string): string {
  const [path = ""] = url.split("?");
  const [plain = "", ...rest] = path.split(/\(|%28|'|%27/i);
  const segments = plain.split("/").map((segment) => (/^(?:[\w$.-]|%24)*$/.test(segment) ? segment : "…"));
  return segments.join("/").slice(0, 200) + (rest.length === 0 ? "" : "(…)");
}
