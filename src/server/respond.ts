import { customerCreationOperation } from "../model/customer-creation-operation.ts";
import { isValues } from "../model/define.ts";
import { namespace } from "../model/model.ts";
import { Problem, problemCodes } from "../model/problem.ts";
import type { Projection } from "../model/query.ts";
import { printDeltaLink } from "../odata/delta-token.ts";
import { mediaTypes } from "../odata/media.ts";
import { entityTag, entityUrl, printChanges, printCollection, printEntity, printReferences } from "../odata/payload.ts";
import type { Preferences } from "../odata/preferences.ts";
import { printNextLink } from "../odata/skip-token.ts";
import type { Result } from "../onboarding/offer.ts";
import type { Response } from "./request.ts";

/** What an answer needs to know of its request. */
export interface Asked {
  /** The service root, such as `https://localhost:8443/v1.0`. */
  readonly root: string;
  readonly requestId: string;
  readonly clientRequestId: string;
  readonly preferences: Preferences;
  readonly method: string;
  /** The URL without its query, and the query as it was sent. */
  readonly url: string;
  readonly query: string;
  /** Whose the links are; empty as long as nobody has been identified. */
  readonly partnerId: string;
  /** What of an entity is shown. */
  readonly projection: Projection;
  readonly ifNoneMatch?: readonly string[];
}

/** Prints a result as an answer. */
export function printResult(result: Result, asked: Asked): Response {
  const { root } = asked;
  switch (result.kind) {
    case "entity":
      return printOne(result, asked);
    case "created":
      return printCreated(result, asked);
    case "collection":
      return printPage(result, asked);
    case "changes":
      return printRound(result, asked);
    case "references":
      return json(asked, 200, printReferences(result.type, result.ids, root), {});
    case "count":
      return {
        status: 200,
        headers: headersOf(asked, { "Content-Type": mediaTypes.text }),
        body: String(result.count),
      };
    case "value": {
      const context = `${root}/$metadata#${namespace.name}.${result.type.name}`;
      const body = { "@odata.context": context, ...(isValues(result.value) ? result.value : {}) };
      // RFC 9111 section 5.2.2.5: what is handed over once must not be kept on the way.
      return json(asked, 200, body, { "Cache-Control": "no-store" });
    }
    case "done":
      return { status: 204, headers: headersOf(asked, {}) };
  }
}

function printPage(result: Result & { readonly kind: "collection" }, asked: Asked): Response {
  const { type, entities, count, next } = result;
  const links = {
    ...(count === undefined ? {} : { count }),
    ...(next === undefined ? {} : { next: printNextLink(asked.url, asked.query, next) }),
  };
  return json(
    asked,
    200,
    printCollection(type, entities, { root: asked.root, projection: asked.projection, ...links }),
    appliedPageSize(asked),
  );
}

function printRound(result: Result & { readonly kind: "changes" }, asked: Asked): Response {
  const { type, changes, state } = result;
  const { root, projection, partnerId, query } = asked;
  const link = printDeltaLink({ type, partnerId }, root, { query, state });
  return json(asked, 200, printChanges(type, changes, { root, projection, link }), appliedPageSize(asked));
}

function appliedPageSize({ preferences }: Asked): Readonly<Record<string, string>> {
  const { pageSize } = preferences;
  return pageSize === undefined ? {} : { "Preference-Applied": `odata.maxpagesize=${pageSize}` };
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

/** Prints which methods a path knows. */
export function printAllow(asked: Asked, methods: readonly string[]): Response {
  return { status: 204, headers: headersOf(asked, { Allow: methods.join(", ") }) };
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
  const all = headersOf(asked, { "Content-Type": mediaTypes.json, ...headers });
  return { status, headers: all, body: JSON.stringify(body) };
}

/** Prints a refusal in the shape of Microsoft Graph: the top-level code from the status, the exact one in innerError. */
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
      ...(problem === undefined || problem.details.length === 0 ? {} : { details: problem.details }),
      innerError: {
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

function printOne(result: Result & { readonly kind: "entity" }, asked: Asked): Response {
  const { type, entity } = result;
  const tag = entityTag(entity);
  const headers = { ETag: tag, ...retryAfter(result) };
  if (asked.method === "PATCH" && asked.preferences.answer === "minimal") {
    return { status: 204, headers: headersOf(asked, { ...headers, "Preference-Applied": "return=minimal" }) };
  }
  const version = String(entity["version"]);
  if (asked.method !== "PATCH" && asked.ifNoneMatch?.some((each) => each === "*" || each === version)) {
    return { status: 304, headers: headersOf(asked, headers) };
  }
  const applied = asked.method === "PATCH" ? appliedPreference(asked) : {};
  // What an action began is not finished when it is answered (Graph, long-running operations): 202, and where to look.
  if (asked.method === "POST") {
    const location = entityUrl(type, String(entity["id"]), asked.root);
    return json(asked, 202, printEntity(type, entity, asked), { ...headers, Location: location });
  }
  return json(asked, 200, printEntity(type, entity, asked), { ...headers, ...applied });
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
    ...appliedPreference(asked),
  };
  // Who names what is to be shown wants to see it (protocol 4.2).
  const named = asked.projection.select !== undefined || asked.projection.expand.length > 0;
  const answer = asked.preferences.answer ?? (named ? "representation" : result.byDefault);
  if (answer === "minimal") return { status: 204, headers: headersOf(asked, headers) };
  return json(asked, 201, printEntity(type, entity, asked), headers);
}

// A client that polls an operation is told when it is worth asking again (Graph, long-running operations).
function retryAfter({ entity, type }: Result & { readonly kind: "entity" }): Readonly<Record<string, string>> {
  return type === customerCreationOperation && entity["status"] === "running" ? { "Retry-After": "1" } : {};
}

function appliedPreference({ preferences }: Asked): Readonly<Record<string, string>> {
  return preferences.answer === undefined ? {} : { "Preference-Applied": `return=${preferences.answer}` };
}

function headersOf(asked: Asked, headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return {
    "Cache-Control": "no-cache",
    ...headers,
    "OData-Version": "4.0",
    "request-id": asked.requestId,
    "client-request-id": asked.clientRequestId,
    Vary: "Accept, Accept-Encoding, Authorization, Prefer",
    ...(asked.root.startsWith("https:") ? { "Strict-Transport-Security": "max-age=31536000" } : {}),
  };
}
