import { versions } from "../model/model.ts";
import { Problem } from "../model/problem.ts";
import { readQuery } from "../odata/bind/options.ts";
import { resolveEntityPath } from "../odata/reference.ts";
import { encodeQuery } from "../odata/skip-token.ts";
import { readText } from "../odata/text-body.ts";
import type { Context } from "../onboarding/offer.ts";
import type { Request } from "./request.ts";
import { notAllowed } from "./respond.ts";

/** A request to a path under a service root. */
export interface Addressed {
  readonly request: Request;
  readonly path: string;
  readonly query: string;
  /** Present when the path stood for another one: the methods that it has by itself. */
  readonly methods?: readonly string[];
}

/**
 * Gives the request that a request stands for. `POST …/$query` is a GET with the options of its body, and `GET /$entity`
 * one of the entity that `$id` names (OData URL Conventions 4.3.4 and 4.17); all else stands for itself.
 */
export function plainRequest(addressed: Addressed, root: string, context: Context): Addressed {
  return withoutEntity(withoutQuery(addressed, context), root, context);
}

/**
 * Gives the path that is meant when a client puts a whole URL of ours behind a service root, as the JavaScript client of
 * Microsoft Graph does over http when it follows a next link. The URL of another host stays what it is: a wrong path.
 */
export function withoutOrigin(pathname: string, origin: string): string {
  const inner = pathname.includes(":/") ? /^\/([^/]*)\/https?:\/{1,2}([^/]*)(\/.*)$/s.exec(pathname) : null;
  if (inner === null) return pathname;
  const [, outerVersion, authority = "", path = ""] = inner;
  const isRoot = (name: string | undefined) => versions.some((version) => version === name);
  const isOurs = authority.toLowerCase() === origin.replace(/^https?:\/\//, "").toLowerCase();
  return isOurs && isRoot(outerVersion) && isRoot(path.split("/")[1]) ? path : pathname;
}

const queryMethods = ["POST", "OPTIONS"];
const entityMethods = ["GET", "HEAD", "OPTIONS"];
const optionTypes = ["text/plain", "application/x-www-form-urlencoded"];

function withoutQuery(addressed: Addressed, context: Context): Addressed {
  const { request, query } = addressed;
  const path = addressed.path.includes("query") ? /^(.+)\/(?:\$|%24)query\/?$/s.exec(addressed.path)?.[1] : undefined;
  if (path === undefined) return addressed;
  if (request.method === "OPTIONS") return { request, path, query, methods: queryMethods };
  if (request.method !== "POST") throw notAllowed(request.method, queryMethods);
  const options = [query, readOptionText(request, context)].filter((each) => each !== "").join("&");
  return { request: asGet(request), path, query: options, methods: queryMethods };
}

function readOptionText({ body = new Uint8Array(), headers }: Request, { limits }: Context): string {
  const { queryLengthMax } = limits;
  if (body.byteLength > queryLengthMax) {
    throw new Problem("payloadTooLarge", `The options in a body may have ${queryLengthMax} characters, not more.`);
  }
  const text = readText(body, headers, optionTypes);
  const fault = /^\?|[\s#]/.exec(text);
  if (fault === null) return text;
  const message =
    "The body must be the options as in a URL behind its '?', percent-encoded, such as $top=5&$count=true.";
  throw new Problem("invalidRequest", `${message} Found ${JSON.stringify(fault[0])} at character ${fault.index}.`);
}

function asGet({ origin, url, headers }: Request): Request {
  const { "content-type": _type, "content-length": _length, ...others } = headers;
  return { method: "GET", origin, url, headers: others };
}

function withoutEntity(addressed: Addressed, root: string, { limits }: Context): Addressed {
  const { request } = addressed;
  const cast = addressed.path.includes("entity")
    ? /^\/+(?:\$|%24)entity((?:\/[^/]+)?)\/?$/.exec(addressed.path)?.[1]
    : undefined;
  if (cast === undefined) return addressed;
  const methods = addressed.methods ?? entityMethods;
  if (request.method === "OPTIONS") return { ...addressed, methods };
  if (!entityMethods.includes(request.method)) throw notAllowed(request.method, entityMethods);
  const parts = readQuery(addressed.query);
  const id = parts.find(({ name }) => name === "$id")?.value;
  if (id === undefined) {
    const message = "Name the entity: append ?$id= and its URL, percent-encoded.";
    throw new Problem("requiredFieldMissing", message, { target: "$id" });
  }
  // It may come in a body, and is a URL all the same.
  if (id.length > limits.urlLengthMax) {
    throw new Problem("uriTooLong", `The URL in $id is longer than ${limits.urlLengthMax} characters.`);
  }
  const path = `${resolveEntityPath(id, root, "$id")}${cast}`;
  return { request, path, query: encodeQuery(parts.filter(({ name }) => name !== "$id")), methods };
}
