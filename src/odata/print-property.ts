import { type EntityType, isValues, type Values } from "../model/define.ts";
import { isStructured, type PropertyPath, valueAt } from "../model/property-path.ts";
import { type Printing, printShape, printValue } from "./payload.ts";

/** Prints a property of an entity with its context (OData JSON Format 11); undefined: it is null, and nothing is printed. */
export function printProperty(
  type: EntityType,
  entity: Values,
  { names, kind }: PropertyPath,
  { root, projection }: Printing,
): Values | undefined {
  const value = printValue(kind, valueAt(entity, names), root, projection.select);
  if (value === null) return undefined;
  const key = String(entity["id"]).replaceAll("'", "''");
  const context = `${root}/$metadata#${type.set}('${key}')/${names.join("/")}${printShape(projection)}`;
  return { "@odata.context": context, ...(isStructured(kind) && isValues(value) ? value : { value }) };
}

/** Prints the raw value of a primitive property, or how many items a collection has; undefined: it is null. */
export function printText(entity: Values, { names, kind, form }: PropertyPath, root: string): string | undefined {
  const value = printValue(kind, valueAt(entity, names), root);
  if (form === "count") return String(Array.isArray(value) ? value.length : 0);
  return value === null ? undefined : String(value);
}
