import type { Kind } from "../model/kinds.ts";
import { namespace } from "../model/model.ts";
import type { Annotations, TypeUse } from "./csdl.ts";
import { plainPattern } from "./pattern.ts";

/** A type where a property or a parameter uses it. */
export function describeUse(kind: Kind, isNullable: boolean): TypeUse {
  if (kind.kind === "list") return { ...describeUse(kind.of, false), isCollection: true };
  return {
    type: typeName(kind),
    isCollection: false,
    isNullable,
    ...(kind.kind === "text" ? { maxLength: kind.lengthMax } : {}),
    ...(kind.kind === "instant" ? { precision: 3 } : {}),
  };
}

/** What is said of the values of a kind, besides their type. */
export function describeKind(kind: Kind): Annotations {
  if (kind.kind === "link") return { "Core.IsURL": true };
  if (kind.kind !== "text") return {};
  const { example } = kind;
  const pattern = plainPattern(kind);
  return {
    ...(pattern === undefined ? {} : { "Validation.Pattern": pattern }),
    ...(example === undefined
      ? {}
      : { "Core.Example": { type: "Core.PrimitiveExampleValue", record: { Value: example } } }),
  };
}

/** The name of a type in this schema. */
export function qualified(name: string): string {
  return `${namespace.alias}.${name}`;
}

function typeName(kind: Exclude<Kind, { readonly kind: "list" }>): string {
  switch (kind.kind) {
    case "boolean":
      return "Edm.Boolean";
    case "integer":
      return "Edm.Int32";
    case "instant":
      return "Edm.DateTimeOffset";
    case "choice":
    case "dictionary":
      return qualified(kind.name);
    case "complex":
      return qualified(kind.type.name);
    default:
      return "Edm.String";
  }
}
