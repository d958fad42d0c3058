import type { EntityType } from "./define.ts";
import type { Kind, Properties } from "./kinds.ts";

/**
 * A function or an action that is bound to an entity or to a collection of entities: to what its path leads up to
 * (OData CSDL 4.01, 12). A function takes its parameters in the path, as `name(first='{first}')`; an action takes them
 * in its body. A parameter whose `create` is `optional` may be left out.
 */
export interface BoundOperation {
  readonly kind: "function" | "action";
  /** Without the namespace. */
  readonly name: string;
  /** The parameters besides the binding one. */
  readonly parameters: Properties;
  /** Absent when nothing is returned. */
  readonly returns?: Returned;
}

/** What a function or an action returns: a value of a kind, an entity, or a collection of entities. */
export type Returned =
  | { readonly shape: "value"; readonly kind: Kind; readonly nullable?: true }
  | { readonly shape: "entity" | "entities"; readonly type: EntityType };
