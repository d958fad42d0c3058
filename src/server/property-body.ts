import { isValues, type Values } from "../model/define.ts";
import type { Kind } from "../model/kinds.ts";
import { type Complaint, refuse } from "../model/problem.ts";
import { isStructured, type PropertyPath, partsOf } from "../model/property-path.ts";
import { assertObject } from "../odata/body.ts";
import { parseJson } from "../odata/json.ts";
import { assertJson } from "../odata/media.ts";
import type { Manner } from "../odata/print-value.ts";
import { readText } from "../odata/text-body.ts";
import type { Body, Context, Offer } from "../onboarding/offer.ts";
import { bodyTooLarge, checkJson, readBody } from "./body.ts";
import type { Request } from "./request.ts";

/**
 * Reads the body of a request that changes a property, as the change of its entity that it is: a PATCH whose body has
 * nothing but that property. From there on it goes the way of every PATCH (OData Protocol 11.4.9).
 */
export function readPropertyBody(
  offer: Offer,
  property: PropertyPath,
  request: Request,
  manner: Manner,
  context: Context,
): Body {
  assertUpdateable(property);
  const value = readValue(offer, property, request, manner, context);
  const patch = property.names.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
  const { type } = offer.answers;
  const body = checkJson({ ...offer, accepts: { body: "update", type } }, request, manner, context, patch);
  const isReplaced = offer.method === "PUT" && property.kind.kind === "dictionary";
  return body.kind === "entity" && isReplaced ? { ...body, open: "replaced" } : body;
}

// OData Protocol 11.4.9: an error even when the value would stay the same, unlike in the body of an entity.
function assertUpdateable({ names, update }: PropertyPath): void {
  if (update === "allowed") return;
  const target = names.join("/");
  const message = `'${target}' cannot be changed: it is set by the server, or stays as it was created.`;
  refuse([{ code: "propertyNotUpdateable", message, target }]);
}

function readValue(
  offer: Offer,
  { names, kind }: PropertyPath,
  request: Request,
  manner: Manner,
  context: Context,
): unknown {
  const { accepts, method } = offer;
  if (accepts.body === "none") {
    readBody(offer, request, manner, context);
    return null;
  }
  const { limits } = context;
  const bytes = request.body ?? new Uint8Array();
  if (bytes.byteLength > limits.bodyBytesMax) throw bodyTooLarge(limits);
  if (accepts.body === "text") return readText(bytes, request.headers, ["text/plain"]);
  assertJson(request.headers["content-type"], request.headers["content-encoding"]);
  const body = assertObject(parseJson(bytes, limits));
  if (!isStructured(kind)) return readSingle(body, names.join("/"));
  return method === "PUT" ? completed(kind, body) : body;
}

/** The value in a body that is an individual property (OData JSON Format 11). */
function readSingle(body: Values, target: string): unknown {
  const names = Object.keys(body).filter((name) => !name.includes("@"));
  const complaints: Complaint[] = names.flatMap((name) => {
    if (name === "value") return [];
    const message = `'${name}' cannot stand here. The body must be {"value": …}, with the value of '${target}'.`;
    return [{ code: "unknownProperty", message, target: name } as const];
  });
  if (!names.includes("value")) {
    const message = `'value' is required: the body must be {"value": …}, with the value of '${target}'.`;
    complaints.push({ code: "requiredFieldMissing", message, target: "value" });
  }
  refuse(complaints);
  return body["value"];
}

// OData Protocol 11.4.9.3: what a PUT does not name becomes its default, which is null where null is allowed.
function completed(kind: Kind, value: unknown): unknown {
  if (kind.kind !== "complex" || !isValues(value)) return value;
  const parts = Object.entries(partsOf(kind)).flatMap(([name, part]) => {
    if (Object.hasOwn(value, name)) return [[name, completed(part.kind, value[name])] as const];
    return part.create !== "computed" && part.update === "allowed" ? [[name, null] as const] : [];
  });
  return { ...value, ...Object.fromEntries(parts) };
}
