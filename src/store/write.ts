import { isDeepStrictEqual } from "node:util";
import type { EntityOf, EntityType, Values } from "../model/define.ts";
import { valueAt } from "../model/property-path.ts";
import { changeStatement, type Note, type RowKey } from "./changes.ts";
import { columnValue } from "./rows.ts";
import { join, name, raw, type Statement, sql } from "./sql.ts";
import { type Column, tableOf } from "./tables.ts";

/** What every entity has beside its own properties. */
interface Stored extends Values {
  readonly partnerId: string;
  readonly id: string;
  readonly version: string;
}

/** Inserts an entity, if the condition holds, and records it. The first statement gives the row. */
export function insertEntity<T extends EntityType>(
  type: T,
  entity: EntityOf<T> & Stored,
  note: Note & { readonly when: Statement },
): readonly [Statement, Statement] {
  const { columns, name: table } = tableOf(type);
  const names = columns.map((column) => name(column.name));
  const values = columns.map((column) => castValue(column, valueAt(entity, column.path)));
  const insert = sql`insert into ${name(table)} (${join(names, ", ")})
    select ${join(values, ", ")} where ${note.when} returning ${join(names, ", ")}`;
  const change = { ...note, changeType: "created", entitySet: type.set, key: entity } as const;
  return [insert, changeStatement(change, wasWritten(type, entity, entity.version))];
}

/**
 * Sets the columns of what `changes` names, if the condition holds, and records it. The first statement gives the row.
 * A complex value that is given in part changes only that part; null sets all of it to null. What was there before is
 * known as far as it is given.
 */
export function updateEntity(
  type: EntityType,
  before: RowKey,
  changes: Values & { readonly version: string },
  note: Note & { readonly when: Statement; readonly changeType?: "deleted" },
): readonly [Statement, Statement] {
  const { columns, name: table } = tableOf(type);
  const changed = columns.flatMap((column) => {
    const value = changedValue(changes, column.path);
    return value === undefined ? [] : [{ column, value }];
  });
  const assignments = changed.map(
    ({ column, value }) => sql`${name(column.name)} = ${columnValue(column.kind, value)}`,
  );
  const names = columns.map((column) => name(column.name));
  const update = sql`update ${name(table)} set ${join(assignments, ", ")}
    where "partnerId" = ${before.partnerId} and "id" = ${before.id} and ${note.when} returning ${join(names, ", ")}`;
  const changedProperties = changed.flatMap(({ column: { isGiven, path }, value }) =>
    isGiven && !isDeepStrictEqual(value, valueAt({ ...before }, path) ?? null) ? [path.join("/")] : [],
  );
  const change = {
    ...note,
    changeType: note.changeType ?? "updated",
    entitySet: type.set,
    key: before,
    changedProperties,
  } as const;
  return [update, changeStatement(change, wasWritten(type, before, changes.version))];
}

/** Holds when a row stands in the version that a write gave it: that is, when the write has taken place. */
export function wasWritten(type: EntityType, key: RowKey, version: string): Statement {
  return sql`exists (select 1 from ${name(tableOf(type).name)}
    where "partnerId" = ${key.partnerId} and "id" = ${key.id} and "version" = ${version})`;
}

// PostgreSQL takes a bound value in a select list for text unless it is told otherwise.
function castValue(column: Column, value: unknown): Statement {
  const bound = columnValue(column.kind, value);
  return column.type === "text" ? sql`${bound}` : sql`cast(${bound} as ${raw(column.type)})`;
}

function changedValue(changes: Values, path: readonly string[]): unknown {
  for (let length = 1; length < path.length; length++) {
    if (valueAt(changes, path.slice(0, length)) === null) return null;
  }
  return valueAt(changes, path);
}
