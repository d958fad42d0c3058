import { createHash } from "node:crypto";
import { uuidPattern } from "../model/kinds.ts";
import { Problem } from "../model/problem.ts";
import type { Context, Offer, Result, Task } from "../onboarding/offer.ts";
import { carryOutOnce, type Repeatable } from "../onboarding/repeatability.ts";
import type { Request, Response } from "./request.ts";
import { type Asked, printAgain } from "./respond.ts";

const requestIdName = "repeatability-request-id";
const clientIdName = "repeatability-client-id";
const firstSentName = "repeatability-first-sent";
const idempotencyKeyName = "idempotency-key";
/** What in the headers decides what a request does or answers. */
const tellingHeaders = ["if-match", "if-none-match", "prefer", "accept", "odata-version", "odata-maxversion"] as const;
const rejected = { "Repeatability-Result": "rejected" } as const;

/** Reads by what a request is known again; undefined: it has no key, or changes nothing anyway. */
export function readRepeatable(context: Context, request: Request, offer: Offer): Repeatable | undefined {
  // Section 5: servers must ignore the headers for GET and HEAD.
  if (offer.method === "GET") return undefined;
  const key = readRepeatabilityHeaders(context, request) ?? readIdempotencyKey(context, request);
  // A rehearsal may be carried out as often as it is sent: nothing comes of it, so nothing is recorded either.
  if (key === undefined || offer.isRehearsal === true) return undefined;
  // Section 8.4: all members of an atomic group have the same Repeatability-Request-ID.
  const member = request.member === undefined ? "" : `#${request.member}`;
  return { requestId: `${key}${member}`, digest: digestOf(request) };
}

/** Carries a request out once and prints what came of it: the answer of the first time, or that the key is another's. */
export async function answerOnce(
  task: Task,
  offer: Offer,
  repeatable: Repeatable,
  asked: Asked,
  request: Request,
  print: (result: Result) => Promise<Response>,
): Promise<Response> {
  const link = (path: string) => `${asked.root}/${path}`;
  const outcome = await carryOutOnce(task, offer, repeatable, async (result, made) => {
    const response = await print(result);
    return made === undefined ? response : { ...response, headers: { ...response.headers, Location: link(made) } };
  });
  switch (outcome.kind) {
    case "carriedOut":
      return outcome.answer;
    case "answeredAgain":
      return printAgain(outcome.answer, asked);
    case "keyReused":
      throw keyReused(request, outcome.made === null ? undefined : link(outcome.made));
  }
}

/** Says that the Repeatability headers were understood (section 3.2.1), unless it is said already that they were not. */
export function withRepeatabilityResult(request: Request, response: Response): Response {
  const { method, headers } = request;
  const isRepeatable = headers[requestIdName] !== undefined && headers[firstSentName] !== undefined;
  const isIgnored = method === "GET" || method === "HEAD" || method === "OPTIONS";
  if (!isRepeatable || isIgnored || response.headers["Repeatability-Result"] !== undefined) return response;
  return { ...response, headers: { ...response.headers, "Repeatability-Result": "accepted" } };
}

function readRepeatabilityHeaders(context: Context, request: Request): string | undefined {
  const { clock, limits } = context;
  const requestId = request.headers[requestIdName];
  const firstSent = request.headers[firstSentName];
  if (requestId === undefined && firstSent === undefined) return undefined;
  if (requestId === undefined || firstSent === undefined) {
    throw invalid("Repeatability-Request-ID and Repeatability-First-Sent go together; one of them is missing.");
  }
  if (!isKey(requestId, limits)) {
    throw invalid(`Repeatability-Request-ID must be ${keyForm(limits)}, such as a UUID.`);
  }
  const sent = parseInstant(firstSent);
  if (sent === undefined) {
    const example = new Date(clock()).toUTCString();
    throw invalid(`Repeatability-First-Sent must be a date of the form '${example}'; it is '${firstSent}'.`);
  }
  assertInWindow(sent, { clock, limits });
  // Section 3.1.1: a UUID is the same in either case; anything else is an opaque text.
  return `${clientScope(context, request)}:${uuidPattern.test(requestId) ? requestId.toLowerCase() : requestId}`;
}

// Section 3.1.3: each client that names itself has ids of its own. The length tells where the name of the client ends.
function clientScope({ limits }: Context, request: Request): string {
  const clientId = request.headers[clientIdName];
  if (clientId === undefined) return "repeatability";
  if (!isKey(clientId, limits)) throw invalid(`Repeatability-Client-ID must be ${keyForm(limits)}, such as a UUID.`);
  return `repeatability@${clientId.length}:${clientId}`;
}

function readIdempotencyKey({ limits }: Context, request: Request): string | undefined {
  const key = request.headers[idempotencyKeyName];
  if (key === undefined) return undefined;
  if (isKey(key, limits)) return `idempotency:${key}`;
  throw new Problem("repeatabilityHeadersInvalid", `Idempotency-Key must be ${keyForm(limits)}.`);
}

// Outside of the window nobody can tell any more whether the request was carried out before (section 3.1.2).
function assertInWindow(sent: number, { clock, limits }: Pick<Context, "clock" | "limits">): void {
  const { repeatabilityHours, repeatabilitySecondsAhead } = limits;
  const secondsAgo = (Date.parse(clock()) - sent) / 1000;
  if (secondsAgo <= repeatabilityHours * 3600 && secondsAgo >= -repeatabilitySecondsAhead) return;
  const message =
    secondsAgo < 0
      ? `Repeatability-First-Sent is in the future by more than ${repeatabilitySecondsAhead} seconds. Set the clock right.`
      : `The request was first sent more than ${repeatabilityHours} hours ago, and it is not known any more whether it was carried out. Look first; then send it as a new one.`;
  throw new Problem("repeatabilityWindowExceeded", message, { headers: rejected });
}

// RFC 9110 section 5.6.7: only IMF-fixdate, which is what a date prints as, weekday included.
function parseInstant(text: string): number | undefined {
  const milliseconds = Date.parse(text);
  return !Number.isNaN(milliseconds) && new Date(milliseconds).toUTCString() === text ? milliseconds : undefined;
}

function isKey(text: string, { repeatabilityKeyLengthMax }: Context["limits"]): boolean {
  return text.length <= repeatabilityKeyLengthMax && /^[\x20-\x7e]*[\x21-\x7e][\x20-\x7e]*$/.test(text);
}

function keyForm({ repeatabilityKeyLengthMax }: Context["limits"]): string {
  return `1 to ${repeatabilityKeyLengthMax} printable ASCII characters`;
}

function digestOf({ method, url, headers, body }: Request): string {
  const telling = [method, url, ...tellingHeaders.map((name) => headers[name] ?? null)];
  return createHash("sha256")
    .update(`${JSON.stringify(telling)}\n`)
    .update(body ?? new Uint8Array())
    .digest("base64url");
}

function keyReused(request: Request, made: string | undefined): Problem {
  const name = request.headers[requestIdName] === undefined ? "Idempotency-Key" : "Repeatability-Request-ID";
  const about = made === undefined ? "" : ` What that one was about is at ${made} .`;
  const message = `This ${name} was sent with another request before. Give each request a key of its own.${about}`;
  const headers = {
    ...(made === undefined ? {} : { Location: made }),
    ...(request.headers[requestIdName] === undefined ? {} : rejected),
  };
  return new Problem("idempotencyKeyReused", message, { headers });
}

function invalid(message: string): Problem {
  return new Problem("repeatabilityHeadersInvalid", message, { headers: rejected });
}
