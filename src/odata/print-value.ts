import { type Members, maskMember } from "../model/choice.ts";
import { isValues, type Values } from "../model/define.ts";
import type { Kind, Properties } from "../model/kinds.ts";
import type { Format } from "./media.ts";
import type { Profile } from "./profile.ts";
import { typeNames } from "./type-names.ts";

/** What the values of a client are called: those that it sends, and those that it is shown. */
export interface Naming {
  /** The service root, at which links begin, such as `https://localhost:8443/v1.0`. */
  readonly root: string;
  /** The members of enumerations that go by their names. */
  readonly members: Members;
}

/** How a payload is written, and where its links begin. */
export interface Manner extends Naming {
  readonly profile: Profile;
  readonly format: Format;
  /** Whether properties without a value are shown: all, those that are said to have none, or no one. */
  readonly nulls: "shown" | "held" | "omitted";
}

/** Prints properties behind what stands before them already: those that are selected, or all that are part of the API. */
export function printProperties(
  properties: Properties,
  values: Values,
  manner: Manner,
  printed: Record<string, unknown>,
  select?: Selection,
): Values {
  const isFull = manner.format.metadata === "full";
  for (const { name, kind, countName, parts } of shownOf(properties, select)) {
    const held = values[name];
    if (isLeftOut(held, manner)) continue;
    const count = values[countName];
    if (typeof count === "number") printed[name + manner.profile.control.count] = printCount(count, manner);
    const value = printValue(kind, held, manner, parts);
    const type = isFull && value !== null ? typeBeside(kind, manner) : undefined;
    if (type !== undefined) printed[name + manner.profile.control.type] = type;
    printed[name] = value;
  }
  return printed;
}

/** Some of the properties of a value: their paths. */
export type Selection = readonly (readonly string[])[];

/** A property that is shown. */
interface Shown {
  readonly name: string;
  readonly kind: Kind;
  /** The name under which the store puts how many items there are. */
  readonly countName: string;
  /** What of a complex value is selected; undefined: all of it. */
  readonly parts: Selection | undefined;
}

// What is shown is the same for each entity of a page, and, where nothing is selected, for all.
const all: Selection = [];
const shown = new WeakMap<Selection, WeakMap<Properties, readonly Shown[]>>();

function shownOf(properties: Properties, select = all): readonly Shown[] {
  const ofSelection = shown.get(select) ?? new WeakMap<Properties, readonly Shown[]>();
  shown.set(select, ofSelection);
  const found = ofSelection.get(properties) ?? planShown(properties, select);
  ofSelection.set(properties, found);
  return found;
}

function planShown(properties: Properties, select: Selection): readonly Shown[] {
  return Object.entries(properties).flatMap(([name, { hidden, kind }]) => {
    if (hidden !== undefined) return [];
    const countName = `${name}@odata.count`;
    if (select === all) return [{ name, kind, countName, parts: undefined }];
    const chosen = select.filter(([first]) => first === name).map(([, ...rest]) => rest);
    if (chosen.length === 0) return [];
    return [{ name, kind, countName, parts: chosen.some((rest) => rest.length === 0) ? undefined : chosen }];
  });
}

function isLeftOut(value: unknown, { nulls }: Manner): boolean {
  if (nulls === "held") return value === undefined;
  return nulls === "omitted" && (value === undefined || value === null);
}

/** Prints how many there are, which is an Edm.Int64. */
export function printCount(count: number, { format }: Manner): number | string {
  return format.longNumbers === "text" ? String(count) : count;
}

/** Prints a value of a kind; null where there is none. */
export function printValue(kind: Kind, value: unknown, manner: Manner, select?: Selection): unknown {
  if (value === null || value === undefined) return null;
  switch (kind.kind) {
    case "link":
      return `${manner.root}/${String(value)}`;
    case "choice":
      return maskMember(kind, String(value), manner.members);
    case "complex":
      if (!isValues(value)) return value;
      return printProperties(kind.type.properties, value, manner, typeInside(kind, manner), select);
    case "dictionary":
      return manner.format.metadata === "full" && isValues(value) ? { ...typeInside(kind, manner), ...value } : value;
    case "list":
      return Array.isArray(value) ? value.map((each: unknown) => printValue(kind.of, each, manner, select)) : value;
    default:
      return value;
  }
}

/** What stands first in an object at full metadata: its type. */
function typeInside(kind: Kind, { format, profile }: Manner): Record<string, unknown> {
  return format.metadata === "full" ? { [profile.control.type]: printTypeName(typeNames(kind)) } : {};
}

/** What stands beside a value at full metadata: its type, where the value does not tell it (OData JSON Format 4.5.3). */
export function typeBeside(kind: Kind, { profile }: Manner): string | undefined {
  switch (kind.kind) {
    case "integer":
    case "instant":
      return profile.primitiveMark + (typeNames(kind)[0] ?? "");
    case "choice":
    case "list":
      return printTypeName(typeNames(kind));
    default:
      return undefined;
  }
}

/** Prints the name of a type as a payload bears it; of all its names it is the first. */
export function printTypeName([name = ""]: readonly string[]): string {
  return `#${name}`;
}
