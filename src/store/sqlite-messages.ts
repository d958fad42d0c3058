import type { Row } from "./database.ts";
import type { Value } from "./sql.ts";

/**
 * From how many writes on a transaction takes no more: what comes meanwhile is the next. Were all that wait one transaction,
 * clients that send again when they are answered would keep the two threads waiting for each other in turn.
 */
export const groupSizeMax = 80;

/** A statement as the writer is told it: by its number, and with its values. */
export type Numbered = readonly [number: number, values: readonly Value[]];

/** What the thread that writes is told to do. */
export type Command =
  /** Runs the writes, each of which is kept or not for itself, and commits them together. */
  | { readonly kind: "commit"; readonly writes: readonly (readonly Numbered[])[] }
  /** Runs one statement in the transaction that has been begun. */
  | { readonly kind: "run"; readonly statement: Numbered }
  /** Runs one of the words that begin, steer or end a transaction. */
  | { readonly kind: "steer"; readonly text: string }
  | { readonly kind: "close" };

/** A command, and which statements it needs that were not told before, and which are not needed any more. */
export interface Message {
  readonly command: Command;
  readonly news: readonly (readonly [number: number, text: string])[];
  readonly stale: readonly number[];
}

/** Why something was not done. An error cannot be sent with its code. */
export interface Fault {
  readonly message: string;
  readonly code: string | undefined;
}

/** What became of a write. */
export type Outcome = { readonly rows: readonly (readonly Row[])[] } | { readonly fault: Fault };

/** What became of a command: of each of its writes, or of the one statement. */
export interface Reply {
  readonly outcomes: readonly Outcome[];
  /** Whether a transaction is open now. */
  readonly isOpen: boolean;
}
