import { Problem, refuse } from "../model/problem.ts";
import { assertObject, checkBody, complaintsMax } from "../odata/body.ts";
import { readBodyTag } from "../odata/entity-tags.ts";
import { parseJson } from "../odata/json.ts";
import { assertJson } from "../odata/media.ts";
import type { Manner } from "../odata/print-value.ts";
import { isReference, readReference } from "../odata/reference.ts";
import type { Body, Context, Offer } from "../onboarding/offer.ts";
import type { Request } from "./request.ts";

/** Reads and checks the body that an offer takes. */
export function readBody(
  { accepts, check, isRehearsal }: Offer,
  request: Request,
  { root, profile, members }: Manner,
  context: Context,
): Body {
  const { limits } = context;
  const bytes = request.body ?? new Uint8Array();
  if (bytes.byteLength > limits.bodyBytesMax) throw bodyTooLarge(limits);
  if (accepts.body === "none") {
    if (bytes.byteLength === 0) return { kind: "none" };
    throw new Problem("invalidRequest", `${request.method} takes no body here.`);
  }
  assertJson(request.headers["content-type"], request.headers["content-encoding"]);
  const json = parseJson(bytes, limits);
  const { type } = accepts;
  if (accepts.body === "createOrReference") {
    const body = assertObject(json);
    if (isReference(body)) return { kind: "reference", id: readReference(type, body, root) };
  }
  const { values, complaints } = checkBody(type, accepts.body === "update" ? "update" : "create", json, members);
  // A value that the model refuses is not among the values: nobody complains of its absence, or of its parts', as well.
  const refused = complaints.flatMap(({ target }) => target ?? []);
  const isRefused = (path: string) => refused.some((each) => path === each || path.startsWith(`${each}/`));
  const more = (check?.(context, values) ?? []).filter(({ target = "" }) => !isRefused(target));
  const all = [...complaints, ...more].slice(0, complaintsMax);
  if (isRehearsal === true) return { kind: "entity", values, complaints: all };
  refuse(all);
  // Without a header a body is in the version that is answered (OData Protocol 8.1.5). Before 4.01 its tag says nothing.
  const isTelling = accepts.body === "update" && Number(request.headers["odata-version"] ?? profile.version) >= 4.01;
  const version = isTelling ? readBodyTag(assertObject(json)) : undefined;
  return { kind: "entity", values, ...(version === undefined ? {} : { version }) };
}

/** The refusal of a body that is too long. */
export function bodyTooLarge(limits: Context["limits"]): Problem {
  return new Problem("payloadTooLarge", `The body is longer than ${limits.bodyBytesMax} bytes.`);
}
