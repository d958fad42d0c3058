import type { EntityType } from "./define.ts";

/** By what a URL names an entity: its `id`, or a property that is an alternate key of its type. */
export interface EntityKey {
  readonly property: string;
  readonly value: string;
}

/** The alternate keys in the path of a request, by the names in the offer's template, each with the type that it is of. */
export type AlternateKeys = Readonly<Record<string, EntityKey & { readonly type: EntityType }>>;
