import { randomUUID } from "node:crypto";
import { Problem } from "../model/problem.ts";
import type { Outcome } from "./messenger.ts";
import type { Context } from "./offer.ts";

/**
 * Asks receivers whether they want to be sent anything: each must answer 200 within ten seconds, and give the token back
 * byte for byte as plain text (Microsoft Graph, notificationUrl validation). A URL that stands twice is asked twice.
 */
export async function shakeHands(
  { messenger, limits }: Context,
  urls: readonly { readonly property: string; readonly url: string }[],
  tlsVersion: string,
): Promise<void> {
  const faults = await Promise.all(
    urls.map(async ({ property, url }) => {
      const token = newToken();
      const outcome = await messenger.post({
        url: withToken(url, token),
        contentType: "text/plain; charset=utf-8",
        body: "",
        secondsMax: limits.handshakeSecondsMax,
        tlsVersion,
      });
      return refusalOf(outcome, token, property);
    }),
  );
  const [fault] = faults.filter((each) => each !== undefined);
  if (fault !== undefined) throw fault;
}

// What a receiver that escapes its answer for HTML would change stands in the token.
function newToken(): string {
  return `Validation: answer this text as it is <&> "unescaped" ${randomUUID()}`;
}

function withToken(url: string, token: string): string {
  return `${url}${url.includes("?") ? "&" : "?"}validationToken=${encodeURIComponent(token)}`;
}

const failed =
  "Subscription validation request failed. Notification endpoint must respond with 200 OK to validation request.";

function refusalOf(outcome: Outcome, token: string, target: string): Problem | undefined {
  if (outcome.kind === "timedOut") {
    return new Problem("subscriptionValidationTimedOut", "Subscription validation request timed out.", { target });
  }
  const fault = faultOf(outcome, token);
  return fault === undefined
    ? undefined
    : new Problem("subscriptionValidationFailed", `${failed} ${fault}`, { target });
}

function faultOf(outcome: Exclude<Outcome, { readonly kind: "timedOut" }>, token: string): string | undefined {
  if (outcome.kind === "failed") return outcome.reason;
  if (outcome.status !== 200) return `It answered with HTTP status ${outcome.status}.`;
  const [mediaType = ""] = outcome.contentType.split(";");
  if (mediaType.trim().toLowerCase() !== "text/plain") {
    return "It must answer as text/plain, and did so as another type.";
  }
  return outcome.body === token
    ? undefined
    : "Its answer must be the validationToken of the query, decoded, and nothing else.";
}
