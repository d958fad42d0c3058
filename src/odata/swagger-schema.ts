import { isValues, type Values } from "../model/define.ts";
import { titleOf } from "./title.ts";

/**
 * Rewrites a JSON Schema of OpenAPI 3.1 as Swagger 2.0 has it, which knows neither null as a type nor a choice of schemas:
 * what may be null is marked, and of several schemas the first that has a name stands for all.
 */
export function swaggerSchema(schema: Values): Values {
  const { $ref, anyOf, allOf, type, properties, items, additionalProperties, ...rest } = schema;
  if (typeof $ref === "string") return { $ref: $ref.replace("#/components/schemas/", "#/definitions/") };
  if (Array.isArray(anyOf)) return { ...rest, ...chosenOf(anyOf) };
  return {
    ...rest,
    ...typeOf(type),
    ...(Array.isArray(allOf) ? { allOf: allOf.filter(isValues).map(swaggerSchema) } : {}),
    ...(isValues(properties) ? { properties: propertiesOf(properties) } : {}),
    ...(isValues(items) ? { items: swaggerSchema(items) } : {}),
    ...(isValues(additionalProperties) ? { additionalProperties: swaggerSchema(additionalProperties) } : {}),
  };
}

/** Rewrites schemas by name. */
export function swaggerSchemas(schemas: Values): Values {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, isValues(schema) ? swaggerSchema(schema) : {}]),
  );
}

/** Rewrites the schemas of properties, and gives each the title that a designer of flows shows. */
function propertiesOf(properties: Values): Values {
  return Object.fromEntries(
    Object.entries(swaggerSchemas(properties)).map(([name, schema]) => {
      // Beside a reference nothing may stand (Swagger 2.0, reference object).
      const isTitled = isValues(schema) && !("$ref" in schema);
      return [name, isTitled ? { ...schema, "x-ms-summary": titleOf(name) } : schema];
    }),
  );
}

function chosenOf(schemas: readonly unknown[]): Values {
  const all = schemas.filter(isValues);
  const chosen = swaggerSchema(all.find((each) => "$ref" in each) ?? {});
  const isNullable = all.some(({ type }) => type === "null");
  return isNullable ? { allOf: [chosen], "x-nullable": true } : chosen;
}

function typeOf(type: unknown): Values {
  if (type === undefined) return {};
  if (!Array.isArray(type)) return { type };
  const [first] = type.filter((each) => each !== "null");
  return { type: first, "x-nullable": true };
}
