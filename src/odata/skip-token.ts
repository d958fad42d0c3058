import { hash } from "node:crypto";
import { LRUCache } from "lru-cache";
import { Problem } from "../model/problem.ts";
import type { ConstantValue, OrderKey } from "../model/query.ts";
import { cutToken } from "./bind/known-options.ts";
import { isConstants } from "./bind/options.ts";
import { typeOf } from "./bind/scope.ts";
import { parseQueryString, type QueryPart } from "./syntax/query-string.ts";

/**
 * Prints the link to the next page: all options of the request, and where the page begins. What the link means stands in
 * its token alone, so that clients may put the options in another order, as some do. Where `$top` limits the pages
 * together, `left` is what the next ones may still hold.
 */
export function printNextLink(url: string, query: string, after: readonly ConstantValue[], left?: number): string {
  const carried = carriedOf(query);
  const token = `$skiptoken=${printSkipToken(after, carried)}`;
  const options =
    left === undefined
      ? carried.encoded
      : encodeQuery(
          carried.options.map((option) => (option.name === "$top" ? { ...option, value: String(left) } : option)),
        );
  return `${url}?${options === "" ? token : `${options}&${token}`}`;
}

/** What a link carries on of the options of its request. */
interface Carried {
  readonly options: readonly QueryPart[];
  readonly encoded: string;
  /** What of them a token is tied to. */
  readonly telling: string;
}

const carriedMax = 500;
const carriedLengthMax = 2_000;
const allCarried = new LRUCache<string, Carried>({ max: carriedMax });

function carriedOf(query: string): Carried {
  const [rest] = cutToken(query);
  const found = allCarried.get(rest);
  if (found !== undefined) return found;
  const options = parseQueryString(rest).filter(({ name }) => name !== "$skiptoken");
  const carried = { options, encoded: encodeQuery(options), telling: printTelling(options) };
  if (rest.length <= carriedLengthMax) allCarried.set(rest, carried);
  return carried;
}

/** Prints options as a query string, each name in its canonical form. */
export function encodeQuery(options: readonly QueryPart[]): string {
  return options.map(({ name, value }) => `${encodeName(name)}=${encodeURIComponent(value)}`).join("&");
}

/** Reads the token of a next link. One that we did not make, or not for these options, is refused. */
export function parseSkipToken(token: string, query: string): readonly ConstantValue[] {
  const content = parseJson(Buffer.from(token, "base64url").toString("utf8"));
  const [, ...after] = isConstants(content) ? content : [];
  // Made again, it must come out the same to the letter: then neither the values nor the options are others.
  if (after.length > 0 && printSkipToken(after, carriedOf(query)) === token) return after;
  throw notOurs();
}

/** Refuses a cursor whose values do not fit the order: forged, it would be a fault of the database's. */
export function assertCursor(after: readonly ConstantValue[], orderBy: readonly OrderKey[]): void {
  if (!fits(after, orderBy)) throw notOurs();
}

function notOurs(): Problem {
  const message =
    "The '$skiptoken' is not one of this service, or belongs to other options. Follow '@odata.nextLink' as it is.";
  return new Problem("invalidQueryOption", message, { target: "$skiptoken" });
}

function fits(after: readonly ConstantValue[], orderBy: readonly OrderKey[]): boolean {
  const id = after.at(-1);
  if (after.length !== orderBy.length + 1 || typeof id !== "string" || !/^[0-9a-f-]{36}$/.test(id)) return false;
  return orderBy.every(({ expression }, index) => {
    const value = after[index] ?? null;
    const type = typeOf(expression);
    if (value === null) return true;
    if (type === "number" || type === "duration") return typeof value === "number";
    // On SQLite true is 1.
    if (type === "boolean") return typeof value === "boolean" || value === 0 || value === 1;
    return typeof value === "string" && !value.includes("\0");
  });
}

function printSkipToken(after: readonly ConstantValue[], carried: Carried): string {
  return Buffer.from(JSON.stringify([digestOf(after, carried), ...after]), "utf8").toString("base64url");
}

// The digest ties the token to what decides the order and the members of the collection. It guards against mistakes:
// whoever forges it reads no more than his own partner's entities.
function digestOf(after: readonly ConstantValue[], { telling }: Carried): string {
  return hash("sha256", `[${JSON.stringify(after)},${telling}]`, "base64url").slice(0, 12);
}

function printTelling(options: readonly QueryPart[]): string {
  const telling = options
    .filter(({ name }) => ["$filter", "$search", "$orderby", "$compute"].includes(name) || name.startsWith("@"))
    .map(({ name, value }) => [name, value])
    .sort(([a = ""], [b = ""]) => (a < b ? -1 : 1));
  return JSON.stringify(telling);
}

function encodeName(name: string): string {
  return encodeURIComponent(name).replaceAll("%24", "$").replaceAll("%40", "@");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
