import type { EntityType, Values } from "../model/define.ts";
import type { Expression } from "../model/query.ts";

/** How conditions and entities are written in OData, which this room knows nothing of. */
export interface Notation {
  /** Reads a query such as `$filter=…` against a type. A Problem says what is wrong with it. */
  readFilter(type: EntityType, query: string): Expression | undefined;
  /** Writes an entity as a request that reads it is answered. */
  printEntity(type: EntityType, entity: Values): Values;
}
