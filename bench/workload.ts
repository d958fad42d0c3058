import { randomBytes } from "node:crypto";
import type { Request } from "autocannon";
import type { Spelling } from "./spelling.ts";

/** What a client needs to know of the server that it sends to. */
export interface Target {
  readonly token: string;
  readonly spelling: Spelling;
  /** Customers that are there. */
  readonly customerIds: readonly string[];
  /** Begins of company names, each of which a thousand customers have. */
  readonly prefixes: readonly string[];
  /** Tells of all changes of customers since before they were there, where a server can. */
  readonly deltaPath?: string;
}

/** Something that a client does again and again. A unit is one pass through all its steps. */
export interface Workload {
  readonly name: string;
  readonly meaning: string;
  /** The status that each step must be answered with, in order. */
  readonly statuses: readonly number[];
  /** Whether a server has work left when the answers have gone out. */
  readonly leavesBacklog: boolean;
  /** Tells what is wrong with the body of an answer, where the status does not tell it. */
  readonly faultOf?: (body: string) => string | undefined;
  /**
   * The requests of one client: as many as the steps, or a multiple of that, sent in order and from the start again. None
   * when the server cannot do this.
   */
  readonly requests: (target: Target) => Request[];
}

/** Gives the headers of a client's requests. */
export function headersOf({ token }: Target, more: Readonly<Record<string, string>> = {}) {
  return { authorization: `Bearer ${token}`, ...more };
}

export const json = { "content-type": "application/json" };

/** Makes what gives a client labels that nobody else has: random digits and a counter. */
export function labelMaker(): () => string {
  const prefix = randomBytes(6).toString("hex");
  let count = 0;
  return () => `b${prefix}${(++count).toString(36)}`;
}

export function oneOf<T>(values: readonly T[]): T {
  const found = values[Math.floor(Math.random() * values.length)];
  if (found === undefined) throw new Error("There is nothing to choose from.");
  return found;
}
