import { randomUUID } from "node:crypto";
import type { Answer, Sending, Service } from "./service.ts";

/** The headers of a request that may be sent again with `Idempotency-Key`. */
export function idempotent(key: string = randomUUID()): { readonly headers: Readonly<Record<string, string>> } {
  return { headers: { "idempotency-key": key } };
}

/** The headers of a request that may be sent again by OASIS Repeatable Requests, first sent `secondsAgo`. */
export function repeatable({ requestId = randomUUID() as string, secondsAgo = 0 } = {}): {
  readonly headers: Readonly<Record<string, string>>;
} {
  const firstSent = new Date(Date.now() - secondsAgo * 1000).toUTCString();
  return { headers: { "repeatability-request-id": requestId, "repeatability-first-sent": firstSent } };
}

/** What of an answer stays the same when it is given again: all but the identifiers of the request, and the mark. */
export function lasting({ status, headers, text }: Answer) {
  const own = ["request-id", "client-request-id", "Idempotency-Replayed"];
  const kept = Object.entries(headers).filter(([name]) => !own.includes(name));
  return { status, text, headers: Object.fromEntries(kept) };
}

/** Everything that a request which is not carried out must leave as it was. */
export async function traces(service: Service) {
  const domains = await service.rows(`select * from "domains" order by "domain"`);
  const records = await service.rows(`select * from "repeatability" order by "partnerId", "requestId"`);
  return { changes: await service.changes(), domains, records };
}

/** Joins the headers of two ways to send. */
export function withHeaders(sending: Sending, headers: Readonly<Record<string, string>>): Sending {
  return { ...sending, headers: { ...sending.headers, ...headers } };
}
