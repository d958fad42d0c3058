import { LRUCache } from "lru-cache";
import { type Members, maskMember } from "../model/choice.ts";
import { compile, printObject, quote, type Refer } from "../model/compile.ts";
import { isValues, type Values } from "../model/define.ts";
import type { Kind, Properties } from "../model/kinds.ts";
import type { Projection } from "../model/query.ts";
import { visible } from "../model/visible.ts";
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
  /** What of an entity is shown. */
  readonly projection?: Projection;
}

/** Prints properties behind what stands before them already: those that are selected, or all that are part of the API. */
export function printProperties(
  properties: Properties,
  values: Values,
  manner: Manner,
  before: Values,
  select?: Selection,
): Record<string, unknown> {
  const plan = planOf(properties, select);
  const isFull = manner.format.metadata === "full";
  if (!isFull && manner.nulls === "shown" && manner.projection?.items === undefined) {
    return printPlainly(plan, values, manner, before);
  }
  const printed: Record<string, unknown> = { ...before };
  for (const { name, kind, countName, parts } of plan.shown) {
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

/** Prints all properties of a plan and nothing beside them: what is almost always asked for. */
function printPlainly(plan: Plan, values: Values, manner: Manner, before: Values): Record<string, unknown> {
  let { printer } = plan;
  if (printer === undefined || !isBehind(printer, before)) printer = printerBehind(plan, Object.keys(before));
  plan.printer = printer;
  return printer.print(values, manner, before);
}

/** Some of the properties of a value: their paths. */
export type Selection = readonly (readonly string[])[];

/** A property that is shown. */
interface Shown {
  readonly name: string;
  readonly kind: Kind;
  /** Whether its value is printed as it is. */
  readonly isAsHeld: boolean;
  /** The name under which the store puts how many items there are. */
  readonly countName: string;
  /** What of a complex value is selected; undefined: all of it. */
  readonly parts: Selection | undefined;
}

/** What of some properties is shown, and what prints them: the printer that was used last, and all that were. */
interface Plan {
  readonly shown: readonly Shown[];
  printer: Printer | undefined;
  readonly printers: Map<string, Printer>;
}

/** Prints properties behind others, which are the same from entity to entity. */
interface Printer {
  readonly before: readonly string[];
  readonly print: (values: Values, manner: Manner, before: Values) => Record<string, unknown>;
}

// What is shown is the same for each entity of a page, and, where nothing is selected, for all.
const all: Selection = [];
const plans = new WeakMap<Selection, WeakMap<Properties, Plan>>();

function planOf(properties: Properties, select = all): Plan {
  let ofSelection = plans.get(select);
  if (ofSelection === undefined) {
    ofSelection = new WeakMap();
    plans.set(select, ofSelection);
  }
  const plan = ofSelection.get(properties) ?? planAlike(properties, select);
  ofSelection.set(properties, plan);
  return plan;
}

const alikeMax = 500;
const alike = new WeakMap<Properties, LRUCache<string, Plan>>();

/** Requests that differ in something else, such as the values of a filter, select the same anew: they share a plan. */
function planAlike(properties: Properties, select: Selection): Plan {
  const known = alike.get(properties) ?? new LRUCache<string, Plan>({ max: alikeMax });
  alike.set(properties, known);
  const key = select === all ? "" : JSON.stringify(select);
  const plan = known.get(key) ?? { shown: planShown(properties, select), printer: undefined, printers: new Map() };
  known.set(key, plan);
  return plan;
}

function printerBehind({ shown, printers }: Plan, before: readonly string[]): Printer {
  const key = before.join();
  const found = printers.get(key) ?? compilePrinter(shown, before);
  printers.set(key, found);
  return found;
}

function isBehind({ before: names }: Printer, before: Values): boolean {
  let index = 0;
  for (const name in before) if (names[index++] !== name) return false;
  return index === names.length;
}

function compilePrinter(shown: readonly Shown[], before: readonly string[]): Printer {
  const print = compile<Printer["print"]>("values, manner, before", (refer) =>
    printObject([
      ...before.map((name) => [name, `before[${quote(name)}]`] as const),
      ...shown.map((each) => [each.name, printShown(each, refer)] as const),
    ]),
  );
  return { before, print };
}

function printShown({ name, kind, isAsHeld, parts }: Shown, refer: Refer): string {
  const held = `values[${quote(name)}]`;
  if (isAsHeld) return `${held} ?? null`;
  return `${held} == null ? null : ${refer(printerOf(kind, parts))}(${held}, manner)`;
}

function printerOf(kind: Kind, parts: Selection | undefined): (value: Values, manner: Manner) => unknown {
  if (kind.kind !== "complex") return (value, manner) => printValue(kind, value, manner, parts);
  const plan = planOf(kind.type.properties, parts);
  return (value, manner) => printPlainly(plan, value, manner, nothing);
}

const nothing: Values = {};

function planShown(properties: Properties, select: Selection): readonly Shown[] {
  return visible(properties).flatMap(([name, { kind }]) => {
    const common = { name, kind, isAsHeld: !printedKinds.has(kind.kind), countName: `${name}@odata.count` };
    if (select === all) return [{ ...common, parts: undefined }];
    const chosen = select.filter(([first]) => first === name).map(([, ...rest]) => rest);
    if (chosen.length === 0) return [];
    return [{ ...common, parts: chosen.some((rest) => rest.length === 0) ? undefined : chosen }];
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

// The kinds whose values are not printed as they are held.
const printedKinds: ReadonlySet<Kind["kind"]> = new Set(["link", "choice", "complex", "dictionary", "list"]);

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
