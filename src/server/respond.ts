import { customerCreationOperation } from "../model/customer-creation-operation.ts";
import type { Values } from "../model/define.ts";
import { type Complaint, Problem, problemCodes } from "../model/problem.ts";
import type { ConstantValue } from "../model/query.ts";
import { printDeltaLink } from "../odata/delta-token.ts";
import { mediaTypes } from "../odata/media.ts";
import {
  entityTag,
  entityUrl,
  type Printing,
  printChanges,
  printCollection,
  printComplex,
  printEntity,
  printReference,
  printReferences,
} from "../odata/payload.ts";
import { type Preferences, printApplied } from "../odata/preferences.ts";
import { printNextLink } from "../odata/skip-token.ts";
import type { Result } from "../onboarding/offer.ts";
import type { Account } from "./account.ts";
import type { Response } from "./request.ts";

/** What an answer needs to know of its request. */
export interface Asked extends Printing {
  /** What is left to the partner in this minute, as headers; undefined as long as nobody has been identified. */
  readonly allowance?: Readonly<Record<string, string>>;
  readonly requestId: string;
  readonly clientRequestId: string;
  readonly preferences: Preferences;
  readonly method: string;
  readonly account: Account;
  /** The URL without its query, and the query as it was sent. */
  readonly url: string;
  readonly query: string;
  /** How long a URL may be that we can be asked: no link is longer. */
  readonly linkLengthMax: number;
  /** Whose the links are; empty as long as nobody has been identified. */
  readonly partnerId: string;
  readonly changeLog: string;
  /** How many entities `$top` asks for. */
  readonly top?: number;
  readonly ifNoneMatch?: readonly string[];
}

/** Prints a result as an answer. */
export function printResult(result: Result, asked: Asked): Response {
  switch (result.kind) {
    case "entity":
      return printOne(result, asked);
    case "created":
      return printCreated(result, asked);
    case "collection":
      return printPage(result, asked);
    case "changes":
      return printRound(result, asked);
    case "reference":
      return json(asked, 200, printReference(result.type, result.id, asked), {});
    case "references": {
      const page = printReferences(result.type, result.ids, { ...asked, ...linksOf(result, result.ids.length, asked) });
      return json(asked, 200, page, printApplied(asked.preferences, ["maxpagesize"]));
    }
    case "count":
      return {
        status: 200,
        headers: headersOf(asked, {
          "Content-Type": mediaTypes.text,
          ...printApplied(asked.preferences, ["include-unknown-enum-members"]),
        }),
        body: String(result.count),
      };
    case "value":
      return printValue(result, asked);
    case "done":
      return printNothing(asked, 204, {});
  }
}

function printPage(result: Result & { readonly kind: "collection" }, asked: Asked): Response {
  const { type, entities } = result;
  const links = linksOf(result, entities.length, asked);
  const applied = printApplied(asked.preferences, ["maxpagesize", "omit-values", "include-unknown-enum-members"]);
  return json(asked, 200, printCollection(type, entities, { ...withoutNulls(asked), ...links }), applied);
}

function printValue({ type, value, secret }: Result & { readonly kind: "value" }, asked: Asked): Response {
  const applied = printApplied(asked.preferences, ["omit-values", "include-unknown-enum-members"]);
  // RFC 9111 section 5.2.2.5: what is handed over once must not be kept on the way.
  const headers = { ...applied, ...(secret === true ? { "Cache-Control": "no-store" } : {}) };
  return json(asked, 200, printComplex(type, value, withoutNulls(asked)), headers);
}

type Page = Result & { readonly kind: "collection" | "references" };

function linksOf({ count, next }: Page, shown: number, asked: Asked) {
  const { top, profile } = asked;
  const left = top === undefined || profile.top === "page" ? undefined : top - shown;
  const isLast = next === undefined || (left !== undefined && left <= 0);
  return { ...(count === undefined ? {} : { count }), ...(isLast ? {} : { next: nextLink(asked, next, left) }) };
}

// A link is followed by GET, so that what `$query` takes in a body must fit into a URL when there is more than one page.
function nextLink({ url, query, linkLengthMax }: Asked, after: readonly ConstantValue[], left?: number): string {
  const link = printNextLink(url, query, after, left);
  if (link.length <= linkLengthMax) return link;
  const message =
    `There is more than one page, and the link to the next would have ${link.length} characters, of which ` +
    `${linkLengthMax} are allowed: it repeats the options. Ask for fewer with $filter, or for larger pages with $top.`;
  throw new Problem("invalidQueryOption", message);
}

function printRound(result: Result & { readonly kind: "changes" }, asked: Asked): Response {
  const { type, changes, state } = result;
  const { root, partnerId, changeLog, query } = asked;
  const link = printDeltaLink({ type, partnerId, changeLog }, root, { query, state });
  // Of what has changed nothing may be left out, and what has not is not told apart (OData Protocol 8.2.8.6).
  const applied = printApplied(asked.preferences, ["maxpagesize", "include-unknown-enum-members"]);
  return json(asked, 200, printChanges(type, changes, { ...asked, link }), applied);
}

/** Leaves out what is null, when that is preferred: null is the default of every property that may be null, and no other has one. */
export function withoutNulls(asked: Asked): Asked {
  return asked.preferences.omitted === undefined ? asked : { ...asked, nulls: "omitted" };
}

/** Prints a document that is no entity. */
export function printDocument(
  asked: Asked,
  body: string,
  contentType: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return { status: 200, headers: headersOf(asked, { "Content-Type": contentType, ...headers }), body };
}

/** Prints an answer without a body. */
export function printNothing(asked: Asked, status: number, headers: Readonly<Record<string, string>>): Response {
  return { status, headers: headersOf(asked, headers) };
}

/** Prints which methods a path knows. */
export function printAllow(asked: Asked, methods: readonly string[]): Response {
  return printNothing(asked, 204, { Allow: methods.join(", ") });
}

/** The refusal of a method that a path does not know. */
export function notAllowed(method: string, allow: readonly string[]): Problem {
  const message = `${method} is not allowed here. Allowed are ${allow.join(", ")}.`;
  return new Problem("notAllowed", message, { headers: { Allow: allow.join(", ") } });
}

/** Prints an answer that was given before. Only its identifiers are this request's own. */
export function printAgain(answer: Response, asked: Asked): Response {
  const own = { "request-id": asked.requestId, "client-request-id": asked.clientRequestId };
  return { ...answer, headers: { ...answer.headers, ...own, "Idempotency-Replayed": "true" } };
}

/** Prints a JSON answer. */
export function json(asked: Asked, status: number, body: unknown, headers: Readonly<Record<string, string>>): Response {
  const all = headersOf(asked, { "Content-Type": asked.profile.contentType(asked.format), ...headers });
  return { status, headers: all, body: JSON.stringify(body) };
}

/** Prints a refusal in the shape of Microsoft Graph: the top-level code from the status, the exact one inside. */
export function printProblem(problem: Problem, asked: Asked): Response {
  const { status, code } = problemCodes[problem.code];
  return printError(asked, { status, code, innerCode: problem.code, message: problem.message, problem });
}

/** Prints a failure that is ours. It says nothing but how to find it in the log. */
export function printFailure(asked: Asked): Response {
  const message = "The server failed to carry out the request. Quote the request-id when you report it.";
  return printError(asked, { status: 500, code: "internalServerError", innerCode: "generalException", message });
}

function printError(
  asked: Asked,
  error: { status: number; code: string; innerCode: string; message: string; problem?: Problem },
): Response {
  const { problem } = error;
  const body = {
    error: {
      code: error.code,
      message: error.message,
      ...(problem?.target === undefined ? {} : { target: problem.target }),
      ...(problem === undefined || problem.details.length === 0 ? {} : { details: problem.details.map(printDetail) }),
      [asked.profile.innerError]: {
        code: error.innerCode,
        date: new Date().toISOString(),
        "request-id": asked.requestId,
        "client-request-id": asked.clientRequestId,
      },
    },
  };
  const headers = { "Content-Type": mediaTypes.plainJson, "Content-Language": "en-US", ...problem?.headers };
  return { status: error.status, headers: headersOf(asked, headers), body: JSON.stringify(body) };
}

/** One of the faults. What would be right in its place is its inner error (Microsoft REST API Guidelines 7.10.2). */
function printDetail({ code, message, target, advice }: Complaint) {
  return {
    code,
    message,
    ...(target === undefined ? {} : { target }),
    ...(advice === undefined ? {} : { innerError: advice }),
  };
}

function printOne(result: Result & { readonly kind: "entity" }, asked: Asked): Response {
  const { type, entity } = result;
  const headers = headersOfEntity(result);
  if (asked.method === "PATCH") return printUpdated(result, asked, headers);
  if (isKnown(entity, asked)) return printNothing(asked, 304, headers);
  // What an action began is not finished when it is answered (Graph, long-running operations): 202, and where to look.
  const begun = asked.method === "POST" ? { Location: entityUrl(type, String(entity["id"]), asked.root) } : {};
  const status = asked.method === "POST" ? 202 : 200;
  const applied = printApplied(asked.preferences, ["omit-values", "include-unknown-enum-members"]);
  return json(asked, status, printEntity(type, entity, withoutNulls(asked)), { ...headers, ...begun, ...applied });
}

// What was set to null must be shown, so that nothing is left out (OData Protocol 8.2.8.6).
function printUpdated(
  { type, entity }: Result & { readonly kind: "entity" },
  asked: Asked,
  headers: Readonly<Record<string, string>>,
): Response {
  const all = { ...headers, ...printApplied(asked.preferences, ["return", "include-unknown-enum-members"]) };
  if (asked.preferences.answer !== "minimal") return json(asked, 200, printEntity(type, entity, asked), all);
  // OData Protocol 8.3.4: of an upsert that is answered without a body this tells what it was about.
  return printNothing(asked, 204, { ...all, "OData-EntityId": entityUrl(type, String(entity["id"]), asked.root) });
}

/** The headers that go with an entity, or with a part of one. */
export function headersOfEntity(result: Result & { readonly kind: "entity" }): Readonly<Record<string, string>> {
  return { ETag: entityTag(result.entity), ...retryAfter(result) };
}

/** Tells whether the client has the entity in the version that it is in (RFC 9110 section 13.1.2). */
export function isKnown(entity: Values, { ifNoneMatch }: Asked): boolean {
  const version = String(entity["version"]);
  return ifNoneMatch?.some((each) => each === "*" || each === version) ?? false;
}

function printCreated(result: Result & { readonly kind: "created" }, asked: Asked): Response {
  const { type, entity, operationId } = result;
  const location = entityUrl(type, String(entity["id"]), asked.root);
  const headers = {
    Location: location,
    "OData-EntityId": location,
    ETag: entityTag(entity),
    ...(operationId === undefined
      ? {}
      : { "Operation-Location": entityUrl(customerCreationOperation, operationId, asked.root) }),
  };
  // Who names what is to be shown wants to see it (protocol 4.2).
  const { select, expand, computed } = asked.projection;
  const named = select !== undefined || computed !== undefined || expand.length > 0;
  const answer = asked.preferences.answer ?? (named ? "representation" : result.byDefault);
  const missing = asked.method === "PATCH" ? (["create-if-missing"] as const) : [];
  const applied = (...more: readonly "omit-values"[]) =>
    printApplied(asked.preferences, ["return", ...more, "include-unknown-enum-members", ...missing]);
  if (answer === "minimal") return printNothing(asked, 204, { ...headers, ...applied() });
  return json(asked, 201, printEntity(type, entity, withoutNulls(asked)), { ...headers, ...applied("omit-values") });
}

// A client that polls an operation is told when it is worth asking again (Graph, long-running operations). One that has
// not started waits for its customer, or for the end of its reservation.
function retryAfter({ entity, type }: Result & { readonly kind: "entity" }): Readonly<Record<string, string>> {
  const seconds = type === customerCreationOperation ? pollSeconds.get(String(entity["status"])) : undefined;
  return seconds === undefined ? {} : { "Retry-After": seconds };
}

const pollSeconds: ReadonlyMap<string, string> = new Map([
  ["notStarted", "30"],
  ["running", "1"],
]);

function headersOf(asked: Asked, headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return {
    "Cache-Control": "no-cache",
    "OData-Version": asked.profile.version,
    "request-id": asked.requestId,
    "client-request-id": asked.clientRequestId,
    Vary: "Accept, Accept-Encoding, Authorization, OData-MaxVersion, Prefer",
    ...asked.allowance,
    ...headers,
    ...(asked.root.startsWith("https:") ? { "Strict-Transport-Security": "max-age=31536000" } : {}),
  };
}
