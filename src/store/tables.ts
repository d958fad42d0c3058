import type { EntityType } from "../model/define.ts";
import type { Kind, Properties } from "../model/kinds.ts";
import { entityTypes } from "../model/model.ts";

/** A column of an entity's table. */
export interface Column {
  readonly name: string;
  /** The path of the property: `["companyProfile", "domain"]`. */
  readonly path: readonly string[];
  readonly kind: Kind;
  readonly nullable: boolean;
  /** Whether its values come from clients, and not from the server alone. */
  readonly isGiven: boolean;
  readonly type: "text" | "integer" | "boolean";
}

/** The table of an entity type: it is named after the entity set, and has a column for each value that is kept. */
export interface Table {
  readonly name: string;
  readonly type: EntityType;
  readonly columns: readonly Column[];
}

const tables: ReadonlyMap<string, Table> = new Map(
  entityTypes.map((type) => [
    type.name,
    { name: type.set, type, columns: columnsOf(type.properties, { path: [], nullable: false, isGiven: true }) },
  ]),
);

/** Gives the table of an entity type of the model. */
export function tableOf(type: EntityType): Table {
  const table = tables.get(type.name);
  if (table === undefined) throw new Error(`${type.name} is not in the model.`);
  return table;
}

/** The name of the column that keeps the value at a path. */
export function columnName(path: readonly string[]): string {
  return path.join("_");
}

function columnsOf(properties: Properties, parent: Pick<Column, "path" | "nullable" | "isGiven">): Column[] {
  return Object.entries(properties).flatMap(([name, property]) => {
    if (property.shows !== undefined) return [];
    const path = [...parent.path, name];
    const nullable = parent.nullable || property.nullable;
    const isGiven = parent.isGiven && property.create !== "computed";
    const { kind } = property;
    if (kind.kind === "complex" && kind.keptAs === "columns")
      return columnsOf(kind.type.properties, { path, nullable, isGiven });
    return [{ name: columnName(path), path, kind, nullable, isGiven, type: columnType(kind) }];
  });
}

function columnType(kind: Kind): Column["type"] {
  if (kind.kind === "boolean" || kind.kind === "integer") return kind.kind;
  return "text";
}
