import type { EntityType } from "../model/define.ts";
import type { Dictionary, Kind, Properties } from "../model/kinds.ts";
import { Problem } from "../model/problem.ts";
import { isStructured, type PropertyPath, partsOf } from "../model/property-path.ts";
import { visible } from "../model/visible.ts";
import { isAlike, isCast, notFound } from "./segment.ts";

/** Reads the segments behind an entity that lead to one of its properties (OData URL Conventions 4.6 and 4.7). */
export function parsePropertyPath(type: EntityType, segments: readonly string[]): PropertyPath {
  const [first = "", ...rest] = segments;
  return walk(partOf(type.properties, first), rest);
}

type Place = Omit<PropertyPath, "form">;

function walk(place: Place, segments: readonly string[]): PropertyPath {
  const [segment, ...rest] = segments;
  if (segment === undefined) return { ...place, form: "value" };
  const { kind } = place;
  if (segment === "$value" || segment === "$count") {
    if (rest[0] !== undefined) throw notFound(rest[0]);
    return { ...place, form: formOf(place, segment) };
  }
  if (kind.kind === "complex" && isCast(kind.type, segment)) return walk(place, rest);
  const part = kind.kind === "dictionary" ? entryOf(kind, segment) : partOf(partsOf(kind), segment);
  // What stands in a value that cannot be changed cannot be changed either.
  const update = place.update === "refused" ? "refused" : part.update;
  return walk({ names: [...place.names, ...part.names], kind: part.kind, update }, rest);
}

function partOf(properties: Properties, segment: string): Place {
  const found = visible(properties).find(([name]) => isAlike(name, segment));
  if (found === undefined) throw notFound(segment);
  const [name, { kind, create, update }] = found;
  return { names: [name], kind, update: create === "computed" || isFixed(kind, update) ? "refused" : "allowed" };
}

// A value that replaces null may be sent; whether null is there is known later.
function isFixed(kind: Kind, update: "allowed" | "whenNull" | "refused"): boolean {
  return update === "refused" && kind.kind !== "complex";
}

/** A value of an open type is a dynamic property; one that is absent is the same as null (OData Protocol 11.4.9.2). */
function entryOf({ keyPattern, keyLengthMax, valueLengthMax }: Dictionary, name: string): Place {
  if (name.length > keyLengthMax || !keyPattern.test(name) || name === "__proto__") throw notFound(name);
  return { names: [name], kind: { kind: "text", lengthMin: 0, lengthMax: valueLengthMax }, update: "allowed" };
}

function formOf({ names, kind }: Place, segment: "$value" | "$count"): PropertyPath["form"] {
  if (segment === "$count" && kind.kind === "list") return "count";
  if (segment === "$value" && kind.kind !== "list" && !isStructured(kind)) return "raw";
  const wanted = segment === "$count" ? "a collection" : "a primitive value";
  throw new Problem("invalidRequest", `'${segment}' can follow ${wanted} only, and '${names.join("/")}' is none.`);
}
