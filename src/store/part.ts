import { LRUCache } from "lru-cache";
import type { EntityOf, EntityType } from "../model/define.ts";
import type { Properties } from "../model/kinds.ts";
import type { Query } from "../model/query.ts";
import type { Row } from "./database.ts";
import { aliasOf } from "./expression.ts";
import { partReader, readEntity } from "./rows.ts";
import { join, name, type Statement, sql } from "./sql.ts";
import { columnName, tableOf } from "./tables.ts";

const partsMax = 500;

/** What is read of the rows of a type: the columns, and the entity that is made of them. */
export interface Part<T extends EntityType> {
  readonly columns: Statement;
  readonly read: (row: Row) => EntityOf<T>;
}

const parts = new LRUCache<string, Part<EntityType>>({ max: partsMax });

// The key names the type, so that what is found under it is of that type.
function asPart<T extends EntityType>(part: Part<EntityType>): Part<T> {
  return part as Part<T>;
}

/** Gives what is to be read when only some properties are shown: with the key and the version, which always are. */
export function partOf<T extends EntityType>(type: T, shown: Query["shown"]): Part<T> {
  if (shown === undefined) return wholeOf(type);
  const key = `${type.name} ${shown.map((path) => path.join("/")).join(",")}`;
  const known = parts.get(key);
  if (known !== undefined) return asPart<T>(known);
  const wanted = new Set(["id", "version", ...shown.flatMap((path) => columnsAt(type.properties, path, []))]);
  const columns = tableOf(type).columns.filter((column) => wanted.has(column.name));
  const part = { columns: listColumns(columns), read: partReader(type, wanted) };
  parts.set(key, part);
  return part;
}

function wholeOf<T extends EntityType>(type: T): Part<T> {
  return { columns: ownColumns(type), read: (row) => readEntity(type, row) };
}

function ownColumns(type: EntityType): Statement {
  return listColumns(tableOf(type).columns);
}

function listColumns(columns: readonly { readonly name: string }[]): Statement {
  return join(
    columns.map((column) => sql`${aliasOf(0)}.${name(column.name)}`),
    ", ",
  );
}

/** The names of the columns that keep what stands at a path. */
function columnsAt(
  properties: Properties,
  [first = "", ...rest]: readonly string[],
  parents: readonly string[],
): readonly string[] {
  const property = properties[first];
  // What is no property is worked out, or leads elsewhere.
  if (property === undefined) return [];
  const { kind, nullable, shows } = property;
  const path = shows === undefined ? [...parents, first] : shows.split("/");
  if (kind.kind !== "complex" || kind.keptAs !== "columns") return [columnName(path)];
  const inner = kind.type.properties;
  // Whether a complex value is null is told by all of its columns together.
  if (rest.length > 0 && !nullable) return columnsAt(inner, rest, path);
  return Object.keys(inner).flatMap((each) => columnsAt(inner, [each], path));
}
