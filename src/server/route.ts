import { Problem } from "../model/problem.ts";
import type { Target } from "../odata/path.ts";
import type { Offer } from "../onboarding/offer.ts";
import { offers } from "../onboarding/offers.ts";
import { suits } from "../onboarding/properties.ts";
import { notAllowed } from "./respond.ts";

/** Where a request leads: the offer, what stands in its path, and its query. */
export interface Routed {
  readonly offer: Offer;
  readonly target: Target;
  readonly query: string;
}

/** Gives the offer that a method has at a path, or says that it asks for the methods; refuses what is not offered there. */
export function findOffer(target: Target, method: string): Offer | "options" {
  const wanted = method === "HEAD" ? "GET" : method;
  const found = offersAt(target);
  if (found.length === 0)
    throw new Problem("notSupported", `'${target.template}' is not supported by this version of the service.`);
  if (method === "OPTIONS") return "options";
  const offer = found.find((each) => each.method === wanted);
  if (offer !== undefined) return offer;
  throw notAllowed(method, allowedAt(target));
}

/** Lists the methods of a path. */
export function allowedAt(target: Target): readonly string[] {
  const methods = offersAt(target).map(({ method }) => method);
  return [...methods, ...(methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"];
}

const offersByPath = Map.groupBy(offers, ({ path }) => path);

function offersAt({ template, property, filters }: Target): readonly Offer[] {
  const found = offersByPath.get(template) ?? [];
  if (property === undefined && filters === undefined) return found;
  return found.filter(({ method }) => {
    if (filters !== undefined && method !== "GET") return false;
    return property === undefined || suits(method, property);
  });
}
