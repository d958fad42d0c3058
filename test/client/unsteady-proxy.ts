import { type Outside, type OutsideRequest, passOn, startOutside } from "../support/outside.ts";

/** What becomes of a request on its way: it passes, it is refused, or its answer is lost after it was carried out. */
export type Fate = "passes" | "losesAnswer" | { readonly status: number; readonly retryAfter?: string };

/** A network that cannot be relied upon, in front of a server. */
export interface UnsteadyProxy extends Outside {
  readonly seen: readonly OutsideRequest[];
}

/** Starts a proxy that deals the fates out in their order; when they are used up, everything passes. */
export async function startUnsteadyProxy(upstream: string, fates: readonly Fate[]): Promise<UnsteadyProxy> {
  const seen: OutsideRequest[] = [];
  const port = Number(new URL(upstream).port);
  const outside = await startOutside(async (request) => {
    const fate = fates[seen.length] ?? "passes";
    seen.push(request);
    if (typeof fate === "object") {
      const headers = fate.retryAfter === undefined ? {} : { "retry-after": fate.retryAfter };
      return { status: fate.status, headers: { "content-type": "text/html", ...headers }, body: "<p>too busy</p>" };
    }
    const answer = await passOn(port, request);
    return fate === "losesAnswer" ? "drop" : answer;
  });
  return { ...outside, seen };
}
