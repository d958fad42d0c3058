import { LRUCache } from "lru-cache";
import type { EntityType } from "../model/define.ts";
import type { Properties } from "../model/kinds.ts";
import type { Query } from "../model/query.ts";
import { aliasOf } from "./expression.ts";
import { type Plan, planPart } from "./rows.ts";
import { join, name, type Statement, sql } from "./sql.ts";
import { columnName, tableOf } from "./tables.ts";

const partsMax = 500;

/** What is read of the rows of a type: the columns, and how an entity is made of them, if not of all. */
interface Part {
  readonly columns: Statement;
  readonly plan?: Plan;
}

const parts = new LRUCache<string, Part>({ max: partsMax });

/** Gives what is to be read when only some properties are shown: with the key and the version, which always are. */
export function partOf(type: EntityType, shown: Query["shown"]): Part {
  const key = shown === undefined ? type.name : `${type.name} ${shown.map((path) => path.join("/")).join(",")}`;
  let part = parts.get(key);
  if (part === undefined) {
    part = shown === undefined ? { columns: listColumns(tableOf(type).columns) } : planShown(type, shown);
    parts.set(key, part);
  }
  return part;
}

function planShown(type: EntityType, shown: NonNullable<Query["shown"]>): Part {
  const wanted = new Set(["id", "version", ...shown.flatMap((path) => columnsAt(type.properties, path, []))]);
  const columns = tableOf(type).columns.filter((column) => wanted.has(column.name));
  return { columns: listColumns(columns), plan: planPart(type, wanted) };
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
