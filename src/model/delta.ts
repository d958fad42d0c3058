import type { Values } from "./define.ts";

/**
 * A place in the log of changes: everything up to it has been taken in. On PostgreSQL the transaction comes first, for
 * its changes become visible together, in another order than that of their positions.
 */
export interface ChangePlace {
  readonly transactionId: string;
  readonly position: string;
}

/** The place before the first change. */
export const beginning: ChangePlace = { transactionId: "0", position: "0" };

/**
 * How far a client has followed an entity set. `since` is the place from which it knows nothing yet, and `sinceDateTime`
 * when that was the newest. `shown` is the newest place that could be seen when the first round ended: what was created
 * after it has not been shown by that round.
 */
export type DeltaState =
  /** In the middle of the first round, behind an entity of the whole set. */
  | (Since & { readonly round: "everything"; readonly afterId: string })
  /** In the middle of a later round, which goes up to `until`. */
  | (Since & {
      readonly round: "changes";
      readonly shown: ChangePlace;
      readonly until: ChangePlace;
      readonly untilDateTime: string;
      readonly after: ChangePlace;
    })
  /** Between two rounds. */
  | (Since & { readonly round: "none"; readonly shown: ChangePlace });

interface Since {
  readonly since: ChangePlace;
  readonly sinceDateTime: string;
}

/** An entity that has changed, as it is now; or that it is not there any more, or not among those that are followed. */
export type EntityChange =
  | { readonly kind: "present"; readonly entity: Values }
  | { readonly kind: "removed"; readonly id: string; readonly reason: "deleted" | "changed" };
