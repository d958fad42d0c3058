import type { Values } from "../model/define.ts";
import { Problem } from "../model/problem.ts";
import { show } from "./values.ts";

const tagPattern = /^(?:W\/)?"([\x21\x23-\x7e]*)"$/;

/** Reads an `If-Match` or `If-None-Match` header: the versions in its entity tags, or `*` (RFC 9110 section 13.1). */
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

/**
 * Gives the version in the entity tag that a body says it was read with, or `*`, if it says one (OData JSON Format 4.5.10).
 * A body of 4.0, in which `@odata.etag` says nothing, says so by the name of 4.01 alone.
 */
export function readBodyTag(body: Values, bodyVersion: "4.0" | "4.01"): string | undefined {
  const names = bodyVersion === "4.01" ? ["@etag", "@odata.etag"] : ["@etag"];
  const name = names.find((each) => Object.hasOwn(body, each));
  if (name === undefined) return undefined;
  const tag = body[name];
  if (tag === "*") return tag;
  const version = typeof tag === "string" ? tagPattern.exec(tag)?.[1] : undefined;
  if (version !== undefined) return version;
  const message = `'${name}' must be the entity tag that the entity was read with, such as W/"1", or *. It is ${show(tag)}.`;
  throw new Problem("malformedEntityTag", message, { target: name });
}

/**
 * Gives the versions that a change may find: those of `If-Match`, and of them only the one that the entity tag in the body
 * names, if there is one.
 */
export function withBodyTag(
  ifMatch: readonly string[] | undefined,
  bodyTag: string | undefined,
): readonly string[] | undefined {
  if (bodyTag === undefined || (bodyTag === "*" && ifMatch !== undefined)) return ifMatch;
  if (ifMatch === undefined || ifMatch.includes("*")) return [bodyTag];
  return ifMatch.filter((version) => version === bodyTag);
}
