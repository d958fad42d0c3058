import type { EntityType } from "./define.ts";

/** A question about one entity set of one partner: which entities, and which page of them in the order of their ids. */
export interface Query {
  readonly type: EntityType;
  readonly partnerId: string;
  /** Only the entity of this id. */
  readonly id?: string;
  /** Only what comes after this id. */
  readonly after?: string;
  readonly limit: number;
}
