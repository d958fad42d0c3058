import { Problem } from "../model/problem.ts";
import { assertObject, checkBody } from "../odata/body.ts";
import { parseJson } from "../odata/json.ts";
import { assertJson } from "../odata/media.ts";
import { isReference, readReference } from "../odata/reference.ts";
import type { Accepts, Body, Context } from "../onboarding/offer.ts";
import type { Request } from "./request.ts";

/** Reads and checks the body that an offer takes. */
export function readBody(accepts: Accepts, request: Request, root: string, limits: Context["limits"]): Body {
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
  return { kind: "entity", values: checkBody(type, accepts.body === "update" ? "update" : "create", json) };
}

/** The refusal of a body that is too long. */
export function bodyTooLarge(limits: Context["limits"]): Problem {
  return new Problem("payloadTooLarge", `The body is longer than ${limits.bodyBytesMax} bytes.`);
}
