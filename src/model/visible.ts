import type { Properties, Property } from "./kinds.ts";

/** The properties that are part of the API, by their names, in the order of the model. */
export function visible(properties: Properties): readonly (readonly [string, Property])[] {
  return Object.entries(properties).filter(([, property]) => property.hidden === undefined);
}

/** Finds a property that is part of the API by its exact name. */
export function findVisible(properties: Properties, name: string): Property | undefined {
  const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
  return property?.hidden === undefined ? property : undefined;
}
