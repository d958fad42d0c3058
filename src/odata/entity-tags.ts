import { Problem } from "../model/problem.ts";

const tagPattern = /^(?:W\/)?"([\x21\x23-\x7e]*)"$/;

/** Reads an `If-Match` or `If-None-Match` header, or a member of a body that says the same: the versions in its entity tags, or `*` (RFC 9110 section 13.1). */
export function parseEntityTags(name: string, header: string | undefined): readonly string[] | undefined {
  if (header === undefined) return undefined;
  return header.split(",").map((each) => {
    const text = each.trim();
    if (text === "*") return text;
    const version = tagPattern.exec(text)?.[1];
    if (version !== undefined) return version;
    throw new Problem(
      "malformedEntityTag",
      `'${text}' in ${name} is not an entity tag. Send what ETag said, such as W/"1", quotes included.`,
    );
  });
}
