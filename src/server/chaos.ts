import { setTimeout as pause } from "node:timers/promises";
import { versions } from "../model/model.ts";
import { Problem } from "../model/problem.ts";
import type { Context } from "../onboarding/offer.ts";
import { type Handle, refusal } from "./handle.ts";

/** Failures to rehearse: which answers, how often, and how slow. */
export interface Chaos {
  /** How many of the requests are refused with each status, from 0 to 1; in all at most 1. */
  readonly refusals: readonly { readonly status: ChaosStatus; readonly share: number }[];
  /** How much longer each answer takes, in milliseconds. */
  readonly latency: { readonly min: number; readonly max: number };
  /** Two servers with one seed deal the same failures out, request by request. */
  readonly seed: number;
}

const problemsOf = { 429: "throttledRequest", 503: "serviceNotAvailable" } as const;
type ChaosStatus = keyof typeof problemsOf;

/** Lets a service fail and dawdle now and then, so that clients can rehearse it. Health is always told as it is. */
export function chaotic(context: Context, handle: Handle, chaos: Chaos): Handle {
  const random = randomNumbers(chaos.seed);
  return async (request) => {
    if (!versions.some((version) => request.url.startsWith(`/${version}`))) return handle(request);
    // Both are drawn for each request, so that what becomes of it depends on nothing but its number.
    const [dawdling, fate] = [random(), random()];
    const { min, max } = chaos.latency;
    await pause(min + dawdling * (max - min));
    const status = findRefusal(chaos, fate);
    return status === undefined ? handle(request) : refusal(context, request, rehearsed(status));
  };
}

function findRefusal({ refusals }: Chaos, fate: number): ChaosStatus | undefined {
  let reached = 0;
  return refusals.find(({ share }) => {
    reached += share;
    return fate < reached;
  })?.status;
}

function rehearsed(status: ChaosStatus): Problem {
  const message =
    "This refusal is a rehearsal: the server runs with --chaos. Send the request again after Retry-After.";
  return new Problem(problemsOf[status], message, { headers: { "Retry-After": "1" } });
}

/** Numbers from 0 to 1 that look random and follow from the seed: the generator mulberry32. */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
