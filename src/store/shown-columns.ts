import { LRUCache } from "lru-cache";
import type { EntityType } from "../model/define.ts";
import type { Properties } from "../model/kinds.ts";
import type { Query } from "../model/query.ts";
import { aliasOf } from "./expression.ts";
import { join, name, type Statement, sql } from "./sql.ts";
import { type Column, columnName, tableOf } from "./tables.ts";

const partsMax = 500;

/** Columns that are read. */
interface Columns {
  readonly names: ReadonlySet<string>;
  readonly list: Statement;
}

const parts = new LRUCache<string, Columns>({ max: partsMax });

/** Gives the columns to be read when only some properties are shown: with the key and the version, which always are. */
export function columnsShown({ type, shown }: Pick<Query, "type" | "shown">): Columns {
  const key = shown === undefined ? type.name : `${type.name} ${shown.map((path) => path.join("/")).join(",")}`;
  let part = parts.get(key);
  if (part === undefined) {
    part = columnsOf(shown === undefined ? tableOf(type).columns : columnsWith(type, shown));
    parts.set(key, part);
  }
  return part;
}

function columnsWith(type: EntityType, shown: NonNullable<Query["shown"]>): readonly Column[] {
  const wanted = new Set(["id", "version", ...shown.flatMap((path) => columnsAt(type.properties, path, []))]);
  return tableOf(type).columns.filter((column) => wanted.has(column.name));
}

function columnsOf(columns: readonly Column[]): Columns {
  const list = columns.map((column) => sql`${aliasOf(0)}.${name(column.name)}`);
  return { names: new Set(columns.map((column) => column.name)), list: join(list, ", ") };
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
