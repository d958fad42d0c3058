import type { Context } from "../onboarding/offer.ts";
import { inSpan } from "../telemetry/trace.ts";
import type { Request, Response } from "./request.ts";

/** What is found out of a request on its way, for the log, the metrics and the trace: ids and names of ours only. */
export interface Account {
  readonly requestId: string;
  readonly method: string;
  /** The template of its path; undefined as long as it leads nowhere. */
  path: string | undefined;
  /** Whose it is; undefined as long as nobody has been identified. */
  partnerId: string | undefined;
}

/** Answers a request, and gives account of it: a span, a line in the log, and the numbers of its offer. */
export function answerWithAccount(
  context: Context,
  { headers }: Request,
  account: Account,
  answer: () => Promise<Response>,
): Promise<Response> {
  const began = performance.now();
  context.metrics.requestBegan();
  const { method, requestId } = account;
  const attributes = { "http.request.method": method, "tenantry.request_id": requestId };
  const traceParent = headers["traceparent"];
  return inSpan(method, { kind: "server", attributes, traceParent }, async (span) => {
    const response = await answer();
    giveAccount(context, account, response, began);
    if (!span.isRecording()) return response;
    if (account.path !== undefined) {
      span.updateName(`${method} ${account.path}`);
      span.setAttribute("http.route", account.path);
    }
    if (account.partnerId !== undefined) span.setAttribute("tenantry.partner_id", account.partnerId);
    span.setAttribute("http.response.status_code", response.status);
    return response;
  });
}

/** Gives account of a request that was refused before it was carried out. */
export function accountForRefusal(context: Context, account: Account, response: Response): void {
  context.metrics.requestBegan();
  giveAccount(context, account, response, performance.now());
}

function giveAccount(context: Context, account: Account, { status }: Response, began: number): void {
  const milliseconds = performance.now() - began;
  const { requestId, partnerId, method, path } = account;
  context.metrics.requestEnded({ method, path, status, seconds: milliseconds / 1000 });
  const fields = { requestId, partnerId, method, path, status, milliseconds: Math.round(milliseconds * 10) / 10 };
  context.log.info(fields, "request");
}
