import { LRUCache } from "lru-cache";
import { compile, quote, type Refer } from "../model/compile.ts";
import type { EntityOf, EntityType, Values } from "../model/define.ts";
import { entityTypes } from "../model/model.ts";
import { columnValue, entityOf, entityReader } from "./rows.ts";
import { join, name, raw, type Statement, sql, type Value } from "./sql.ts";
import { type Column, tableOf } from "./tables.ts";

const assigningMax = 500;

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
  return `${refer((given: unknown) => columnValue(kind, given))}(${value})`;
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

/** Gives an entity as whoever reads it next is given it: what was not set is null. */
export function asStored<T extends EntityType>(type: T, entity: EntityOf<T>): EntityOf<T> {
  const { take, read } = listsOf(type);
  return entityOf<T>(read(take(entity)));
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
