import { compile, quote, type Refer } from "../model/compile.ts";
import type { EntityOf, EntityType, Values } from "../model/define.ts";
import { entityTypes } from "../model/model.ts";
import { entityOf, entityReader, keeperOf } from "./rows.ts";
import { join, name, raw, type Statement, sql, type Value } from "./sql.ts";
import { type Column, tableOf } from "./tables.ts";

/**
 * What is the same for all statements and rows of a type: the names of its columns, a place for a value of each, what takes
 * these from an entity, and what makes one of them.
 */
const lists = new Map(
  entityTypes.map((type) => {
    const { columns } = tableOf(type);
    const names = columns.map((column) => name(column.name));
    const places = columns.map(placeOf);
    const take = compile<(entity: Values) => readonly Value[]>(
      "entity",
      (refer) => `[${columns.map((column) => printTaking(column, refer)).join(", ")}]`,
    );
    const read = entityReader(
      type,
      columns.map((column) => column.name),
    );
    return [type, { names: join(names, ", "), places: join(places, ", ").texts, take, read }];
  }),
);

function printTaking({ kind, path }: Column, refer: Refer): string {
  const value = `entity${path.map((each) => `[${quote(each)}]`).join("?.")}`;
  return `${refer(keeperOf(kind))}(${value})`;
}

/** The columns of a type, by their names. */
export function columnNames(type: EntityType): Statement {
  return listsOf(type).names;
}

/** Binds the value that an entity has for each column of its type, in their order. */
export function bindEntity(type: EntityType, entity: Values): Statement {
  const { places, take } = listsOf(type);
  return { texts: places, values: take(entity) };
}

/**
 * Gives an entity as whoever reads it next is given it: what was not set is null. It has the shape of all others of its
 * type, so that the code that takes their properties is made for it: what is written often is given it before.
 */
export function asStored<T extends EntityType>(type: T, entity: EntityOf<T>): EntityOf<T> {
  const { take, read } = listsOf(type);
  return entityOf<T>(read(take(entity)));
}

/** A column, and the value that it is given. */
export interface Assignment {
  readonly column: Column;
  readonly value: unknown;
}

/** What sets each column of the model. */
const assigning = new Map(
  entityTypes.flatMap((type) =>
    tableOf(type).columns.map((column) => [column, sql`${name(column.name)} = ${placeOf(column)}`.texts] as const),
  ),
);

/** Sets columns of the model. */
export function assignColumns(assignments: readonly Assignment[]): Statement {
  return join(assignments.map(assign), ", ");
}

function assign({ column, value }: Assignment): Statement {
  const texts = assigning.get(column);
  if (texts === undefined) throw new Error(`${column.name} is not in the model.`);
  return { texts, values: [keeperOf(column.kind)(value)] };
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
