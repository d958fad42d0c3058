import { isDeepStrictEqual } from "node:util";
import type { EntityOf, EntityType, Values } from "../model/define.ts";
import { valueAt } from "../model/property-path.ts";
import { changeStatement, type Note, type RowKey } from "./changes.ts";
import { type Assignment, assignColumns, bindEntity, columnNames } from "./columns.ts";
import { fromEach, name, type Statement, sql } from "./sql.ts";
import { tableOf } from "./tables.ts";

/** What every entity has beside its own properties. */
interface Stored extends Values {
  readonly partnerId: string;
  readonly id: string;
  readonly version: string;
}

/** Inserts an entity, if the condition holds, and records it. The first statement gives a row if it was inserted. */
export function insertEntity<T extends EntityType>(
  type: T,
  entity: EntityOf<T> & Stored,
  note: Note & { readonly when: Statement },
): readonly [Statement, Statement] {
  const { name: table } = tableOf(type);
  const insert = sql`insert into ${name(table)} (${columnNames(type)})
    select ${bindEntity(type, entity)}${fromEach} where ${note.when} returning "version"`;
  const change = { ...note, changeType: "created", entitySet: type.set, key: entity } as const;
  return [withVersion(insert, entity.version), changeStatement(change, wasWritten(type, entity, entity.version))];
}

/**
 * Sets the columns of what `changes` names, if the condition holds, and records it. The first statement gives the row, or
 * only its version where more is not asked for.
 * A complex value that is given in part changes only that part; null sets all of it to null. What was there before is
 * known as far as it is given.
 */
export function updateEntity(
  type: EntityType,
  before: RowKey & Values,
  changes: Values & { readonly version: string },
  note: Note & { readonly when: Statement; readonly changeType?: "deleted"; readonly returning?: "version" },
): readonly [Statement, Statement] {
  const { columns, name: table } = tableOf(type);
  const assignments: Assignment[] = [];
  const changedProperties: string[] = [];
  for (const column of columns) {
    const { isGiven, path } = column;
    if (!Object.hasOwn(changes, path[0] ?? "")) continue;
    const value = changedValue(changes, path);
    if (value === undefined) continue;
    assignments.push({ column, value });
    if (isGiven && !isDeepStrictEqual(value, valueAt(before, path) ?? null)) changedProperties.push(path.join("/"));
  }
  const given = note.returning === undefined ? columnNames(type) : name(note.returning);
  const update = sql`update ${name(table)} set ${assignColumns(assignments)}${fromEach}
    where "partnerId" = ${before.partnerId} and "id" = ${before.id} and ${note.when} returning ${given}`;
  const change = {
    ...note,
    changeType: note.changeType ?? "updated",
    entitySet: type.set,
    key: before,
    changedProperties,
  } as const;
  return [withVersion(update, changes.version), changeStatement(change, wasWritten(type, before, changes.version))];
}

/** Holds when a row stands in the version that a write gave it: that is, when the write has taken place. */
export function wasWritten(type: EntityType, key: RowKey, version: string): Statement {
  return sql`exists (select 1 from ${name(tableOf(type).name)}
    where "partnerId" = ${key.partnerId} and "id" = ${key.id} and "version" = ${version})`;
}

/**
 * Holds when a column of the row has a value. It is written so that no index leads there: the row is found by its key,
 * and to PostgreSQL an index of what is open or due would seem the shorter way whenever it knew of little in it.
 */
export function isAt(column: string, value: string): Statement {
  return sql`coalesce(${name(column)}, '') = ${value}`;
}

// A version is of one write alone, so that a row is known by it.
function withVersion(statement: Statement, version: string): Statement {
  return { ...statement, rowKey: { column: "version", value: version } };
}

function changedValue(changes: Values, path: readonly string[]): unknown {
  for (let length = 1; length < path.length; length++) {
    if (valueAt(changes, path.slice(0, length)) === null) return null;
  }
  return valueAt(changes, path);
}
