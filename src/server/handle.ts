import pLimit, { type LimitFunction } from "p-limit";
import { versions } from "../model/model.ts";
import { Problem } from "../model/problem.ts";
import { defaultFormat, mediaTypes } from "../odata/media.ts";
import { parsePath, type Target } from "../odata/path.ts";
import { parsePreferences } from "../odata/preferences.ts";
import { profileOf } from "../odata/profile.ts";
import { assertProtocol } from "../odata/versions.ts";
import { byAlternateKeys } from "../onboarding/alternate-key.ts";
import { type AuditRefusal, audited, refusalAudit } from "../onboarding/audit.ts";
import { computeResult } from "../onboarding/compute.ts";
import { expandResult } from "../onboarding/expand.ts";
import type { Caller, Context, Result } from "../onboarding/offer.ts";
import { assertPermitted } from "../onboarding/permissions.ts";
import { type Throttle, throttle } from "../onboarding/throttle.ts";
import { accountForRefusal, answerWithAccount } from "./account.ts";
import type { Authenticate } from "./authenticate.ts";
import { answerBatch, type Batching } from "./batch.ts";
import { answerDocument } from "./documents.ts";
import { answerFrontPage } from "./front-page.ts";
import { answerHealth } from "./health.ts";
import { plainRequest, withoutOrigin } from "./plain-request.ts";
import { answerPublisher } from "./publisher-keys.ts";
import { readTask } from "./read-task.ts";
import { answerOnce, readRepeatable, withRepeatabilityResult } from "./repeatability.ts";
import type { Request, Response } from "./request.ts";
import { type Asked, json, printAllow, printFailure, printProblem, printResult } from "./respond.ts";
import { printPart } from "./respond-property.ts";
import { allowedAt, findOffer, type Routed } from "./route.ts";

/** The whole service: a request in, an answer out. It never throws. */
export type Handle = (request: Request) => Promise<Response>;

/** Makes the service on a context and a check of its callers. */
export function service(context: Context, authenticate: Authenticate): Handle {
  const inTurn = pLimit(context.limits.batchRequestsUnderWayMax);
  return serve({ context, authenticate, admit: throttle(context), auditRefusal: refusalAudit(), inTurn }, "alone");
}

/** What all requests have in common: on what they stand, how it is found out who calls, and how many may. */
interface Serving {
  readonly context: Context;
  readonly authenticate: Authenticate;
  readonly admit: Throttle;
  readonly auditRefusal: AuditRefusal;
  readonly inTurn: LimitFunction;
}

/** A request comes alone, or in a batch: then it is known who calls, and it cannot be a batch itself. */
type Coming = "alone" | "inBatch";

function serve(serving: Serving, coming: Coming): Handle {
  return (request) => {
    const asked = askedOf(serving.context, request);
    return answerWithAccount(serving.context, request, asked.account, async () => {
      const response = withRepeatabilityResult(request, await answer(serving, request, asked, coming));
      return request.method === "HEAD" ? { status: response.status, headers: response.headers } : response;
    });
  };
}

/** The answer to a request that was refused before it could be read whole. */
export function refusal(context: Context, request: Request, problem: Problem): Response {
  const asked = askedOf(context, request);
  const response = printProblem(problem, asked);
  accountForRefusal(context, asked.account, response);
  return response;
}

async function answer(serving: Serving, request: Request, asked: Asked, coming: Coming): Promise<Response> {
  const { context } = serving;
  try {
    const { pathname, query } = splitUrl(request.url, context.limits.urlLengthMax);
    const health = answerHealth(context, pathname);
    if (health !== undefined) {
      asked.account.path = pathname;
      const { status, body } = await health;
      return json(asked, status, body, { "Content-Type": mediaTypes.plainJson });
    }
    const published = answerPublisher(context, pathname);
    if (published !== undefined) {
      asked.account.path = pathname;
      return json(asked, 200, await published, { "Content-Type": mediaTypes.plainJson });
    }
    const page = answerFrontPage(pathname, request, asked);
    if (page !== undefined) {
      asked.account.path = pathname;
      return page;
    }
    const { version, path } = splitVersion(withoutOrigin(pathname, request.origin));
    assertProtocol(request.headers);
    const root = `${request.origin}/${version}`;
    const plain = plainRequest({ request, path, query }, root, context);
    if (plain.methods !== undefined && request.method === "OPTIONS") return printAllow(asked, plain.methods);
    const target = parsePath(plain.path, plain.query);
    asked.account.path = target.template;
    const document = plain.methods === undefined ? answerDocument(target, version, request, asked, query) : undefined;
    if (document !== undefined) return document;
    const { method } = plain.request;
    const askedOfRoot = { ...asked, root, url: `${root}${plain.path}`, method };
    if (target.template !== "/$batch") {
      return await answerOffer(serving, plain.request, askedOfRoot, target, plain.query);
    }
    if (coming === "inBatch") throw new Problem("invalidRequest", "A batch cannot be part of a batch.");
    return await answerBatch(batching(serving), request, { ...askedOfRoot, query });
  } catch (error) {
    return answerError(context, request, asked, error);
  }
}

/** How a batch carries its requests out: each goes the way of a request that comes alone, for the caller of the batch. */
function batching(serving: Serving): Batching {
  const { context, authenticate, admit, inTurn } = serving;
  const admitted = () => Promise.resolve(undefined);
  return {
    context,
    authenticate,
    admit,
    inTurn,
    handle: (context, caller, request) =>
      serve({ ...serving, context, authenticate: () => Promise.resolve(caller), admit: admitted }, "inBatch")(request),
    refuse: (request, error) => answerError(context, request, askedOf(context, request), error),
  };
}

async function answerOffer(
  { context, authenticate, admit, auditRefusal }: Serving,
  request: Request,
  asked: Asked,
  target: Target,
  query: string,
): Promise<Response> {
  const found = findOffer(target, request.method);
  if (found === "options") return printAllow(asked, allowedAt(target));
  const offer = byAlternateKeys(found, target.alternateKeys);
  const caller = await authenticate(request.headers["authorization"]);
  asked.account.partnerId = caller.partnerId;
  let admitted = asked;
  try {
    const allowance = await admit(caller.partnerId);
    if (allowance !== undefined) admitted = { ...asked, allowance };
    return await carryOut(context, caller, request, admitted, { offer, target, query });
  } catch (error) {
    await auditRefusal(context, { caller, offer, correlationId: asked.clientRequestId, error });
    return answerError(context, request, admitted, error);
  }
}

// The order of the checks is that of protocol 9: what, who, whether, with what; then the work itself.
async function carryOut(
  context: Context,
  caller: Caller,
  request: Request,
  asked: Asked,
  routed: Routed,
): Promise<Response> {
  const { offer, target } = routed;
  assertPermitted(caller, offer.permission);
  const repeatable = readRepeatable(context, request, offer);
  const { task: read, showing } = readTask(context, caller, request, asked, routed);
  const task = audited(read, offer);
  const print = async (result: Result) => {
    const { computed, items, expand } = task.options.projection;
    const whole = computed === undefined && items === undefined ? result : await computeResult(task, result);
    const shown = expand.length === 0 ? whole : await expandResult(task, whole);
    if (target.property === undefined || shown.kind !== "entity") return printResult(shown, showing);
    return printPart(shown, target.property, showing);
  };
  const response =
    repeatable === undefined
      ? await print(await offer.run(task))
      : await answerOnce(task, offer, repeatable, showing, request, print);
  // Whoever has subscribed to what has changed is told at once.
  if (offer.method !== "GET") context.nudge();
  return response;
}

function splitUrl(url: string, lengthMax: number): { readonly pathname: string; readonly query: string } {
  if (url.length > lengthMax) throw new Problem("uriTooLong", `The URL is longer than ${lengthMax} characters.`);
  // Half of a surrogate pair is no character: it could not be repeated in a link.
  if (!url.isWellFormed()) throw new Problem("invalidRequest", "The URL holds half of a surrogate pair.");
  const mark = url.indexOf("?");
  return mark < 0 ? { pathname: url, query: "" } : { pathname: url.slice(0, mark), query: url.slice(mark + 1) };
}

function splitVersion(pathname: string): { readonly version: string; readonly path: string } {
  // The root of the server is that of the first version: who asks for it wants to know what is here.
  if (pathname === "/") return { version: versions[0], path: pathname };
  const end = pathname.indexOf("/", 1);
  const first = pathname.slice(1, end < 0 ? undefined : end);
  const path = end < 0 ? "/" : pathname.slice(end);
  if (versions.some((version) => version === first)) return { version: first, path };
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
    url: `${request.origin}${request.url.replace(/\?.*$/s, "")}`,
    linkLengthMax: context.limits.urlLengthMax,
    query: "",
    partnerId: "",
    changeLog: context.changeLog,
    projection: { expand: [] },
    requestId,
    clientRequestId,
    preferences,
    method: request.method,
    account: { requestId, method: request.method, path: undefined, partnerId: undefined },
  };
}

function answerError(context: Context, request: Request, asked: Asked, error: unknown): Response {
  const response = error instanceof Problem ? printProblem(error, asked) : printFailure(asked);
  if (response.status === 500 || response.status === 503) {
    context.log.error({ requestId: asked.requestId, method: request.method, err: error }, "a request failed");
  }
  return response;
}
