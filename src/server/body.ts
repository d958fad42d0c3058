import type { EntityType } from "../model/define.ts";
import { Problem, refuse } from "../model/problem.ts";
import { assertObject, type Checked, checkBody, complaintsMax, type Purpose } from "../odata/body.ts";
import { readBodyTag } from "../odata/entity-tags.ts";
import { parseJson } from "../odata/json.ts";
import { assertJson } from "../odata/media.ts";
import { checkParameters } from "../odata/parameters.ts";
import type { Manner } from "../odata/print-value.ts";
import { isReference, readReference } from "../odata/reference.ts";
import type { Body, Context, Offer } from "../onboarding/offer.ts";
import type { Request } from "./request.ts";

/** Reads and checks the body that an offer takes. */
export function readBody(offer: Offer, request: Request, manner: Manner, context: Context): Body {
  const { accepts } = offer;
  const { limits } = context;
  const bytes = request.body ?? new Uint8Array();
  if (bytes.byteLength > limits.bodyBytesMax) throw bodyTooLarge(limits);
  if (accepts.body === "none") {
    if (bytes.byteLength === 0) return { kind: "none" };
    throw new Problem("invalidRequest", `${request.method} takes no body here.`);
  }
  if (accepts.body === "parameters" && bytes.byteLength === 0) return { kind: "none" };
  assertJson(request.headers["content-type"], request.headers["content-encoding"]);
  const json = parseJson(bytes, limits);
  if (accepts.body === "parameters") return readParameters(accepts.type, json, manner);
  const { type } = accepts;
  if (accepts.body === "createOrReference") {
    const body = assertObject(json);
    if (isReference(body)) return { kind: "reference", id: readReference(type, body, manner.root) };
  }
  const isUpdate = accepts.body === "update";
  const place: Place = { type, context, manner };
  const { values, complaints } = checkAll(place, offer.check, isUpdate ? "update" : "create", json);
  if (offer.isRehearsal === true) return { kind: "entity", values, complaints };
  refuse(complaints);
  return { kind: "entity", values, ...(isUpdate ? readVersion(request, manner, json) : {}) };
}

/** The refusal of a body that is too long. */
export function bodyTooLarge(limits: Context["limits"]): Problem {
  return new Problem("payloadTooLarge", `The body is longer than ${limits.bodyBytesMax} bytes.`);
}

function readParameters(type: EntityType | undefined, json: unknown, { members }: Manner): Body {
  const values = checkParameters(type, json, members);
  return values === undefined ? { kind: "none" } : { kind: "entity", values };
}

/** What a body is checked against. */
interface Place {
  readonly type: EntityType;
  readonly context: Context;
  readonly manner: Manner;
}

// Without a header a body is in the version that is answered (OData Protocol 8.1.5). Before 4.01 its tag says nothing.
function readVersion({ headers }: Request, { profile }: Manner, json: unknown) {
  const isTelling = Number(headers["odata-version"] ?? profile.version) >= 4.01;
  const version = isTelling ? readBodyTag(assertObject(json)) : undefined;
  return version === undefined ? {} : { version };
}

function checkAll({ type, context, manner }: Place, check: Offer["check"], purpose: Purpose, json: unknown): Checked {
  const { values, complaints } = checkBody(type, purpose, json, manner.members);
  // A value that the model refuses is not among the values: nobody complains of its absence, or of its parts', as well.
  const refused = complaints.flatMap(({ target }) => target ?? []);
  const isRefused = (path: string) => refused.some((each) => path === each || path.startsWith(`${each}/`));
  const more = (check?.(context, values) ?? []).filter(({ target = "" }) => !isRefused(target));
  return { values, complaints: [...complaints, ...more].slice(0, complaintsMax) };
}
