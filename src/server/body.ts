import type { EntityType, Values } from "../model/define.ts";
import type { EntityKey } from "../model/key.ts";
import { type Checked, type Complaint, Problem, refuse } from "../model/problem.ts";
import { assertObject, checkBody, complaintsMax, type Purpose } from "../odata/body.ts";
import { readBodyTag } from "../odata/entity-tags.ts";
import { parseJson } from "../odata/json.ts";
import { assertJson } from "../odata/media.ts";
import { checkOwnParameters, checkParameters } from "../odata/parameters.ts";
import type { Manner } from "../odata/print-value.ts";
import { isReference, readReference } from "../odata/reference.ts";
import { partRelated } from "../odata/related.ts";
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
  return checkJson(offer, request, manner, context, parseJson(bytes, limits));
}

/** Checks what was sent, whether it was the body as it is or came of it. */
export function checkJson(offer: Offer, request: Request, manner: Manner, context: Context, json: unknown): Body {
  const { accepts } = offer;
  if (accepts.body === "none") return { kind: "none" };
  if (accepts.body === "parameters") return readParameters(offer, accepts.type, json, manner);
  const { type } = accepts;
  const place: Place = { type, context, manner };
  if (accepts.body === "createOrReference") {
    const body = assertObject(json);
    if (isReference(body)) return { kind: "reference", key: readReference(type, body, manner.root) };
  }
  if (accepts.body === "upsert") return readUpsert(place, offer, accepts.key, assertObject(json), request);
  if (offer.related !== undefined) return readWithRelated(place, offer.check, offer.related, json);
  const isUpdate = accepts.body === "update";
  const { values, complaints } = checkAll(place, offer.check, isUpdate ? "update" : "create", json);
  if (offer.isRehearsal === true || offer.refusesItself === true) return { kind: "entity", values, complaints };
  refuse(complaints);
  return { kind: "entity", values, ...(isUpdate ? readVersion(request, manner, json) : {}) };
}

/** The refusal of a body that is too long. */
export function bodyTooLarge(limits: Context["limits"]): Problem {
  return new Problem("payloadTooLarge", `The body is longer than ${limits.bodyBytesMax} bytes.`);
}

function readParameters({ operation }: Offer, type: EntityType | undefined, json: unknown, { members }: Manner): Body {
  const hasOwn = type === undefined && Object.keys(operation?.parameters ?? {}).length > 0;
  if (operation !== undefined && hasOwn) {
    return { kind: "entity", values: checkOwnParameters(operation, json, members) };
  }
  const values = checkParameters(type, json, members);
  return values === undefined ? { kind: "none" } : { kind: "entity", values };
}

/** What a body is checked against. */
interface Place {
  readonly type: EntityType;
  readonly context: Context;
  readonly manner: Manner;
}

// Without a header a body is in the version that is answered (OData Protocol 8.1.5).
function readVersion({ headers }: Request, { profile }: Manner, json: unknown) {
  const bodyVersion = Number(headers["odata-version"] ?? profile.version) >= 4.01 ? "4.01" : "4.0";
  const version = readBodyTag(assertObject(json), bodyVersion);
  return version === undefined ? {} : { version };
}

/** Reads the body of a new entity that may say where its navigation leads; the faults of both are told together. */
function readWithRelated(
  place: Place,
  check: Offer["check"],
  { navigation, check: checkRelated, givenByReference }: NonNullable<Offer["related"]>,
  json: unknown,
): Body {
  const { type, manner } = place;
  const to = type.navigation[navigation]?.to();
  if (to === undefined) throw new Error(`${type.name} has no navigation '${navigation}'.`);
  const { own, related } = partRelated({ name: navigation, type: to }, assertObject(json), manner.root);
  const { values, complaints } = checkAll(place, check, "create", own);
  if (related?.kind !== "entity") {
    const isGiven = ({ code, target = "" }: Complaint) =>
      code === "requiredFieldMissing" && related !== undefined && givenByReference.includes(target);
    refuse(complaints.filter((each) => !isGiven(each)));
    return { kind: "entity", values, ...(related === undefined ? {} : { related }) };
  }
  const inner = checkAll({ ...place, type: to }, checkRelated, "create", related.body);
  const innerComplaints = inner.complaints.map((each) => ({ ...each, target: `${navigation}/0/${each.target ?? ""}` }));
  refuse([...complaints, ...innerComplaints].slice(0, complaintsMax));
  return { kind: "entity", values, related: { kind: "entity", values: inner.values } };
}

/**
 * Reads a body that may be an update or the beginning of an entity, which is known later. What is wrong with an update
 * is wrong with either; the key is taken from the URL.
 */
function readUpsert(
  place: Place,
  { check, insert }: Offer,
  { property, value }: EntityKey,
  body: Values,
  request: Request,
): Body {
  const update = checkAll(place, check, "update", body);
  refuse(update.complaints);
  const create = checkAll(place, insert?.check, "create", { ...body, [property]: value });
  const complaints = [...create.complaints];
  if (Object.hasOwn(body, property) && body[property] !== value) {
    const message = `'${property}' must be that of the URL, '${value}', or be left out; it is ${JSON.stringify(body[property])}.`;
    complaints.push({ code: "malformedValue", message, target: property });
  }
  const { values } = create;
  const version = readVersion(request, place.manner, body);
  return { kind: "upsert", update: update.values, create: { values, complaints }, ...version };
}

function checkAll({ type, context, manner }: Place, check: Offer["check"], purpose: Purpose, json: unknown): Checked {
  const { values, complaints } = checkBody(type, purpose, json, manner.members);
  if (check === undefined) return { values, complaints };
  const checked = check(context, values);
  // A value that the model refuses is not among the values: nobody complains of its absence, or of its parts', as well.
  const refused = complaints.flatMap(({ target }) => target ?? []);
  const isRefused = (path: string) => refused.some((each) => path === each || path.startsWith(`${each}/`));
  const more = checked.complaints.filter(({ target = "" }) => !isRefused(target));
  return { values: checked.values, complaints: [...complaints, ...more].slice(0, complaintsMax) };
}
