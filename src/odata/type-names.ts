import type { Kind } from "../model/kinds.ts";
import { namespace } from "../model/model.ts";

/** The names of the type of a kind, without the number sign: the one that payloads bear first (OData JSON Format 4.5.3). */
export function typeNames(kind: Kind): readonly string[] {
  switch (kind.kind) {
    case "text":
    case "identifier":
    case "link":
      return primitiveNames("String");
    case "boolean":
      return primitiveNames("Boolean");
    case "integer":
      return primitiveNames("Int32");
    case "instant":
      return primitiveNames("DateTimeOffset");
    case "choice":
    case "dictionary":
      return qualifiedNames(kind.name);
    case "complex":
      return qualifiedNames(kind.type.name);
    case "list":
      return typeNames(kind.of).map((name) => `Collection(${name})`);
  }
}

/** The names of a type of the model: with the namespace, and with the alias that stands for it. */
export function qualifiedNames(name: string): readonly string[] {
  return [`${namespace.name}.${name}`, `${namespace.alias}.${name}`];
}

function primitiveNames(name: string): readonly string[] {
  return [name, `Edm.${name}`];
}
