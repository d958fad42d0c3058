import { customer } from "../model/customer.ts";
import { versions } from "../model/model.ts";
import { Problem } from "../model/problem.ts";
import type { ConstantValue, OrderKey } from "../model/query.ts";
import { bindOptions } from "../odata/bind/options.ts";
import { bindDeltaOptions, type DeltaOptions } from "../odata/delta-query.ts";
import { parseEntityTags, withBodyTag } from "../odata/entity-tags.ts";
import { assertAcceptable, defaultFormat, type Format, mediaTypes, negotiateFormat } from "../odata/media.ts";
import { parsePath, type Target } from "../odata/path.ts";
import { parsePreferences } from "../odata/preferences.ts";
import { profileOf } from "../odata/profile.ts";
import { parseReference } from "../odata/reference.ts";
import { assertCursor, parseSkipToken } from "../odata/skip-token.ts";
import { assertProtocol } from "../odata/versions.ts";
import { computeResult } from "../onboarding/compute.ts";
import { expandResult } from "../onboarding/expand.ts";
import type { Body, Caller, Context, Offer, Result, Task } from "../onboarding/offer.ts";
import { offers, optionsOf } from "../onboarding/offers.ts";
import { assertPermitted } from "../onboarding/permissions.ts";
import { type Throttle, throttle } from "../onboarding/throttle.ts";
import type { Authenticate } from "./authenticate.ts";
import { answerBatch, type Batching } from "./batch.ts";
import { readBody } from "./body.ts";
import { answerDocument, wantedType } from "./documents.ts";
import { answerHealth } from "./health.ts";
import { answerOnce, readRepeatable, withRepeatabilityResult } from "./repeatability.ts";
import type { Request, Response } from "./request.ts";
import { type Asked, json, notAllowed, printAllow, printFailure, printProblem, printResult } from "./respond.ts";

/** The whole service: a request in, an answer out. It never throws. */
export type Handle = (request: Request) => Promise<Response>;

/** Makes the service on a context and a check of its callers. */
export function service(context: Context, authenticate: Authenticate): Handle {
  return serve({ context, authenticate, admit: throttle(context) }, "alone");
}

/** What all requests have in common: on what they stand, how it is found out who calls, and how many may. */
interface Serving {
  readonly context: Context;
  readonly authenticate: Authenticate;
  readonly admit: Throttle;
}

/** A request comes alone, or in a batch: then it is known who calls, and it cannot be a batch itself. */
type Coming = "alone" | "inBatch";

function serve(serving: Serving, coming: Coming): Handle {
  return async (request) => {
    const asked = askedOf(serving.context, request);
    const response = withRepeatabilityResult(request, await answer(serving, request, asked, coming));
    return request.method === "HEAD" ? { status: response.status, headers: response.headers } : response;
  };
}

/** The answer to a request that was refused before it could be read whole. */
export function refusal(context: Context, request: Request, problem: Problem): Response {
  return printProblem(problem, askedOf(context, request));
}

async function answer(serving: Serving, request: Request, asked: Asked, coming: Coming): Promise<Response> {
  const { context } = serving;
  try {
    const { pathname, query } = splitUrl(request.url, context.limits.urlLengthMax);
    const health = await answerHealth(context, pathname);
    if (health !== undefined) return json(asked, health.status, health.body, { "Content-Type": mediaTypes.plainJson });
    const { version, path } = splitVersion(pathname);
    assertProtocol(request.headers);
    const target = parsePath(path, query);
    const document = answerDocument(target, version, request, asked, query);
    if (document !== undefined) return document;
    const askedOfRoot = { ...asked, root: `${request.origin}/${version}` };
    if (target.template !== "/$batch") {
      return await answerOffer(serving, request, askedOfRoot, target, query);
    }
    if (coming === "inBatch") throw new Problem("invalidRequest", "A batch cannot be part of a batch.");
    return await answerBatch(batching(serving), request, { ...askedOfRoot, query });
  } catch (error) {
    return answerError(context, request, asked, error);
  }
}

/** How a batch carries its requests out: each goes the way of a request that comes alone, for the caller of the batch. */
function batching(serving: Serving): Batching {
  const { context, authenticate, admit } = serving;
  const admitted = () => Promise.resolve({});
  return {
    context,
    authenticate,
    admit,
    handle: (context, caller, request) =>
      serve({ context, authenticate: () => Promise.resolve(caller), admit: admitted }, "inBatch")(request),
    refuse: (request, error) => answerError(context, request, askedOf(context, request), error),
  };
}

async function answerOffer(
  { context, authenticate, admit }: Serving,
  request: Request,
  asked: Asked,
  target: Target,
  query: string,
): Promise<Response> {
  const offer = findOffer(target, request.method);
  if (offer === "options") return printAllow(asked, allowed(target));
  const caller = await authenticate(request.headers["authorization"]);
  const admitted = { ...asked, allowance: await admit(caller.partnerId) };
  try {
    return await carryOut(context, caller, request, admitted, { offer, target, query });
  } catch (error) {
    return answerError(context, request, admitted, error);
  }
}

// The order of the checks is that of protocol 9: what, who, whether, with what; then the work itself.
async function carryOut(
  context: Context,
  caller: Caller,
  request: Request,
  asked: Asked,
  { offer, target, query }: { readonly offer: Offer; readonly target: Target; readonly query: string },
): Promise<Response> {
  assertPermitted(caller, offer.permission);
  const repeatable = readRepeatable(context, request, offer);
  const { skiptoken, id, format, query: shown, ...options } = readOptions(context, caller, offer, asked, query);
  const wanted = negotiate(wantedType(format, request), offer);
  const sentMatch = parseEntityTags("If-Match", request.headers["if-match"]);
  const ifNoneMatch = parseEntityTags("If-None-Match", request.headers["if-none-match"]);
  const body: Body = readBody(offer, request, asked, context);
  const ifMatch = withBodyTag(sentMatch, body.kind === "entity" ? body.version : undefined);
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
      count: options.count && (skiptoken === undefined || asked.profile.count === "everyPage"),
      ...(skiptoken === undefined ? {} : { after: cursorOf(skiptoken, query, options.orderBy) }),
      ...(asked.preferences.pageSize === undefined ? {} : { pageSize: asked.preferences.pageSize }),
    },
  };
  const { projection } = options;
  const { partnerId } = caller;
  const top = options.top === undefined ? {} : { top: options.top };
  const showing = { ...asked, query: shown, projection, partnerId, format: wanted, ...top };
  const print = async (result: Result) =>
    printResult(await expandResult(task, await computeResult(task, result)), {
      ...showing,
      ...(ifNoneMatch === undefined ? {} : { ifNoneMatch }),
    });
  if (repeatable === undefined) return print(await offer.run(task));
  return answerOnce(task, offer, repeatable, showing, request, print);
}

/** The options of a request, and the query string that its links carry on. */
function readOptions(context: Context, caller: Caller, offer: Offer, asked: Asked, query: string): DeltaOptions {
  const { type, result } = offer.answers;
  const { members, root } = asked;
  if (result !== "changes") return { ...bindOptions(type, query, optionsOf(offer), members), query };
  const { partnerId } = caller;
  const request = { partnerId, root, now: context.clock(), limits: context.limits, members };
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

/** Gives the format of an answer, or refuses when the request accepts none that it can have. */
function negotiate(accept: string | undefined, { answers }: Offer): Format {
  if (answers.result === "count") {
    assertAcceptable(accept, "text");
    return defaultFormat;
  }
  const format = negotiateFormat(accept);
  if (answers.result !== "changes" || format.metadata !== "none") return format;
  // OData JSON Format 3.1.3: without metadata nobody could tell what has changed from what is gone.
  const message = "Delta cannot be answered with odata.metadata=none. Ask for odata.metadata=minimal or full.";
  throw new Problem("invalidRequest", message);
}

function cursorOf(token: string, query: string, orderBy: readonly OrderKey[]): readonly ConstantValue[] {
  const after = parseSkipToken(token, query);
  assertCursor(after, orderBy);
  return after;
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
  const preferences = parsePreferences(request.headers["prefer"], context.limits.pageSizeMax);
  return {
    root: `${request.origin}/${versions[0]}`,
    profile: profileOf(request.headers["odata-maxversion"], context.profile),
    format: defaultFormat,
    nulls: "shown",
    members: preferences.members ?? "known",
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
