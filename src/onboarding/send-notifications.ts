import type { NotificationResult } from "../telemetry/notification-metrics.ts";
import { inSpan } from "../telemetry/trace.ts";
import { isTaken, type Parcel } from "./delivery.ts";
import type { Outcome } from "./messenger.ts";
import type { Context } from "./offer.ts";

/** A request with notifications. */
export interface NotificationRequest {
  readonly purpose: Parcel["purpose"];
  readonly url: string;
  readonly tlsVersion: string;
  readonly body: object;
  /** The traces of what is told; without them it stands under the open span. */
  readonly traceParents?: readonly (string | null)[];
}

/**
 * Sends notifications to their receiver within a span, and counts what came of it. The span stands under the trace of the
 * first change, and is linked to those of the others.
 */
export function sendNotifications(
  { messenger, metrics, limits }: Context,
  { purpose, url, tlsVersion, body, traceParents }: NotificationRequest,
): Promise<Outcome> {
  const traces = [...new Set(traceParents)].filter((each) => each !== null);
  const [first = null, ...links] = traces;
  const traceParent = traceParents === undefined ? undefined : first;
  return inSpan(`notify ${purpose}`, { kind: "consumer", traceParent, links }, async () => {
    const outcome = await messenger.post({
      url,
      tlsVersion,
      contentType: "application/json",
      body: JSON.stringify(body),
      secondsMax: limits.notificationSecondsMax,
    });
    metrics.notificationSent(resultOf(outcome));
    return outcome;
  });
}

function resultOf(outcome: Outcome): NotificationResult {
  if (outcome.kind !== "answered") return outcome.kind;
  return isTaken(outcome) ? "taken" : "refused";
}
