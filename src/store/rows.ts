import { LRUCache } from "lru-cache";
import { compile, printObject, quote, type Refer } from "../model/compile.ts";
import type { EntityOf, EntityType, Values } from "../model/define.ts";
import type { Kind, Properties } from "../model/kinds.ts";
import type { Computed } from "../model/query.ts";
import type { Row } from "./database.ts";
import type { Value } from "./sql.ts";
import { columnName } from "./tables.ts";

/** Makes the entity of a row. */
export function readEntity<T extends EntityType>(type: T, row: Row): EntityOf<T> {
  let read = rowReaders.get(type);
  if (read === undefined) {
    read = compileReader(type, (column) => `(row[${quote(column)}] ?? null)`);
    rowReaders.set(type, read);
  }
  return entityOf<T>(read(row));
}

/** Gives what makes an entity of the values of some columns; it has the properties that are kept in these. */
export function entityReader<T extends EntityType>(
  type: T,
  columns: readonly string[],
): (values: readonly unknown[]) => EntityOf<T> {
  const key = `${type.name} ${columns.join()}`;
  let read = listReaders.get(key);
  if (read === undefined) {
    read = compileReader(type, (column) => {
      const place = columns.indexOf(column);
      return place < 0 ? undefined : `row[${place}]`;
    });
    listReaders.set(key, read);
  }
  const known = read;
  return (values) => entityOf<T>(known(values));
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

/** Gives what brings a value of a kind into the form in which its column keeps it. */
export function keeperOf(kind: Kind): (value: unknown) => Value {
  return isKeptAsJson(kind) ? keepAsJson : keepAsItIs;
}

function keepAsJson(value: unknown): Value {
  return value === null || value === undefined ? null : JSON.stringify(value);
}

function keepAsItIs(value: unknown): Value {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (value === null || value === undefined) return null;
  throw new Error("A value with parts cannot be kept as it is.");
}

/** The one place where a row is trusted to have the shape of its type: a test compares the tables with the model. */
export function entityOf<T extends EntityType>(values: Values): EntityOf<T> {
  return values as EntityOf<T>;
}

/** Makes an entity of a row: an object of columns, or a list of their values. */
type Reader<Source> = (row: Source) => Values;

const listReadersMax = 500;
const rowReaders = new WeakMap<EntityType, Reader<Row>>();
const listReaders = new LRUCache<string, Reader<readonly unknown[]>>({ max: listReadersMax });

/** How the value of a column is taken from a row, as code; undefined: it is not in it. */
type PrintColumn = (column: string) => string | undefined;

function compileReader<Source>({ properties }: EntityType, printColumn: PrintColumn): Reader<Source> {
  return compile("row", (refer) => printObject(printReadings(properties, [], printColumn, refer)));
}

/** Prints the reading of the properties whose columns can be read. */
function printReadings(
  properties: Properties,
  parents: readonly string[],
  printColumn: PrintColumn,
  refer: Refer,
): readonly (readonly [string, string])[] {
  return Object.entries(properties).flatMap(([name, { kind, nullable, shows }]) => {
    const path = shows === undefined ? [...parents, name] : shows.split("/");
    if (kind.kind !== "complex" || kind.keptAs !== "columns") {
      const column = printColumn(columnName(path));
      return column === undefined ? [] : [[name, printReading(kind, column, refer)] as const];
    }
    const parts = printReadings(kind.type.properties, path, printColumn, refer);
    if (parts.length === 0) return [];
    const whole = printObject(parts);
    return [[name, nullable ? `${refer(nullIfEmpty)}(${whole})` : whole] as const];
  });
}

function printReading(kind: Kind, column: string, refer: Refer): string {
  if (isKeptAsJson(kind)) return `${refer(readJson)}(${column})`;
  return kind.kind === "boolean" ? `${refer(readFlag)}(${column})` : column;
}

function readJson(value: unknown): unknown {
  return value === null ? null : JSON.parse(String(value));
}

// On SQLite true is 1.
function readFlag(value: unknown): boolean | null {
  return value === null ? null : Boolean(value);
}

// A complex value that may be null is kept in columns alone: it is null when all of them are.
function nullIfEmpty(values: Values): Values | null {
  for (const name in values) if (values[name] !== null) return values;
  return null;
}

function isKeptAsJson(kind: Kind): boolean {
  return kind.kind === "list" || kind.kind === "dictionary" || (kind.kind === "complex" && kind.keptAs === "json");
}
