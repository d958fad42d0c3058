import type { Choice, ComplexType, Dictionary, Kind, Properties } from "../model/kinds.ts";
import { entityTypes } from "../model/model.ts";
import { visible } from "../model/visible.ts";
import type { OfferDescription } from "./offer-description.ts";

/** The types of the model that have a name of their own, besides the entity types, in the order in which they are met. */
export interface NamedTypes {
  readonly choices: ReadonlyMap<string, Choice>;
  readonly complexes: ReadonlyMap<string, ComplexType>;
  readonly dictionaries: ReadonlyMap<string, Dictionary>;
}

/** Finds the named types that the entity types use, and those of the functions and actions that are offered. */
export function findNamedTypes(offers: readonly OfferDescription[]): NamedTypes {
  const choices = new Map<string, Choice>();
  const complexes = new Map<string, ComplexType>();
  const dictionaries = new Map<string, Dictionary>();
  const visitKind = (kind: Kind): void => {
    if (kind.kind === "choice") choices.set(kind.name, kind);
    if (kind.kind === "dictionary") dictionaries.set(kind.name, kind);
    if (kind.kind === "list") visitKind(kind.of);
    if (kind.kind === "complex" && !complexes.has(kind.type.name) && !("set" in kind.type)) {
      complexes.set(kind.type.name, kind.type);
      visitProperties(kind.type.properties);
    }
  };
  const visitProperties = (properties: Properties) => {
    for (const [, property] of visible(properties)) visitKind(property.kind);
  };
  for (const type of entityTypes) visitProperties(type.properties);
  for (const { operation } of offers) {
    visitProperties(operation?.parameters ?? {});
    if (operation?.returns?.shape === "value") visitKind(operation.returns.kind);
  }
  return { choices, complexes, dictionaries };
}
