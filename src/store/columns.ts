import { LRUCache } from "lru-cache";
import type { EntityType } from "../model/define.ts";
import { entityTypes } from "../model/model.ts";
import { columnValue } from "./rows.ts";
import { join, name, raw, type Statement, sql } from "./sql.ts";
import { type Column, tableOf } from "./tables.ts";

const assigningMax = 500;

/** The names of the columns of a type, and a place for a value of each: the same texts for all statements. */
const lists = new Map(
  entityTypes.map((type) => {
    const { columns } = tableOf(type);
    const names = columns.map((column) => name(column.name));
    const places = columns.map(placeOf);
    return [type, { names: join(names, ", "), places: join(places, ", ").texts }];
  }),
);

/** The columns of a type, by their names. */
export function columnNames(type: EntityType): Statement {
  return listsOf(type).names;
}

/** Binds a value for each column of a type, in their order. */
export function bindColumns(type: EntityType, values: readonly unknown[]): Statement {
  const { columns } = tableOf(type);
  return {
    texts: listsOf(type).places,
    values: columns.map(({ kind }, index) => columnValue(kind, values[index])),
  };
}

/** A column, and the value that it is given. */
export interface Assignment {
  readonly column: Column;
  readonly value: unknown;
}

const assigning = new LRUCache<string, Statement["texts"]>({ max: assigningMax });

/** Sets columns of a type: the same texts for all statements that set the same ones. */
export function assignColumns(type: EntityType, assignments: readonly Assignment[]): Statement {
  const key = `${type.name} ${assignments.map(({ column }) => column.name).join(",")}`;
  let texts = assigning.get(key);
  if (texts === undefined) {
    const each = assignments.map(({ column }) => sql`${name(column.name)} = ${placeOf(column)}`);
    texts = join(each, ", ").texts;
    assigning.set(key, texts);
  }
  return { texts, values: assignments.map(({ column, value }) => columnValue(column.kind, value)) };
}

/** The place of a value of a column. PostgreSQL takes one in a select list for text unless it is told otherwise. */
function placeOf({ type }: Column): Statement {
  return type === "text" ? sql`${null}` : sql`cast(${null} as ${raw(type)})`;
}

function listsOf(type: EntityType) {
  const found = lists.get(type);
  if (found === undefined) throw new Error(`${type.name} is not in the model.`);
  return found;
}
