import type { EntityType, Values } from "../model/define.ts";
import { isValues } from "../model/define.ts";
import type { EntityChange } from "../model/delta.ts";
import type { ComplexType } from "../model/kinds.ts";
import { entityTypes, namespace } from "../model/model.ts";
import type { Expansion, Projection } from "../model/query.ts";
import { printComputed } from "./computed.ts";
import { type Manner, printCount, printProperties, printTypeName, type Selection } from "./print-value.ts";
import { qualifiedNames } from "./type-names.ts";

/** How an entity is written, and what of it is shown. */
export interface Printing extends Manner {
  readonly projection: Projection;
}

/** Prints an entity, with its context and entity tag as far as the metadata level has them (OData JSON Format 3.1). */
export function printEntity(type: EntityType, entity: Values, printing: Printing): Values {
  return printMember(type, entity, printing, printContext(printing, `#${shapeOf(type, printing.projection)}/$entity`));
}

/** Prints a page of a collection. */
export function printCollection(
  type: EntityType,
  entities: readonly Values[],
  printing: Printing & { readonly count?: number; readonly next?: string },
): Values {
  const { projection, count, next } = printing;
  const { control } = printing.profile;
  return {
    ...printContext(printing, `#${shapeOf(type, projection)}`),
    ...(count === undefined ? {} : { [control.count]: printCount(count, printing) }),
    value: entities.map((entity) => printMember(type, entity, printing, {})),
    ...(next === undefined ? {} : { [control.nextLink]: next }),
  };
}

/** Prints a page of delta; `link` is that to the next page, or to the next round (OData JSON Format 15). */
export function printChanges(
  type: EntityType,
  changes: readonly EntityChange[],
  printing: Printing & { readonly link: { readonly name: "nextLink" | "deltaLink"; readonly url: string } },
): Values {
  const { projection, link } = printing;
  return {
    ...printContext(printing, `#${shapeOf(type, projection)}`),
    value: changes.map((change) => {
      if (change.kind === "present") return printMember(type, change.entity, printing, {});
      return printTombstone(type, change, printing);
    }),
    [printing.profile.control[link.name]]: link.url,
  };
}

/** Prints a page of references to entities (OData JSON Format 14). */
export function printReferences(
  type: EntityType,
  ids: readonly string[],
  manner: Manner & { readonly count?: number; readonly next?: string },
): Values {
  const { count, next } = manner;
  const { control } = manner.profile;
  return {
    ...printContext(manner, "#Collection($ref)"),
    ...(count === undefined ? {} : { [control.count]: printCount(count, manner) }),
    value: ids.map((id) => referenceTo(type, id, manner)),
    ...(next === undefined ? {} : { [control.nextLink]: next }),
  };
}

/** Prints the reference to one entity. */
export function printReference(type: EntityType, id: string, manner: Manner): Values {
  return { ...printContext(manner, "#$ref"), ...referenceTo(type, id, manner) };
}

/**
 * Prints a value of a complex type that is no property of an entity (OData JSON Format 11, Context URL 10.15). What it
 * does not hold is left out: a customer as it would be kept says no more than what was given.
 */
export function printComplex(type: ComplexType, value: Values, manner: Manner): Values {
  const shown: Manner = manner.nulls === "omitted" ? manner : { ...manner, nulls: "held" };
  return printProperties(type.properties, value, shown, printContext(manner, `#${namespace.name}.${type.name}`));
}

/** Prints the service document (OData JSON Format 5). */
export function printServiceDocument(manner: Manner): Values {
  return {
    ...printContext(manner, ""),
    value: entityTypes.map(({ set }) => ({ name: set, kind: "EntitySet", url: set })),
  };
}

/** The canonical URL of an entity. */
export function entityUrl(type: EntityType, id: string, root: string): string {
  return `${root}/${type.set}/${encodeURIComponent(id)}`;
}

/** The entity tag of an entity: weak, since equal tags do not promise equal bytes. */
export function entityTag(entity: Values): string {
  return `W/"${String(entity["version"])}"`;
}

/** The context comes first (OData JSON Format 4.4). Without metadata only counts and next links are left (3.1.3). */
export function printContext({ root, profile, format }: Manner, fragment: string): Record<string, unknown> {
  return format.metadata === "none" ? {} : { [profile.control.context]: `${root}/$metadata${fragment}` };
}

/** The entity set, and what of its entities is shown: the properties that were selected, the navigation that was expanded. */
function shapeOf({ set }: EntityType, projection: Projection): string {
  return `${set}${printShape(projection)}`;
}

/** What the context says of the shape: the properties that were selected or computed, the navigation that was expanded. */
export function printShape({ select, expand, computed = [] }: Projection): string {
  const all = computed.length === 0 ? [] : ["*", ...computed.map(({ name }) => name)];
  const selected = select?.map((path) => path.join("/")) ?? all;
  const expanded = expand.map(({ name, options }) => `${name}${printShape(options.projection) || "()"}`);
  const items = [...selected, ...expanded.filter((each) => !selected.includes(each))];
  return items.length === 0 ? "" : `(${items.join(",")})`;
}

function referenceTo(type: EntityType, id: string, { root, profile }: Manner): Values {
  return { [profile.control.id]: entityUrl(type, id, root) };
}

// Before 4.01 only a context tells an entity that is gone from one that is there (OData JSON Format 4.0, 14.3).
function printTombstone(
  type: EntityType,
  { id, reason }: EntityChange & { readonly kind: "removed" },
  { profile, root }: Manner,
): Values {
  if (profile.tombstone === "removed") return { "@removed": { reason }, id };
  return { [profile.control.context]: `#${type.set}/$deletedEntity`, id: entityUrl(type, id, root), reason };
}

/** Prints an entity behind what stands before it already. */
function printMember(
  type: EntityType,
  entity: Values,
  printing: Printing,
  before: Readonly<Record<string, unknown>>,
): Values {
  const { format, profile, projection } = printing;
  const { select, expand, computed = [] } = projection;
  const first: Record<string, unknown> = { ...before };
  if (format.metadata === "full") printIdentity(type, entity, printing, first);
  if (format.metadata !== "none") first[profile.control.etag] = entityTag(entity);
  // The key is always there: without it a client could not tell whose the properties are.
  const selected = select === undefined ? undefined : withKey(select);
  const printed = printProperties(type.properties, entity, printing, first, selected);
  printComputed(computed, entity, printing, printed);
  if (format.metadata === "full") {
    for (const name of Object.keys(type.navigation)) {
      const isExpanded = expand.some((each) => each.name === name);
      if (!isExpanded && isSelected(name, select)) printNavigation(type, entity, printing, printed, name);
    }
  }
  for (const expansion of expand) printExpansion(type, entity, printing, printed, expansion);
  return printed;
}

const selections = new WeakMap<Selection, Selection>();

function withKey(select: Selection): Selection {
  const found = selections.get(select) ?? [["id"], ...select];
  selections.set(select, found);
  return found;
}

function isSelected(name: string, select: Projection["select"]): boolean {
  return select === undefined || select.some(([first]) => first === name);
}

function printIdentity(type: EntityType, entity: Values, manner: Manner, printed: Record<string, unknown>): void {
  const { control } = manner.profile;
  const url = entityUrl(type, String(entity["id"]), manner.root);
  printed[control.type] = printTypeName(qualifiedNames(type.name));
  printed[control.id] = url;
  printed[control.editLink] = url;
}

function printNavigation(
  type: EntityType,
  entity: Values,
  { root, profile }: Manner,
  printed: Record<string, unknown>,
  name: string,
): void {
  const url = `${entityUrl(type, String(entity["id"]), root)}/${name}`;
  printed[name + profile.control.associationLink] = `${url}/$ref`;
  printed[name + profile.control.navigationLink] = url;
}

function printExpansion(
  type: EntityType,
  entity: Values,
  manner: Manner,
  printed: Record<string, unknown>,
  { name, shape, options }: Expansion,
): void {
  const value = entity[name];
  const navigation = type.navigation[name];
  if (navigation === undefined || !isExpanded(value)) return;
  const to = navigation.to();
  const within: Printing = { ...manner, projection: options.projection };
  if (manner.format.metadata === "full") printNavigation(type, entity, manner, printed, name);
  if (options.count || shape === "count")
    printed[name + manner.profile.control.count] = printCount(value.count, manner);
  if (shape === "count") return;
  printed[name] = value.shown.map((each) => {
    if (shape === "references") return referenceTo(to, String(each["id"]), manner);
    return printMember(to, each, within, {});
  });
}

function isExpanded(value: unknown): value is { readonly count: number; readonly shown: readonly Values[] } {
  return isValues(value) && typeof value["count"] === "number" && Array.isArray(value["shown"]);
}
