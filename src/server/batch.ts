import type { LimitFunction } from "p-limit";
import { customer } from "../model/customer.ts";
import { Problem } from "../model/problem.ts";
import type { BatchAnswer, BatchBase, BatchItem } from "../odata/batch.ts";
import { parseJsonBatch, printJsonBatch } from "../odata/batch-json.ts";
import { parseMultipartBatch, printMultipartBatch } from "../odata/batch-multipart.ts";
import { bindOptions } from "../odata/bind/options.ts";
import { parseJson } from "../odata/json.ts";
import {
  acceptedFormat,
  assertIdentity,
  assertJson,
  defaultFormat,
  formatType,
  isAcceptable,
  mediaTypes,
} from "../odata/media.ts";
import { readBoundary } from "../odata/multipart.ts";
import { printApplied } from "../odata/preferences.ts";
import type { Caller, Context } from "../onboarding/offer.ts";
import type { Throttle } from "../onboarding/throttle.ts";
import type { Authenticate } from "./authenticate.ts";
import { bodyTooLarge } from "./body.ts";
import type { Request, Response } from "./request.ts";
import { type Asked, notAllowed, printAllow, printDocument } from "./respond.ts";
import { runBatch } from "./run-batch.ts";

/** What a batch needs to carry out the requests in it. */
export interface Batching {
  readonly context: Context;
  readonly authenticate: Authenticate;
  readonly admit: Throttle;
  /** Carries out one request of a caller who is known, on a context that may be a transaction. It never throws. */
  readonly handle: (context: Context, caller: Caller, request: Request) => Promise<Response>;
  /** Answers a request with what was thrown. */
  readonly refuse: (request: Request, error: unknown) => Response;
  /** Begins a request or group when not too many of those in batches are under way (docs/decisions/0184). */
  readonly inTurn: LimitFunction;
}

type Form = "json" | "multipart";

/** Answers `$batch` (OData Protocol 11.7). What is wrong with the batch itself is refused before any of it is done. */
export async function answerBatch(batching: Batching, request: Request, asked: Asked): Promise<Response> {
  const allow = ["POST", "OPTIONS"];
  if (request.method === "OPTIONS") return printAllow(asked, allow);
  if (request.method !== "POST") throw notAllowed(request.method, allow);
  const caller = await batching.authenticate(request.headers["authorization"]);
  asked.account.partnerId = caller.partnerId;
  const { format } = bindOptions(customer, asked.query, ["format", "schemaversion"]);
  assertForWhole(request, asked);
  const boundary = readBoundary(request.headers["content-type"]);
  const sent = boundary === undefined ? "json" : "multipart";
  const accept = format === undefined ? request.headers["accept"] : formatType(format);
  const form = chooseForm(accept, sent);
  const base = baseOf(request, asked, batching.context.limits);
  const parsed = readItems(request, boundary, base, batching.context.limits);
  const items = await Promise.all(parsed.map((item) => admitItem(batching.admit, caller, item)));

  // OData Protocol 11.7.7.5: multipart is done in the order received and stops at a fault unless it is told to go on.
  const onError = asked.preferences.onError ?? (sent === "multipart" ? "stop" : "continue");
  const order = sent === "multipart" || onError === "stop" ? "asReceived" : "asNeeded";
  const answers = await runBatch({ ...batching, caller, outer: request }, items, { order, onError });
  const shown = { ...asked, format: acceptedFormat(accept) ?? defaultFormat };
  return printBatch(batching.context, shown, answers, { form, sent, base });
}

// Before any of them is carried out: in the transaction of a group nothing else may be written.
async function admitItem(admit: Throttle, { partnerId }: Caller, item: BatchItem): Promise<BatchItem> {
  try {
    await admit(partnerId);
    return item;
  } catch (error) {
    if (error instanceof Problem) return { ...item, fault: error };
    throw error;
  }
}

// What would say something of each request must be said by each (OData Protocol 8.2.4, 8.2.8.5, 8.2.8.7).
function assertForWhole({ headers }: Request, { preferences }: Asked): void {
  const header = ["if-match", "if-none-match", "idempotency-key"].find((name) => headers[name] !== undefined);
  if (header !== undefined) throw notForWhole(`The header '${header}'`);
  const repeatability = ["repeatability-request-id", "repeatability-first-sent"].find(
    (name) => headers[name] !== undefined,
  );
  if (repeatability !== undefined) {
    throw notForWhole(`The header '${repeatability}'`, { "Repeatability-Result": "rejected" });
  }
  if (preferences.answer !== undefined) throw notForWhole("The preference 'return'");
  if (preferences.pageSize !== undefined) throw notForWhole("The preference 'maxpagesize'");
}

function notForWhole(what: string, headers: Readonly<Record<string, string>> = {}): Problem {
  const message = `${what} cannot be that of a batch. Give it to the requests in the batch.`;
  return new Problem("invalidRequest", message, { headers });
}

function chooseForm(accept: string | undefined, sent: Form): Form {
  const found = [sent, "json" as const, "multipart" as const].find((form) => isAcceptable(accept, form));
  if (found !== undefined) return found;
  const message = `None of '${accept}' can be answered; a batch is answered as application/json or multipart/mixed.`;
  throw new Problem("invalidAcceptType", message);
}

function baseOf({ headers, origin }: Request, { root, profile }: Asked, limits: Context["limits"]): BatchBase {
  const { authorization } = headers;
  return {
    origin,
    version: root.slice(origin.length + 1),
    profile,
    ...(authorization === undefined ? {} : { authorization }),
    sizeMax: limits.batchSizeMax,
  };
}

function readItems(
  { body = new Uint8Array(), headers }: Request,
  boundary: string | undefined,
  base: BatchBase,
  limits: Context["limits"],
): readonly BatchItem[] {
  if (body.byteLength > limits.bodyBytesMax) throw bodyTooLarge(limits);
  if (boundary !== undefined) {
    assertIdentity(headers["content-encoding"]);
    return parseMultipartBatch(body, boundary, base);
  }
  assertJson(headers["content-type"], headers["content-encoding"]);
  if (base.profile.jsonBatch === "refused") {
    const message = "A batch in JSON is of OData 4.01, and the request wants 4.0 at the most. Send multipart/mixed.";
    throw new Problem("unsupportedMediaType", message);
  }
  return parseJsonBatch(parseJson(body, limits), base);
}

function printBatch(
  context: Context,
  asked: Asked,
  answers: readonly BatchAnswer[],
  { form, sent, base }: { readonly form: Form; readonly sent: Form; readonly base: BatchBase },
): Response {
  const applied = printApplied(asked.preferences, ["continue-on-error"]);
  if (form === "json") {
    return printDocument(asked, printJsonBatch(answers, base), asked.profile.contentType(asked.format), applied);
  }
  const boundary = `batchresponse_${context.newId()}`;
  // The answer has the structure of a multipart batch, while the requests of a JSON batch are told apart by their ids.
  const body = printMultipartBatch(answers, { boundary, groups: sent === "multipart" ? "nested" : "flat" });
  return printDocument(asked, body, `${mediaTypes.multipart}; boundary=${boundary}`, applied);
}
