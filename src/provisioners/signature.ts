import { createHmac } from "node:crypto";

/**
 * Signs a request in the manner of Standard Webhooks 1.0 (https://www.standardwebhooks.com): the receiver checks the
 * signature over id, time and body, refuses what is older than some minutes, and an id that it has seen.
 */
export function signatureHeaders(
  secret: Uint8Array,
  { id, seconds, body }: { readonly id: string; readonly seconds: number; readonly body: string },
): Readonly<Record<string, string>> {
  const signature = createHmac("sha256", secret).update(`${id}.${seconds}.${body}`).digest("base64");
  return { "webhook-id": id, "webhook-timestamp": String(seconds), "webhook-signature": `v1,${signature}` };
}
