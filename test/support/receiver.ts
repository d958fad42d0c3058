import { expect } from "vitest";
import { type OutsideAnswer, type OutsideRequest, startOutside } from "./outside.ts";
import type { Answer, Json, Service } from "./service.ts";

/** A receiver of notifications: a small server that gives validation tokens back, and keeps what it is told. */
export interface Receiver extends AsyncDisposable {
  readonly url: string;
  /** Every request that was no handshake, in order. */
  readonly requests: readonly OutsideRequest[];
  /** The handshakes. */
  readonly handshakes: readonly OutsideRequest[];
  /** Every notification that was told, in order, those too that were not taken. */
  readonly told: readonly Json[];
  /** Every notification that was taken. */
  readonly taken: readonly Json[];
  /** Says how it answers from now on; by default 202. */
  answer: (request: OutsideRequest) => Promise<OutsideAnswer>;
}

/** Starts a receiver on this machine. */
export async function startReceiver(): Promise<Receiver> {
  const requests: OutsideRequest[] = [];
  const handshakes: OutsideRequest[] = [];
  const told: Json[] = [];
  const taken: Json[] = [];
  const outside = await startOutside(async (request) => {
    const token = tokenOf(request);
    if (token !== undefined) {
      handshakes.push(request);
      return { status: 200, headers: { "content-type": "text/plain" }, body: token };
    }
    requests.push(request);
    const { value } = JSON.parse(request.body);
    told.push(...value);
    const answer = await receiver.answer(request);
    if (typeof answer === "object" && answer.status < 300) taken.push(...value);
    return answer;
  });
  const receiver: Receiver = {
    url: `${outside.origin}/notify`,
    requests,
    handshakes,
    told,
    taken,
    answer: async () => ({ status: 202 }),
    [Symbol.asyncDispose]: () => outside[Symbol.asyncDispose](),
  };
  return receiver;
}

/** The validation token of a handshake; undefined when the request is none. */
export function tokenOf({ url }: OutsideRequest): string | undefined {
  return new URL(url, "http://receiver.example").searchParams.get("validationToken") ?? undefined;
}

/** A body that subscribes to all changes of customers. */
export function subscriptionBody(notificationUrl: string, more: object = {}) {
  return {
    changeType: "created,updated,deleted",
    notificationUrl,
    resource: "customers",
    expirationDateTime: new Date(Date.now() + 86_400_000).toISOString(),
    ...more,
  };
}

/** Subscribes to all changes of customers, or to what `more` says. */
export async function subscribe(service: Service, { url }: Pick<Receiver, "url">, more: object = {}): Promise<Json> {
  const answer = await service.post("/subscriptions", subscriptionBody(url, more));
  expect(`${answer.status} ${answer.json?.error?.message ?? ""}`).toBe("201 ");
  return answer.json;
}

/** The message of a refusal. */
export function messageOf({ json }: Answer): string {
  return json?.error?.message ?? "";
}
