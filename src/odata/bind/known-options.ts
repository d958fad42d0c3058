import { LRUCache } from "lru-cache";
import type { QueryOptions } from "../../model/query.ts";

/** The options of a request, resolved, and those whose value is a text for others to read. */
export interface BoundOptions extends QueryOptions {
  readonly skiptoken?: string;
  readonly id?: string;
  readonly format?: string;
}

const knownMax = 500;
// What is longer is asked for less often than its room is worth.
const keyLengthMax = 2_000;

const known = new LRUCache<string, BoundOptions>({ max: knownMax });

/**
 * Reads a query, unless it was read lately: the pages of a walk differ in their tokens alone. `around` is all else that
 * the options depend on. What is refused is read again each time.
 */
export function readOnce(around: readonly string[], query: string, read: () => BoundOptions): BoundOptions {
  const [rest, token] = cutToken(query);
  const key = JSON.stringify([around, rest, token !== undefined]);
  const found = known.get(key);
  if (found !== undefined) return token === undefined ? found : { ...found, skiptoken: token };
  const options = read();
  if (key.length <= keyLengthMax) known.set(key, options);
  return options;
}

const tokenAtEnd = /^(.+)&(?:\$|%24)skiptoken=([\w-]+)$/;

/** Parts a query from the token that a link to the next page, as we print it, ends in. */
export function cutToken(query: string): readonly [rest: string, token?: string] {
  const [, rest, token] = tokenAtEnd.exec(query) ?? [];
  return rest === undefined || token === undefined ? [query] : [rest, token];
}
