import type { EntityType, Values } from "../model/define.ts";
import { isValues } from "../model/define.ts";
import type { EntityChange } from "../model/delta.ts";
import type { ComplexType, Kind, Properties } from "../model/kinds.ts";
import { entityTypes, namespace } from "../model/model.ts";
import type { Expansion, Projection } from "../model/query.ts";

/** Where links begin, and what of an entity is shown. */
export interface Printing {
  readonly root: string;
  readonly projection: Projection;
}

/** Prints an entity, with its context and entity tag, at metadata level minimal (OData JSON Format 3.1). */
export function printEntity(type: EntityType, entity: Values, { root, projection }: Printing): Values {
  const context = `${root}/$metadata#${type.set}${printShape(projection)}/$entity`;
  return { "@odata.context": context, ...printMember(type, entity, root, projection) };
}

/** Prints a page of a collection. */
export function printCollection(
  type: EntityType,
  entities: readonly Values[],
  printing: Printing & { readonly count?: number; readonly next?: string },
): Values {
  const { root, projection, count, next } = printing;
  return {
    "@odata.context": `${root}/$metadata#${type.set}${printShape(projection)}`,
    ...(count === undefined ? {} : { "@odata.count": count }),
    value: entities.map((entity) => printMember(type, entity, root, projection)),
    ...(next === undefined ? {} : { "@odata.nextLink": next }),
  };
}

/** Prints a page of delta; `link` is that to the next page, or to the next round (OData JSON Format 15). */
export function printChanges(
  type: EntityType,
  changes: readonly EntityChange[],
  { root, projection, link }: Printing & { readonly link: Values },
): Values {
  return {
    "@odata.context": `${root}/$metadata#${type.set}${printShape(projection)}`,
    value: changes.map((change) => {
      if (change.kind === "present") return printMember(type, change.entity, root, projection);
      return { id: change.id, "@removed": { reason: change.reason } };
    }),
    ...link,
  };
}

/** Prints references to entities (OData JSON Format 14). */
export function printReferences(type: EntityType, ids: readonly string[], root: string): Values {
  return {
    "@odata.context": `${root}/$metadata#Collection($ref)`,
    value: ids.map((id) => ({ "@odata.id": entityUrl(type, id, root) })),
  };
}

/** Prints a value of a complex type that is no property of an entity (OData JSON Format 11, Context URL 10.15). */
export function printComplex(type: ComplexType, value: Values, root: string): Values {
  return { "@odata.context": `${root}/$metadata#${namespace.name}.${type.name}`, ...value };
}

/** Prints the service document (OData JSON Format 5). */
export function printServiceDocument(root: string): Values {
  return {
    "@odata.context": `${root}/$metadata`,
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

/** What the context says of the shape: the properties that were selected, the navigation that was expanded. */
function printShape({ select, expand }: Projection): string {
  const selected = select?.map((path) => path.join("/")) ?? [];
  const expanded = expand.map(({ name, options }) => `${name}${printShape(options.projection) || "()"}`);
  const items = [...selected, ...expanded.filter((each) => !selected.includes(each))];
  return items.length === 0 ? "" : `(${items.join(",")})`;
}

function printMember(type: EntityType, entity: Values, root: string, { select, expand }: Projection): Values {
  // The key is always there: without it a client could not tell whose the properties are.
  const properties = printProperties(
    type.properties,
    entity,
    root,
    select === undefined ? undefined : [["id"], ...select],
  );
  const expanded = expand.map((expansion) => printExpansion(type, entity, root, expansion));
  return Object.assign({ "@odata.etag": entityTag(entity), ...properties }, ...expanded);
}

function printExpansion(type: EntityType, entity: Values, root: string, { name, shape, options }: Expansion): Values {
  const value = entity[name];
  const navigation = type.navigation[name];
  if (navigation === undefined || !isExpanded(value)) return {};
  const to = navigation.to();
  if (shape === "count") return { [`${name}@odata.count`]: value.count };
  const print = (each: Values) => {
    if (shape === "references") return { "@odata.id": entityUrl(to, String(each["id"]), root) };
    return printMember(to, each, root, options.projection);
  };
  const count = options.count ? { [`${name}@odata.count`]: value.count } : {};
  return { ...count, [name]: value.shown.map(print) };
}

function isExpanded(value: unknown): value is { readonly count: number; readonly shown: readonly Values[] } {
  return isValues(value) && typeof value["count"] === "number" && Array.isArray(value["shown"]);
}

function printProperties(
  properties: Properties,
  values: Values,
  root: string,
  select?: readonly (readonly string[])[],
): Values {
  const printed: Record<string, unknown> = {};
  for (const [name, { hidden, kind }] of Object.entries(properties)) {
    if (hidden !== undefined) continue;
    const chosen = select?.filter(([first]) => first === name).map(([, ...rest]) => rest);
    if (chosen?.length === 0) continue;
    const inner = chosen === undefined || chosen.some((rest) => rest.length === 0) ? undefined : chosen;
    printed[name] = printValue(kind, values[name], root, inner);
  }
  return printed;
}

function printValue(kind: Kind, value: unknown, root: string, select?: readonly (readonly string[])[]): unknown {
  if (value === null || value === undefined) return null;
  if (kind.kind === "link") return `${root}/${String(value)}`;
  if (kind.kind === "complex" && isValues(value)) return printProperties(kind.type.properties, value, root, select);
  if (kind.kind === "list" && Array.isArray(value))
    return value.map((each: unknown) => printValue(kind.of, each, root));
  return value;
}
