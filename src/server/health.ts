import type { Context } from "../onboarding/offer.ts";
import { findObstacle } from "../onboarding/readiness.ts";

/** The answer of a health check. */
export interface Health {
  readonly status: 200 | 503;
  readonly body: { readonly status: "ok" | "unavailable"; readonly reason?: string };
}

/** Answers `/healthz`, while the process lives, and `/readyz`, while it can take requests; undefined: another path. */
export function answerHealth(context: Context, pathname: string): Promise<Health> | undefined {
  if (pathname === "/healthz") return Promise.resolve({ status: 200, body: { status: "ok" } });
  return pathname === "/readyz" ? answerReadiness(context) : undefined;
}

async function answerReadiness(context: Context): Promise<Health> {
  const reason = await findObstacle(context);
  return reason === undefined
    ? { status: 200, body: { status: "ok" } }
    : { status: 503, body: { status: "unavailable", reason } };
}
