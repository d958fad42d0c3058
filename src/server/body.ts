import { type EntityType, isValues, type Values } from "../model/define.ts";
import { type Complaint, Problem, refuse } from "../model/problem.ts";
import { assertObject, type Checked, checkBody, complaintsMax, type Purpose } from "../odata/body.ts";
import { parseEntityTags } from "../odata/entity-tags.ts";
import { parseJson } from "../odata/json.ts";
import { assertJson } from "../odata/media.ts";
import { isReference, readReference } from "../odata/reference.ts";
import { partRelated } from "../odata/related.ts";
import type { Body, Context, Offer } from "../onboarding/offer.ts";
import type { Request } from "./request.ts";

/** Reads and checks the body that an offer takes. */
export function readBody(offer: Offer, request: Request, root: string, context: Context): Body {
  const { accepts, check } = offer;
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
    if (isReference(body)) return { kind: "reference", key: readReference(type, body, root) };
  }
  if (accepts.body === "upsert") return readUpsert(offer, accepts, assertObject(json), context);
  if (offer.related !== undefined) return readWithRelated(type, offer.check, offer.related, json, root, context);
  const { values, complaints } = checkAll(check, context, type, accepts.body === "update" ? "update" : "create", json);
  refuse(complaints);
  return { kind: "entity", values, ...(accepts.body === "update" ? readBodyTags(json) : {}) };
}

// In a body of 4.01 the name has no prefix; one of 4.0 has `@odata.etag`, which says nothing (OData Protocol 11.4.3).
function readBodyTags(json: unknown) {
  const tag = isValues(json) ? json["@etag"] : undefined;
  if (tag === undefined) return {};
  return { entityTags: parseEntityTags("@etag", String(tag)) ?? [] };
}

/** Reads the body of a new entity that may say where its navigation leads; the faults of both are told together. */
function readWithRelated(
  type: EntityType,
  check: Offer["check"],
  { navigation, check: checkRelated, givenByReference }: NonNullable<Offer["related"]>,
  json: unknown,
  root: string,
  context: Context,
): Body {
  const to = type.navigation[navigation]?.to();
  if (to === undefined) throw new Error(`${type.name} has no navigation '${navigation}'.`);
  const { own, related } = partRelated({ name: navigation, type: to }, assertObject(json), root);
  const { values, complaints } = checkAll(check, context, type, "create", own);
  if (related?.kind !== "entity") {
    const isGiven = ({ code, target = "" }: Complaint) =>
      code === "requiredFieldMissing" && related !== undefined && givenByReference.includes(target);
    refuse(complaints.filter((each) => !isGiven(each)));
    return { kind: "entity", values, ...(related === undefined ? {} : { related }) };
  }
  const inner = checkAll(checkRelated, context, to, "create", related.body);
  const innerComplaints = inner.complaints.map((each) => ({ ...each, target: `${navigation}/0/${each.target ?? ""}` }));
  refuse([...complaints, ...innerComplaints].slice(0, complaintsMax));
  return { kind: "entity", values, related: { kind: "entity", values: inner.values } };
}

/**
 * Reads a body that may be an update or the beginning of an entity, which is known later. What is wrong with an update
 * is wrong with either; the key is taken from the URL.
 */
function readUpsert(
  { check, insert }: Offer,
  { type, key }: Extract<Offer["accepts"], { readonly body: "upsert" }>,
  body: Values,
  context: Context,
): Body {
  const update = checkAll(check, context, type, "update", body);
  refuse(update.complaints);
  const { property, value } = key;
  const create = checkAll(insert?.check, context, type, "create", { ...body, [property]: value });
  const complaints = [...create.complaints];
  if (Object.hasOwn(body, property) && body[property] !== value) {
    const message = `'${property}' must be that of the URL, '${value}', or be left out; it is ${JSON.stringify(body[property])}.`;
    complaints.push({ code: "malformedValue", message, target: property });
  }
  const { values } = create;
  return { kind: "upsert", update: update.values, create: { values, complaints }, ...readBodyTags(body) };
}

function checkAll(check: Offer["check"], context: Context, type: EntityType, purpose: Purpose, json: unknown): Checked {
  const { values, complaints } = checkBody(type, purpose, json);
  // A value that the model refuses is not among the values: nobody complains of its absence as well.
  const refused = new Set(complaints.map(({ target }) => target));
  const more = (check?.(context, values) ?? []).filter(({ target }) => !refused.has(target));
  return { values, complaints: [...complaints, ...more].slice(0, complaintsMax) };
}

/** The refusal of a body that is too long. */
export function bodyTooLarge(limits: Context["limits"]): Problem {
  return new Problem("payloadTooLarge", `The body is longer than ${limits.bodyBytesMax} bytes.`);
}
