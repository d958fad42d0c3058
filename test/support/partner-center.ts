import { randomUUID } from "node:crypto";
import type { OutsideAnswer, OutsideRequest } from "./outside.ts";
import type { Json } from "./service.ts";

const unreadableSeconds = 90;

/** A customer as the stand-in keeps it. */
interface KnownCustomer {
  readonly id: string;
  readonly domain: string;
  readonly createdMilliseconds: number;
  readonly body: Json;
  relationship: "none" | "reseller";
}

/** What the stand-in knows, and what a test wants of it. */
export interface PartnerCenterWorld {
  readonly customers: Map<string, KnownCustomer>;
  /** The answers to creations, by MS-RequestId: the documented idempotency. */
  readonly answered: Map<string, OutsideAnswer>;
  /** Every request, as `POST /v1/customers`, with its headers. */
  readonly requests: { readonly line: string; readonly headers: OutsideRequest["headers"] }[];
  readonly clock: () => string;
  /** What is answered instead, if anything. */
  meddle: (request: OutsideRequest) => OutsideAnswer | undefined;
  addressStatus: string;
}

/** An empty Partner Center. */
export function newPartnerCenter(clock: () => string): PartnerCenterWorld {
  return {
    customers: new Map(),
    answered: new Map(),
    requests: [],
    clock,
    meddle: () => undefined,
    addressStatus: "VerifiedShippable",
  };
}

/**
 * Answers as the documentation of Partner Center says: the envelopes of its refusals, the inverted question for a
 * domain, creations that are known again by MS-RequestId, and customers that are not found for 90 seconds.
 */
export function answerAsPartnerCenter(world: PartnerCenterWorld, request: OutsideRequest): OutsideAnswer {
  const { method, url, headers, body } = request;
  const path = url.replace(/\?.*$/, "");
  world.requests.push({ line: `${method} ${path}`, headers });
  const meddled = world.meddle(request);
  if (meddled !== undefined) return meddled;
  if (path === "/token") return { status: 200, body: { access_token: "a-token", expires_in: 3600 } };
  if (headers["ms-contract-version"] !== "v1") return { status: 400, body: partnerFault(3000, "No version.") };
  if (headers.authorization !== "Bearer a-token") return { status: 401, body: partnerFault(800001, "Access denied.") };
  const [, , set, id = "", ...rest] = path.split("/");
  if (set === "domains") return { status: byDomain(world, decodeURIComponent(id)) === undefined ? 404 : 200 };
  if (set === "validations") return { status: 200, body: { status: world.addressStatus, suggestedAddresses: [] } };
  if (set !== "customers") return { status: 404, body: { statusCode: 404, message: "Resource not found" } };
  if (method === "POST") return create(world, headers["ms-requestid"], JSON.parse(body));
  if (id === "") return search(world, new URL(url, "http://here").searchParams.get("filter"));
  return answerForOne(world, method, id, rest.join("/"));
}

function create(world: PartnerCenterWorld, requestId: unknown, body: Json): OutsideAnswer {
  if (typeof requestId !== "string") return { status: 400, body: partnerFault(3000, "MS-RequestId is missing.") };
  const known = world.answered.get(requestId);
  if (known !== undefined) return known;
  const answer = createNew(world, body);
  world.answered.set(requestId, answer);
  return answer;
}

function createNew(world: PartnerCenterWorld, body: Json): OutsideAnswer {
  const { domain } = body.companyProfile;
  const { country, state } = body.billingProfile.defaultAddress ?? {};
  if (country === "HU" && body.companyProfile.organizationRegistrationNumber === undefined) {
    return { status: 400, body: newerFault(600049, "Organization registration number is missing.") };
  }
  if (country === "US" && state === undefined) {
    return { status: 400, body: partnerFault(27002, "A property is invalid.", ["property_name: StateInvalid"]) };
  }
  if (byDomain(world, domain) !== undefined) return { status: 409, body: { message: "Already exists." } };
  const id = randomUUID();
  const createdMilliseconds = Date.parse(world.clock());
  world.customers.set(id, { id, domain, createdMilliseconds, body, relationship: "reseller" });
  return {
    status: 201,
    body: {
      id,
      commerceId: randomUUID(),
      companyProfile: { tenantId: id, domain },
      relationshipToPartner: "none",
      userCredentials: { userName: "admin", password: `pw-${randomUUID()}` },
      attributes: { objectType: "Customer" },
    },
  };
}

function search(world: PartnerCenterWorld, filter: string | null): OutsideAnswer {
  const { Field, Value, Operator } = JSON.parse(filter ?? "{}");
  if (Field !== "Domain" || Operator !== "starts_with") return { status: 400, body: partnerFault(3000, "No filter.") };
  const found = [...world.customers.values()].filter(
    (each) => each.domain.startsWith(Value) && isReadable(world, each),
  );
  const items = found.map(({ id, domain }) => ({ id, companyProfile: { tenantId: id, domain } }));
  return { status: 200, body: { totalCount: items.length, items } };
}

function answerForOne(world: PartnerCenterWorld, method: string, id: string, rest: string): OutsideAnswer {
  const found = world.customers.get(id);
  if (found === undefined || !isReadable(world, found)) {
    return { status: 404, body: { statusCode: 404, message: "Customer with tenant id not found." } };
  }
  if (method === "DELETE") world.customers.delete(id);
  if (method === "PATCH") found.relationship = "none";
  if (method === "DELETE") return { status: 204 };
  if (rest === "profiles/billing") return { status: 200, body: found.body.billingProfile };
  const { relationship } = found;
  return { status: 200, body: { id, relationshipToPartner: relationship, allowDelegatedAccess: true } };
}

function isReadable({ clock }: PartnerCenterWorld, { createdMilliseconds }: KnownCustomer): boolean {
  return Date.parse(clock()) >= createdMilliseconds + unreadableSeconds * 1000;
}

function byDomain({ customers }: PartnerCenterWorld, domain: string): KnownCustomer | undefined {
  return [...customers.values()].find((each) => each.domain === domain);
}

function partnerFault(code: number, description: string, data: readonly string[] = []) {
  return { code, description, data, source: "PartnerFD" };
}

function newerFault(code: number, message: string) {
  return {
    code: String(code),
    message,
    description: message,
    errorName: "Invalid",
    isRetryable: false,
    parameters: {},
  };
}
