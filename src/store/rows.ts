import type { EntityOf, EntityType, Values } from "../model/define.ts";
import type { Kind, Properties } from "../model/kinds.ts";
import { objectOf } from "../model/object.ts";
import type { Computed } from "../model/query.ts";
import type { Row } from "./database.ts";
import type { Value } from "./sql.ts";
import { columnName } from "./tables.ts";

/** Makes the entity of a row; a plan says what of it is read, if that is not all. */
export function readEntity<T extends EntityType>(type: T, row: Row, plan?: Plan): EntityOf<T> {
  return entityOf<T>(readAll(plan ?? planOf(type.properties), row));
}

/** Plans the reading of rows that have only some columns: their entities have the properties that are kept in these. */
export function planPart(type: EntityType, columns: ReadonlySet<string>): Plan {
  return planReadings(type.properties, [], (column) => columns.has(column));
}

/** Gives the computed values of a row, by their names. */
export function readComputed(computed: readonly Computed[], row: Row): Values {
  return Object.fromEntries(
    computed.map(({ name, type }, index) => {
      const value = row[`computed${index}`] ?? null;
      // On SQLite true is 1.
      return [name, type === "boolean" && value !== null ? Boolean(value) : value];
    }),
  );
}

/** Gives the value of a property in the form in which its column keeps it. */
export function columnValue(kind: Kind, value: unknown): Value {
  if (value === null || value === undefined) return null;
  if (isKeptAsJson(kind)) return JSON.stringify(value);
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  throw new Error(`A ${kind.kind} cannot be kept as it is.`);
}

// The one place where a row is trusted to have the shape of its type: a test compares the tables with the model.
function entityOf<T extends EntityType>(values: Values): EntityOf<T> {
  return values as EntityOf<T>;
}

/** What is read of a row for one property: the plan is made once, for it is the same for every row. */
interface Reading {
  readonly name: string;
  readonly read: (row: Row) => unknown;
}

/** How the values of a row are read, and the object to begin with. */
export interface Plan {
  readonly readings: readonly Reading[];
  readonly beginning: Values;
}

const plans = new WeakMap<Properties, Plan>();

function planOf(properties: Properties): Plan {
  const found = plans.get(properties) ?? planReadings(properties, [], () => true);
  plans.set(properties, found);
  return found;
}

function planReadings(properties: Properties, parents: readonly string[], isRead: (column: string) => boolean): Plan {
  const readings = Object.entries(properties).flatMap(([name, { kind, nullable, shows }]): readonly Reading[] => {
    const path = shows === undefined ? [...parents, name] : shows.split("/");
    if (kind.kind !== "complex" || kind.keptAs !== "columns") {
      return isRead(columnName(path)) ? [{ name, read: planValue(kind, path) }] : [];
    }
    const parts = planReadings(kind.type.properties, path, isRead);
    if (parts.readings.length === 0) return [];
    return [{ name, read: nullable ? (row) => readNullable(parts, row) : (row) => readAll(parts, row) }];
  });
  return { readings, beginning: objectOf(readings.map(({ name }) => name)) };
}

function planValue(kind: Kind, path: readonly string[]): (row: Row) => unknown {
  const column = columnName(path);
  const isJson = isKeptAsJson(kind);
  if (kind.kind !== "boolean" && !isJson) return (row) => row[column] ?? null;
  return (row) => {
    const value = row[column] ?? null;
    if (value === null) return null;
    return isJson ? JSON.parse(String(value)) : Boolean(value);
  };
}

function readAll({ readings, beginning }: Plan, row: Row): Values {
  const values: Record<string, unknown> = { ...beginning };
  for (const { name, read } of readings) values[name] = read(row);
  return values;
}

// A complex value that may be null is kept in columns alone: it is null when all of them are.
function readNullable(parts: Plan, row: Row): Values | null {
  const values = readAll(parts, row);
  return parts.readings.every(({ name }) => values[name] === null) ? null : values;
}

function isKeptAsJson(kind: Kind): boolean {
  return kind.kind === "list" || kind.kind === "dictionary" || (kind.kind === "complex" && kind.keptAs === "json");
}
