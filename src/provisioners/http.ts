import {
  type Provisioner,
  ProvisioningFailure,
  type ProvisioningOrder,
  type ProvisioningPending,
  type ProvisioningResult,
  type ProvisioningStage,
} from "../onboarding/provisioner.ts";
import type { Database } from "../store/database.ts";
import { beginCall, type CallKey, endCall, findCall, removeCalls } from "../store/provisioner-calls.ts";
import { inSpan, traceHeaders } from "../telemetry/trace.ts";
import { type Answer, exchange, type Sending } from "./exchange.ts";
import { readFault, readResult } from "./http-answer.ts";
import { signatureHeaders } from "./signature.ts";

/** The operator's service, and what the provisioner stands on. */
export interface HttpService {
  /** Where the stages are asked for: `{url}/{stage}`, and `{url}/undo`. */
  readonly url: URL;
  /** What the requests are signed with. */
  readonly secret: Uint8Array;
  readonly database: Database;
  readonly clock: () => string;
  readonly newId: () => string;
  /** How long an answer may take. */
  readonly secondsMax: number;
}

const pollSeconds = 5;

/**
 * Asks the operator's own service for each stage (docs/provisioner-http.md). The service knows a stage by its operation
 * and name, so that what is asked for twice is made once.
 */
export function httpProvisioner(service: HttpService): Provisioner {
  return {
    async provision(stage, order) {
      const { partnerId, operationId } = order;
      const key = { partnerId, operationId, stage };
      const known = await findCall(service.database, key);
      if (known?.outcome === "sent" && known.place !== null) return poll(service, key, new URL(known.place));
      const begun = { requestId: service.newId(), callDateTime: service.clock() };
      const { requestId } = await beginCall(service.database, key, begun);
      const answer = await send(service, placeOf(service, stage), await bodyOf(stage, order, requestId));
      return readAnswer(service, key, answer);
    },
    async undo(order) {
      const body = await bodyOf("undo", order, service.newId());
      const { status, retrySeconds } = await send(service, placeOf(service, "undo"), body);
      // What the service does not know, there is nothing to undo of.
      const isDone = status === 200 || status === 204 || status === 404;
      if (!isDone) throw unanswered(status, retrySeconds);
      await removeCalls(service.database, order);
    },
  };
}

function placeOf({ url }: HttpService, name: ProvisioningStage | "undo"): URL {
  return new URL(name, url.href.endsWith("/") ? url.href : `${url.href}/`);
}

async function bodyOf(stage: ProvisioningStage | "undo", order: ProvisioningOrder, requestId: string): Promise<string> {
  const { partnerId, operationId, customerId, domain, attempt, correlationId } = order;
  const { partnerId: _partner, version: _version, ...customer } = await order.readCustomer();
  return JSON.stringify({
    stage,
    operationId,
    requestId,
    attempt,
    correlationId,
    partnerId,
    customerId,
    domain,
    customer,
  });
}

function send(service: HttpService, url: URL, body: string): Promise<Answer> {
  return sendSigned(service, url, { method: "POST", body, headers: { "content-type": "application/json" } });
}

function sendSigned(service: HttpService, url: URL, sending: Omit<Sending, "secondsMax">): Promise<Answer> {
  const { secret, secondsMax } = service;
  const seconds = Math.floor(Date.parse(service.clock()) / 1000);
  const signed = signatureHeaders(secret, { id: service.newId(), seconds, body: sending.body ?? "" });
  const { method } = sending;
  const attributes = { "http.request.method": method, "server.address": url.hostname };
  return inSpan(method, { kind: "client", attributes }, () =>
    exchange(url, { ...sending, headers: { ...sending.headers, ...signed, ...traceHeaders() }, secondsMax }),
  );
}

/** Asks for a stage that takes its time. A place that is not there any more is forgotten: the stage is asked for anew. */
async function poll(service: HttpService, key: CallKey, place: URL): Promise<ProvisioningResult | ProvisioningPending> {
  const answer = await sendSigned(service, place, { method: "GET" });
  if (answer.status !== 404 && answer.status !== 410) return readAnswer(service, key, answer);
  await endCall(service.database, key, { outcome: "sent" });
  throw unanswered(answer.status, answer.retrySeconds);
}

async function readAnswer(
  service: HttpService,
  key: CallKey,
  answer: Answer,
): Promise<ProvisioningResult | ProvisioningPending> {
  const { status, retrySeconds } = answer;
  if (status === 200 || status === 201 || status === 204) {
    const result = readResult(answer.json);
    await endCall(service.database, key, { outcome: "made" });
    return result;
  }
  if (status === 202) {
    await rememberPlace(service, key, answer);
    return { pendingSeconds: retrySeconds ?? pollSeconds };
  }
  if (status === 429) return { pendingSeconds: retrySeconds ?? pollSeconds };
  // RFC 9110 section 15.5: the request is at fault, except that it took too long to arrive.
  if (status < 400 || status >= 500 || status === 408) throw unanswered(status, retrySeconds);
  await endCall(service.database, key, { outcome: "refused" });
  const fault = readFault(answer.json);
  throw new ProvisioningFailure(`The service refused the stage with ${status}.`, {
    passing: false,
    ...(fault === undefined ? {} : { fault }),
  });
}

// A signed request goes to the operator's service alone, so a place elsewhere is not followed.
async function rememberPlace(service: HttpService, key: CallKey, { headers }: Answer): Promise<void> {
  const location = headers.get("location");
  if (location === null) return;
  const place = URL.canParse(location, service.url.href) ? new URL(location, service.url.href) : undefined;
  if (place?.origin !== service.url.origin) {
    throw new ProvisioningFailure("The Location of a 202 must be at the service itself.", { passing: true });
  }
  await endCall(service.database, key, { outcome: "sent", place: place.href });
}

function unanswered(status: number, retrySeconds: number | undefined): ProvisioningFailure {
  return new ProvisioningFailure(`The service answered ${status}.`, {
    passing: true,
    ...(retrySeconds === undefined ? {} : { retrySeconds }),
  });
}
