import { type EntityType, isValues, type Values } from "../model/define.ts";
import { isStructured, type PropertyPath, valueAt } from "../model/property-path.ts";
import { type Printing, printContext, printShape } from "./payload.ts";
import { type Manner, printValue, typeBeside } from "./print-value.ts";

/** Prints a property of an entity with its context (OData JSON Format 11); undefined: it is null, and nothing is printed. */
export function printProperty(
  type: EntityType,
  entity: Values,
  { names, kind }: PropertyPath,
  printing: Printing,
): Values | undefined {
  const value = printValue(kind, valueAt(entity, names), printing, printing.projection.select);
  if (value === null) return undefined;
  const key = String(entity["id"]).replaceAll("'", "''");
  const context = printContext(printing, `#${type.set}('${key}')/${names.join("/")}${printShape(printing.projection)}`);
  if (isStructured(kind) && isValues(value)) return { ...context, ...value };
  const valueType = printing.format.metadata === "full" ? typeBeside(kind, printing) : undefined;
  return { ...context, ...(valueType === undefined ? {} : { [printing.profile.control.type]: valueType }), value };
}

/** Prints the raw value of a primitive property, or how many items a collection has; undefined: it is null. */
export function printText(entity: Values, { names, kind, form }: PropertyPath, manner: Manner): string | undefined {
  const value = printValue(kind, valueAt(entity, names), manner);
  if (form === "count") return String(Array.isArray(value) ? value.length : 0);
  return value === null ? undefined : String(value);
}
