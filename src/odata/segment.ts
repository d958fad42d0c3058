import { entityTypes, namespace } from "../model/model.ts";
import { Problem } from "../model/problem.ts";

/** What stands before a name that is qualified. */
const qualifiers = [`${namespace.name}.`, `${namespace.alias}.`];

/** Tells whether a name is meant: a client may write it in another case (OData Protocol 12.3, 4.01 Advanced). */
export function isAlike(a: string, b: string): boolean {
  return a.length === b.length && a.toLowerCase() === b.toLowerCase();
}

/**
 * Tells whether a segment casts to the type that is there anyway, which changes nothing (OData URL Conventions 4.11). A
 * cast to another type is refused: no type of the model is derived from another one that has instances.
 */
export function isCast(type: { readonly name: string }, segment: string): boolean {
  const prefix = qualifiers.find((each) => segment.startsWith(each));
  if (prefix === undefined) return false;
  const name = segment.slice(prefix.length);
  if (name === type.name) return true;
  if (entityTypes.some((each) => each.name === name)) throw notFound(segment);
  return false;
}

/** Tells whether a segment names a function or an action, by its plain or its qualified name (OData URL Conventions 4.5). */
export function isNamed(name: string, segment: string): boolean {
  return isAlike(name, segment) || qualifiers.some((each) => isAlike(each + name, segment));
}

/** Gives a text that stands in single quotes, a quote in it doubled (OData ABNF: string); undefined when it is none. */
export function readQuoted(value: string): string | undefined {
  return /^'((?:[^']|'')*)'$/s.exec(value)?.[1]?.replaceAll("''", "'");
}

/** The refusal of a path that leads nowhere. */
export function notFound(segment: string): Problem {
  return new Problem("itemNotFound", `Resource not found for the segment '${segment}'.`);
}

/** The refusal of a path that OData knows and this service does not. */
export function unsupported(segment: string): Problem {
  return new Problem("notSupported", `'${segment}' is not supported by this version of the service.`);
}
