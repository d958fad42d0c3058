import type { EntityType, Values } from "../model/define.ts";
import { isValues } from "../model/define.ts";
import type { Kind, Properties } from "../model/kinds.ts";
import { entityTypes } from "../model/model.ts";

/** Prints an entity, with its context and entity tag, at metadata level minimal (OData JSON Format 3.1). */
export function printEntity(type: EntityType, entity: Values, root: string): Values {
  return { "@odata.context": `${root}/$metadata#${type.set}/$entity`, ...printMember(type, entity, root) };
}

/** Prints a page of a collection. */
export function printCollection(
  type: EntityType,
  entities: readonly Values[],
  links: { readonly root: string; readonly next?: string },
): Values {
  return {
    "@odata.context": `${links.root}/$metadata#${type.set}`,
    value: entities.map((entity) => printMember(type, entity, links.root)),
    ...(links.next === undefined ? {} : { "@odata.nextLink": links.next }),
  };
}

/** Prints references to entities (OData JSON Format 14). */
export function printReferences(type: EntityType, ids: readonly string[], root: string): Values {
  return {
    "@odata.context": `${root}/$metadata#Collection($ref)`,
    value: ids.map((id) => ({ "@odata.id": entityUrl(type, id, root) })),
  };
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

function printMember(type: EntityType, entity: Values, root: string): Values {
  return { "@odata.etag": entityTag(entity), ...printProperties(type.properties, entity, root) };
}

function printProperties(properties: Properties, values: Values, root: string): Values {
  const printed: Record<string, unknown> = {};
  for (const [name, property] of Object.entries(properties)) {
    if (property.hidden === undefined) printed[name] = printValue(property.kind, values[name], root);
  }
  return printed;
}

function printValue(kind: Kind, value: unknown, root: string): unknown {
  if (value === null || value === undefined) return null;
  if (kind.kind === "link") return `${root}/${String(value)}`;
  if (kind.kind === "complex" && isValues(value)) return printProperties(kind.type.properties, value, root);
  if (kind.kind === "list" && Array.isArray(value))
    return value.map((each: unknown) => printValue(kind.of, each, root));
  return value;
}
