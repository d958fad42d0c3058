import type { EntityType } from "../model/define.ts";
import { entityTypes } from "../model/model.ts";
import { columnValue } from "./rows.ts";
import { join, name, raw, type Statement, sql } from "./sql.ts";
import { type Column, tableOf } from "./tables.ts";

/** The names of the columns of a type, and a place for a value of each: the same texts for all statements. */
const lists = new Map(
  entityTypes.map((type) => {
    const { columns } = tableOf(type);
    const names = columns.map((column) => name(column.name));
    const places = columns.map((column) => castValue(column, null));
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

/** Binds a value of a column. PostgreSQL takes one in a select list for text unless it is told otherwise. */
export function castValue(column: Column, value: unknown): Statement {
  const bound = columnValue(column.kind, value);
  return column.type === "text" ? sql`${bound}` : sql`cast(${bound} as ${raw(column.type)})`;
}

function listsOf(type: EntityType) {
  const found = lists.get(type);
  if (found === undefined) throw new Error(`${type.name} is not in the model.`);
  return found;
}
