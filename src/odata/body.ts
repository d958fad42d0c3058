import { type Members, sentinel } from "../model/choice.ts";
import { type EntityType, isValues, type Values } from "../model/define.ts";
import type { Dictionary, Kind, Properties, Property } from "../model/kinds.ts";
import { type Checked, type Complaint, Problem } from "../model/problem.ts";
import { findVisible, visible } from "../model/visible.ts";
import { nearest } from "./nearest.ts";
import { qualifiedNames, typeNames } from "./type-names.ts";
import { complainAboutValue, isAnnotation, show } from "./values.ts";

/** What a body is checked for: everything that is required must be there, or only what is there is looked at. */
export type Purpose = "create" | "update";

/**
 * Checks a JSON body against an entity type and gives its values in the order of the model, and all its faults, each
 * with the path of its property, behind that of the body. Annotations and control information are not values (OData
 * JSON Format 4.5).
 */
export function checkBody(
  type: EntityType,
  purpose: Purpose,
  json: unknown,
  members: Members = "known",
  path = "",
): Checked {
  const body = assertObject(json);
  const navigation = Object.keys(type.navigation).find((name) =>
    ["", ...relating].some((control) => Object.hasOwn(body, name + control)),
  );
  if (navigation !== undefined) {
    const message = `'${navigation}' cannot be given in the body of a ${type.name}. Send it to its own URL: …/${navigation}/$ref.`;
    throw new Problem("notSupported", message, { target: navigation });
  }
  const complaints: Complaint[] = [];
  const place = { name: type.name, properties: type.properties, purpose, members, path, complaints };
  const values = checkObject(place, body);
  return { values, complaints };
}

/** Control information of a navigation property that says what it leads to; any other is a link to read. */
const relating = ["@odata.bind", "@bind", "@odata.delta", "@delta"];

/** Refuses a body that is not a JSON object. */
export function assertObject(json: unknown): Values {
  if (isValues(json)) return json;
  const found = Array.isArray(json) ? "an array" : json === null ? "null" : `a ${typeof json}`;
  throw new Problem("invalidRequest", `The body must be a JSON object; it is ${found}.`);
}

/** A body with more unknown names than this is not a mistake that a longer list would help with. */
export const complaintsMax = 100;

/** A place in a body: the type that is expected there, its path with a slash behind it, and where faults are collected. */
interface Place {
  readonly name: string;
  readonly properties: Properties;
  readonly purpose: Purpose;
  readonly members: Members;
  readonly path: string;
  readonly complaints: Complaint[];
}

const knownNames = new WeakMap<Properties, ReadonlyMap<string, Property>>();

/** The properties that a body may name. */
function namesOf(properties: Properties): ReadonlyMap<string, Property> {
  const found = knownNames.get(properties) ?? new Map(visible(properties));
  knownNames.set(properties, found);
  return found;
}

function checkObject(place: Place, body: Values): Values {
  const known = namesOf(place.properties);
  for (const name of Object.keys(body)) {
    if (place.complaints.length >= complaintsMax) break;
    if (name.includes("@")) checkAnnotation(place, name, body[name]);
    else if (!known.has(name)) place.complaints.push(unknownProperty(place, name, [...known.keys()]));
  }
  return checkProperties(place, known, body);
}

function checkProperties(place: Place, known: ReadonlyMap<string, Property>, body: Values): Values {
  const values: Record<string, unknown> = {};
  for (const [name, property] of known) {
    if (!Object.hasOwn(body, name)) {
      if (place.purpose === "create" && property.create === "required") place.complaints.push(missing(place, name));
      continue;
    }
    // Whoever reads the sentinel cannot tell what it stands for, and sends it back (Graph guidelines, evolvable enums).
    if (place.purpose === "update" && isMasked(property, body[name])) continue;
    const value = checkProperty(place, name, property, body[name]);
    if (value !== undefined) values[name] = value;
  }
  return values;
}

function checkProperty(place: Place, name: string, property: Property, value: unknown): unknown {
  const target = place.path + name;
  const { kind } = property;
  if (property.create === "computed") {
    // An update is held against the present value: what a client read it may send back (OData Protocol 11.4.2).
    if (place.purpose === "update") return withoutAnnotations(value);
    if (value === null) return undefined;
    const message = `'${target}' is set by the server. Leave it out.`;
    place.complaints.push({ code: "propertyNotUpdateable", message, target });
    return undefined;
  }
  if (value === null) {
    if (property.nullable) return null;
    const message = `null is not a valid value for the property '${target}'; '${target}' is not a nullable property.`;
    place.complaints.push({ code: "nullValue", message, target });
    return undefined;
  }
  if (kind.kind === "complex") {
    if (isValues(value)) {
      const { name: typeName, properties } = kind.type;
      return checkObject({ ...place, name: typeName, properties, path: `${target}/` }, value);
    }
    const message = `'${target}' must be an object of the type ${kind.type.name}. It is ${show(value)}.`;
    place.complaints.push({ code: "malformedValue", message, target });
    return undefined;
  }
  if (kind.kind === "dictionary" && isValues(value)) checkDictionaryType(place, kind, value, target);
  const faults = complainAboutValue(kind, value, target, place.members);
  place.complaints.push(...faults);
  return faults.length === 0 ? canonical(property, value) : undefined;
}

/** Tells a value that is the sentinel; of what the server sets, also one in which it stands somewhere. */
function isMasked({ kind, create }: Property, value: unknown): boolean {
  if (kind.kind === "choice") return value === sentinel;
  return create === "computed" && holdsSentinel(kind, value);
}

function holdsSentinel(kind: Kind, value: unknown): boolean {
  if (kind.kind === "choice") return value === sentinel;
  if (kind.kind === "list") return Array.isArray(value) && value.some((each) => holdsSentinel(kind.of, each));
  if (kind.kind !== "complex" || !isValues(value)) return false;
  return Object.entries(kind.type.properties).some(([name, property]) => holdsSentinel(property.kind, value[name]));
}

function withoutAnnotations(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutAnnotations);
  if (!isValues(value)) return value;
  const kept = Object.entries(value).filter(([name]) => !name.includes("@"));
  return Object.fromEntries(kept.map(([name, each]) => [name, withoutAnnotations(each)]));
}

function canonical(property: Property, value: unknown): unknown {
  if (property.kind.kind === "identifier") return String(value).toLowerCase();
  if (property.kind.kind === "instant") return new Date(String(value)).toISOString();
  if (property.kind.kind !== "dictionary" || !isValues(value)) return value;
  const entries = Object.entries(value).filter(([name]) => !isAnnotation(name));
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function checkDictionaryType(place: Place, kind: Dictionary, value: Values, target: string): void {
  for (const [name, type] of Object.entries(value)) {
    if (!name.includes("@")) continue;
    checkAnnotation({ ...place, name: kind.name, properties: {}, path: `${target}/` }, name, type);
  }
}

// Of all annotations only the type says something that could be wrong. The names without the prefix are those of 4.01.
function checkAnnotation(place: Place, name: string, value: unknown): void {
  const [property = "", term = ""] = name.split("@");
  if (property !== "" && (term === "odata.bind" || term === "bind")) {
    place.complaints.push({ ...unknownProperty(place, property, []), target: place.path + name });
    return;
  }
  if (term !== "odata.type" && term !== "type") return;
  const accepted = acceptedTypes(place, property);
  const found = typeof value === "string" ? value.replace(/^#/, "") : "";
  if (accepted === undefined || accepted.includes(found)) return;
  const message = `The type must be '#${accepted[0]}', or be left out. It is ${show(value)}.`;
  place.complaints.push({ code: "malformedValue", message, target: `${place.path}${name}` });
}

/** The names of the type of a property, or of the object itself; undefined where it is not known. */
function acceptedTypes({ name, properties }: Place, property: string): readonly string[] | undefined {
  if (property === "") return qualifiedNames(name);
  const declared = findVisible(properties, property);
  return declared === undefined ? undefined : typeNames(declared.kind);
}

function unknownProperty(place: Place, name: string, known: readonly string[]): Complaint {
  const target = place.path + name;
  const near = nearest(name, known);
  const others = known.length === 0 ? "It has none that can be bound." : `Its properties are ${known.join(", ")}.`;
  const advice = near === undefined ? others : `Did you mean '${near}'?`;
  return {
    code: "unknownProperty",
    message: `'${show(name).slice(1, -1)}' is not a property of ${place.name}. ${advice}`,
    target,
  };
}

function missing(place: Place, name: string): Complaint {
  const target = place.path + name;
  return { code: "requiredFieldMissing", message: `'${target}' is required.`, target };
}
