import { customer } from "../model/customer.ts";
import { versions } from "../model/model.ts";
import { Problem } from "../model/problem.ts";
import type { ConstantValue, OrderKey } from "../model/query.ts";
import { bindOptions } from "../odata/bind/options.ts";
import { bindDeltaOptions, type DeltaOptions } from "../odata/delta-query.ts";
import { parseEntityTags } from "../odata/entity-tags.ts";
import { assertAcceptable, formatType, mediaTypes } from "../odata/media.ts";
import { printMetadata } from "../odata/metadata.ts";
import { printOpenApi } from "../odata/openapi.ts";
import { parsePath, type Target } from "../odata/path.ts";
import { printServiceDocument } from "../odata/payload.ts";
import { parsePreferences } from "../odata/preferences.ts";
import { parseReference } from "../odata/reference.ts";
import { assertCursor, parseSkipToken } from "../odata/skip-token.ts";
import { assertProtocol } from "../odata/versions.ts";
import { expandResult } from "../onboarding/expand.ts";
import type { Body, Caller, Context, Offer, Result, Task } from "../onboarding/offer.ts";
import { actionPaths, describeOffers, offers, optionsOf } from "../onboarding/offers.ts";
import { assertPermitted } from "../onboarding/permissions.ts";
import type { Authenticate } from "./authenticate.ts";
import { answerBatch, type Batching } from "./batch.ts";
import { readBody } from "./body.ts";
import { answerHealth } from "./health.ts";
import { answerOnce, readRepeatable, withRepeatabilityResult } from "./repeatability.ts";
import type { Request, Response } from "./request.ts";
import {
  type Asked,
  json,
  notAllowed,
  printAllow,
  printDocument,
  printFailure,
  printProblem,
  printResult,
} from "./respond.ts";

/** The whole service: a request in, an answer out. It never throws. */
export type Handle = (request: Request) => Promise<Response>;

/** Makes the service on a context and a check of its callers. */
export function service(context: Context, authenticate: Authenticate): Handle {
  return serve(context, authenticate, "alone");
}

/** A request comes alone, or in a batch: then it is known who calls, and it cannot be a batch itself. */
type Coming = "alone" | "inBatch";

function serve(context: Context, authenticate: Authenticate, coming: Coming): Handle {
  return async (request) => {
    const asked = askedOf(context, request);
    const response = withRepeatabilityResult(request, await answer(context, authenticate, request, asked, coming));
    return request.method === "HEAD" ? { status: response.status, headers: response.headers } : response;
  };
}

/** The answer to a request that was refused before it could be read whole. */
export function refusal(context: Context, request: Request, problem: Problem): Response {
  return printProblem(problem, askedOf(context, request));
}

async function answer(
  context: Context,
  authenticate: Authenticate,
  request: Request,
  asked: Asked,
  coming: Coming,
): Promise<Response> {
  try {
    const { pathname, query } = splitUrl(request.url, context.limits.urlLengthMax);
    const health = await answerHealth(context, pathname);
    if (health !== undefined) return json(asked, health.status, health.body, { "Content-Type": mediaTypes.plainJson });
    const { version, path } = splitVersion(pathname);
    assertProtocol(request.headers);
    const target = parsePath(path, actionPaths);
    const document = documentOf(target, version, request, asked);
    if (document !== undefined) return document;
    const askedOfRoot = { ...asked, root: `${request.origin}/${version}` };
    if (target.template !== "/$batch") {
      return await answerOffer(context, authenticate, request, askedOfRoot, target, query);
    }
    if (coming === "inBatch") throw new Problem("invalidRequest", "A batch cannot be part of a batch.");
    return await answerBatch(batching(context, authenticate), request, { ...askedOfRoot, query });
  } catch (error) {
    return answerError(context, request, asked, error);
  }
}

/** How a batch carries its requests out: each goes the way of a request that comes alone, for the caller of the batch. */
function batching(context: Context, authenticate: Authenticate): Batching {
  return {
    context,
    authenticate,
    handle: (context, caller, request) => serve(context, () => Promise.resolve(caller), "inBatch")(request),
    refuse: (request, error) => answerError(context, request, askedOf(context, request), error),
  };
}

// The order of the checks is that of protocol 9: what, who, whether, with what; then the work itself.
async function answerOffer(
  context: Context,
  authenticate: Authenticate,
  request: Request,
  asked: Asked,
  target: Target,
  query: string,
): Promise<Response> {
  const offer = findOffer(target, request.method);
  if (offer === "options") return printAllow(asked, allowed(target));
  const caller = await authenticate(request.headers["authorization"]);
  assertPermitted(caller, offer.permission);
  const repeatable = readRepeatable(context, request, offer);
  const { skiptoken, id, format, query: shown, ...options } = readOptions(context, caller, offer, asked, query);
  assertAcceptable(wantedType(format, request), offer.answers.result === "count" ? "text" : "json");
  const ifMatch = parseEntityTags("If-Match", request.headers["if-match"]);
  const ifNoneMatch = parseEntityTags("If-None-Match", request.headers["if-none-match"]);
  const body: Body = readBody(offer, request, asked.root, context);
  const reference = id === undefined ? {} : { customerId: parseReference(customer, id, asked.root, "$id") };
  const task: Task = {
    context,
    caller,
    correlationId: asked.clientRequestId,
    keys: { ...target.keys, ...reference },
    body,
    preconditions: {
      ...(ifMatch === undefined ? {} : { ifMatch }),
      ...(ifNoneMatch === undefined ? {} : { ifNoneMatch }),
    },
    options: {
      ...options,
      ...(skiptoken === undefined ? {} : { after: cursorOf(skiptoken, query, options.orderBy) }),
      ...(asked.preferences.pageSize === undefined ? {} : { pageSize: asked.preferences.pageSize }),
    },
  };
  const { projection } = options;
  const { partnerId } = caller;
  const showing = { ...asked, query: shown, projection, partnerId };
  const print = async (result: Result) =>
    printResult(await expandResult(task, result), {
      ...showing,
      ...(ifNoneMatch === undefined ? {} : { ifNoneMatch }),
    });
  if (repeatable === undefined) return print(await offer.run(task));
  return answerOnce(task, offer, repeatable, showing, request, print);
}

/** The options of a request, and the query string that its links carry on. */
function readOptions(context: Context, caller: Caller, offer: Offer, asked: Asked, query: string): DeltaOptions {
  const { type, result } = offer.answers;
  if (result !== "changes") return { ...bindOptions(type, query, optionsOf(offer)), query };
  const { partnerId } = caller;
  const request = { partnerId, root: asked.root, now: context.clock(), limits: context.limits };
  return bindDeltaOptions(type, query, optionsOf(offer), request);
}

function findOffer(target: Target, method: string): Offer | "options" {
  const wanted = method === "HEAD" ? "GET" : method;
  const ofPath = offers.filter(({ path }) => path === target.template);
  if (ofPath.length === 0)
    throw new Problem("notSupported", `'${target.template}' is not supported by this version of the service.`);
  if (method === "OPTIONS") return "options";
  const offer = ofPath.find((each) => each.method === wanted);
  if (offer !== undefined) return offer;
  throw notAllowed(method, allowed(target));
}

function allowed(target: Target): readonly string[] {
  const methods = offers.filter(({ path }) => path === target.template).map(({ method }) => method);
  return [...methods, ...(methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"];
}

/** The documents that anyone may read: they say nothing of any partner. */
function documentOf(target: Target, version: string, request: Request, asked: Asked): Response | undefined {
  const root = `${request.origin}/${version}`;
  const { template } = target;
  if (template !== "/" && template !== "/$metadata" && template !== "/openapi.json") return undefined;
  const allow = ["GET", "HEAD", "OPTIONS"];
  if (request.method === "OPTIONS") return printAllow(asked, allow);
  if (!allow.includes(request.method)) throw notAllowed(request.method, allow);
  const { format } = bindOptions(customer, splitUrl(request.url, request.url.length).query, ["format"]);
  assertAcceptable(wantedType(format, request), template === "/$metadata" ? "xml" : "json");
  if (template === "/") return json({ ...asked, root }, 200, printServiceDocument(root), {});
  if (template === "/$metadata") return printDocument(asked, printMetadata(), mediaTypes.xml);
  return printDocument(asked, JSON.stringify(printOpenApi(describeOffers(), version)), mediaTypes.plainJson);
}

function cursorOf(token: string, query: string, orderBy: readonly OrderKey[]): readonly ConstantValue[] {
  const after = parseSkipToken(token, query);
  assertCursor(after, orderBy);
  return after;
}

// $format stands above Accept (OData Protocol 8.2.1).
function wantedType(format: string | undefined, request: Request): string | undefined {
  return format === undefined ? request.headers["accept"] : formatType(format);
}

function splitUrl(url: string, lengthMax: number): { readonly pathname: string; readonly query: string } {
  if (url.length > lengthMax) throw new Problem("uriTooLong", `The URL is longer than ${lengthMax} characters.`);
  const mark = url.indexOf("?");
  return mark < 0 ? { pathname: url, query: "" } : { pathname: url.slice(0, mark), query: url.slice(mark + 1) };
}

function splitVersion(pathname: string): { readonly version: string; readonly path: string } {
  const [, first = "", ...rest] = pathname.split("/");
  if (versions.some((version) => version === first)) return { version: first, path: `/${rest.join("/")}` };
  const roots = versions.map((version) => `/${version}`).join(" and ");
  throw new Problem("itemNotFound", `Resource not found for the segment '${first}'. The service roots are ${roots}.`);
}

function askedOf(context: Context, request: Request): Asked {
  const requestId = context.newId();
  const sent = request.headers["client-request-id"];
  const clientRequestId = sent !== undefined && /^[\x21-\x7e]{1,128}$/.test(sent) ? sent : requestId;
  const preferences = parsePreferences(request.headers["prefer"]);
  return {
    root: `${request.origin}/${versions[0]}`,
    url: `${request.origin}${request.url.split("?")[0]}`,
    query: "",
    partnerId: "",
    projection: { expand: [] },
    requestId,
    clientRequestId,
    preferences,
    method: request.method,
  };
}

function answerError(context: Context, request: Request, asked: Asked, error: unknown): Response {
  const response = error instanceof Problem ? printProblem(error, asked) : printFailure(asked);
  if (response.status >= 500 && response.status !== 501) {
    context.log.error({ requestId: asked.requestId, method: request.method, err: error }, "a request failed");
  }
  return response;
}
