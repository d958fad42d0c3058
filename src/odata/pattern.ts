import type { Text } from "../model/kinds.ts";

/**
 * The pattern of a text as the documents can tell it; undefined when it says something else without its flags, which
 * neither JSON Schema nor the vocabularies of OData have a place for.
 */
export function plainPattern({ pattern }: Text): string | undefined {
  return pattern === undefined || pattern.flags !== "" ? undefined : pattern.source;
}
