import { type EntityOf, type EntityType, isValues, type Values } from "../model/define.ts";
import type { Kind, Properties } from "../model/kinds.ts";
import type { Computed } from "../model/query.ts";
import type { Row } from "./database.ts";
import type { Value } from "./sql.ts";
import { columnName } from "./tables.ts";

/** Makes the entity of a row. */
export function readEntity<T extends EntityType>(type: T, row: Row): EntityOf<T> {
  return entityOf<T>(readProperties(type.properties, [], row));
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

function readProperties(properties: Properties, parents: readonly string[], row: Row): Values {
  const values: Record<string, unknown> = {};
  for (const [name, property] of Object.entries(properties)) {
    const path = property.shows === undefined ? [...parents, name] : property.shows.split("/");
    const value = readValue(property.kind, path, row);
    // A complex value that may be null is kept in columns alone: it is null when all of them are.
    const isNull = property.nullable && isValues(value) && Object.values(value).every((each) => each === null);
    values[name] = isNull && property.kind.kind === "complex" ? null : value;
  }
  return values;
}

function readValue(kind: Kind, path: readonly string[], row: Row): unknown {
  if (kind.kind === "complex" && kind.keptAs === "columns") return readProperties(kind.type.properties, path, row);
  const value = row[columnName(path)] ?? null;
  if (value === null) return null;
  if (kind.kind === "boolean") return Boolean(value);
  return isKeptAsJson(kind) ? JSON.parse(String(value)) : value;
}

function isKeptAsJson(kind: Kind): boolean {
  return kind.kind === "list" || kind.kind === "dictionary" || (kind.kind === "complex" && kind.keptAs === "json");
}
