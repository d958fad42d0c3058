import { isValues, type Values } from "./define.ts";
import type { Complex, Dictionary, Kind, Properties } from "./kinds.ts";

/** A property of an entity, and what of it is meant. */
export interface PropertyPath {
  /** The names from the entity on, such as `billingProfile` and `email`. */
  readonly names: readonly string[];
  readonly kind: Kind;
  /** The value itself, the text of a primitive one, or how many items a collection has. */
  readonly form: "value" | "raw" | "count";
  /** Whether the model lets a client change it at all. */
  readonly update: "allowed" | "refused";
}

/** Tells a kind whose values have parts with names of their own. */
export function isStructured(kind: Kind): kind is Complex | Dictionary {
  return kind.kind === "complex" || kind.kind === "dictionary";
}

/** The properties of the values of a kind, as far as the model names them. */
export function partsOf(kind: Kind): Properties {
  return kind.kind === "complex" ? kind.type.properties : {};
}

/** Gives the value at a path of an entity, undefined where there is none. */
export function valueAt(entity: Values, path: readonly string[]): unknown {
  let value: unknown = entity;
  for (const name of path) {
    if (!isValues(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}
