import { LRUCache } from "lru-cache";
import type { EntityOf, EntityType, Values } from "../model/define.ts";
import type { Kind, Properties } from "../model/kinds.ts";
import { objectOf } from "../model/object.ts";
import type { Computed } from "../model/query.ts";
import type { Row } from "./database.ts";
import type { Value } from "./sql.ts";
import { columnName } from "./tables.ts";

/** Makes the entity of a row. */
export function readEntity<T extends EntityType>(type: T, row: Row): EntityOf<T> {
  return entityOf<T>(readAll(planOf(type.properties), row));
}

/** Gives what makes an entity of the values of some columns; it has the properties that are kept in these. */
export function entityReader<T extends EntityType>(
  type: T,
  columns: readonly string[],
): (values: readonly unknown[]) => EntityOf<T> {
  const key = `${type.name} ${columns.join()}`;
  let plan = listPlans.get(key);
  if (plan === undefined) {
    plan = planReadings<readonly unknown[]>(type.properties, [], (column) => {
      const place = columns.indexOf(column);
      return place < 0 ? undefined : (values) => values[place] ?? null;
    });
    listPlans.set(key, plan);
  }
  const known = plan;
  return (values) => entityOf<T>(readAll(known, values));
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

/** Gives the value of a column. */
type ReadColumn<Source> = (source: Source) => unknown;

/** What is read of a row for one property: the plan is made once, for it is the same for every row. */
interface Reading<Source> {
  readonly name: string;
  readonly read: ReadColumn<Source>;
}

/** How the values of a row are read, and the object to begin with. */
interface Plan<Source> {
  readonly readings: readonly Reading<Source>[];
  readonly beginning: Values;
}

const plans = new WeakMap<Properties, Plan<Row>>();
const listPlansMax = 500;
const listPlans = new LRUCache<string, Plan<readonly unknown[]>>({ max: listPlansMax });

function planOf(properties: Properties): Plan<Row> {
  const found = plans.get(properties) ?? planReadings<Row>(properties, [], (column) => (row) => row[column] ?? null);
  plans.set(properties, found);
  return found;
}

/** Plans the reading of the properties whose columns can be read. */
function planReadings<Source>(
  properties: Properties,
  parents: readonly string[],
  readerOf: (column: string) => ReadColumn<Source> | undefined,
): Plan<Source> {
  const readings = Object.entries(properties).flatMap(
    ([name, { kind, nullable, shows }]): readonly Reading<Source>[] => {
      const path = shows === undefined ? [...parents, name] : shows.split("/");
      if (kind.kind !== "complex" || kind.keptAs !== "columns") {
        const read = readerOf(columnName(path));
        return read === undefined ? [] : [{ name, read: planValue(kind, read) }];
      }
      const parts = planReadings(kind.type.properties, path, readerOf);
      if (parts.readings.length === 0) return [];
      return [{ name, read: nullable ? (source) => readNullable(parts, source) : (source) => readAll(parts, source) }];
    },
  );
  return { readings, beginning: objectOf(readings.map(({ name }) => name)) };
}

function planValue<Source>(kind: Kind, read: ReadColumn<Source>): ReadColumn<Source> {
  const isJson = isKeptAsJson(kind);
  if (kind.kind !== "boolean" && !isJson) return read;
  return (source) => {
    const value = read(source);
    if (value === null) return null;
    return isJson ? JSON.parse(String(value)) : Boolean(value);
  };
}

function readAll<Source>({ readings, beginning }: Plan<Source>, source: Source): Values {
  const values: Record<string, unknown> = { ...beginning };
  for (const { name, read } of readings) values[name] = read(source);
  return values;
}

// A complex value that may be null is kept in columns alone: it is null when all of them are.
function readNullable<Source>(parts: Plan<Source>, source: Source): Values | null {
  const values = readAll(parts, source);
  return parts.readings.every(({ name }) => values[name] === null) ? null : values;
}

function isKeptAsJson(kind: Kind): boolean {
  return kind.kind === "list" || kind.kind === "dictionary" || (kind.kind === "complex" && kind.keptAs === "json");
}
