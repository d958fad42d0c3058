import type { EntityType, Values } from "../model/define.ts";
import { type Complaint, Problem, refuse } from "../model/problem.ts";
import { assertObject, checkBody, complaintsMax } from "../odata/body.ts";
import { parseJson } from "../odata/json.ts";
import { assertJson } from "../odata/media.ts";
import { isReference, readReference } from "../odata/reference.ts";
import type { Body, Context, Offer } from "../onboarding/offer.ts";
import type { Request } from "./request.ts";

/** Reads and checks the body that an offer takes. */
export function readBody({ accepts, check }: Offer, request: Request, root: string, context: Context): Body {
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
  if (accepts.body === "parameters") return readParameters(accepts, json);
  const { type } = accepts;
  if (accepts.body === "createOrReference") {
    const body = assertObject(json);
    if (isReference(body)) return { kind: "reference", id: readReference(type, body, root) };
  }
  const { values, complaints } = checkBody(type, accepts.body === "update" ? "update" : "create", json);
  // A value that the model refuses is not among the values: nobody complains of its absence as well.
  const refused = new Set(complaints.map(({ target }) => target));
  const more = (check?.(context, values) ?? []).filter(({ target }) => !refused.has(target));
  refuse([...complaints, ...more].slice(0, complaintsMax));
  return { kind: "entity", values };
}

/** Reads the parameters of an action: a change of an entity, under the name of its type, or none. */
function readParameters({ type }: { readonly type?: EntityType }, json: unknown): Body {
  const known = type?.name;
  const complaints: Complaint[] = [];
  let values: Values | undefined;
  for (const [name, value] of Object.entries(assertObject(json))) {
    if (type === undefined || name !== known) {
      const message = `'${name}' is not a parameter of this action. ${known === undefined ? "It takes none." : `It takes '${known}'.`}`;
      complaints.push({ code: "unknownProperty", message, target: name });
      continue;
    }
    const checked = checkBody(type, "update", value);
    values = checked.values;
    complaints.push(...checked.complaints.map((each) => ({ ...each, target: `${name}/${each.target ?? ""}` })));
  }
  refuse(complaints.slice(0, complaintsMax));
  return values === undefined ? { kind: "none" } : { kind: "entity", values };
}

/** The refusal of a body that is too long. */
export function bodyTooLarge(limits: Context["limits"]): Problem {
  return new Problem("payloadTooLarge", `The body is longer than ${limits.bodyBytesMax} bytes.`);
}
