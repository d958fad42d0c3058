import type { EntityType, Values } from "../../src/model/define.ts";
import { entityTypes } from "../../src/model/model.ts";
import { redeliver } from "../../src/model/subscription-actions.ts";
import type { Offer } from "../../src/onboarding/offer.ts";
import type { World } from "../server/world.ts";
import { subscriptionBody } from "../support/receiver.ts";
import { newDomain, partner } from "../support/service.ts";

/** The ids that stand in the paths of offers, by the names of the entity sets; and `notificationUrl`, of a receiver. */
export type Ids = Readonly<Record<string, string>>;

/** Where nobody listens. */
const nowhere = "http://127.0.0.1:9/notify";

/** A request that an offer would carry out. */
export interface OfferRequest {
  readonly method: string;
  /** The path under the version, with its query. */
  readonly path: string;
  readonly body?: object | string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Makes the plainest request that an offer takes, of what the offer says of itself: its template with the ids put in,
 * and a body that the checks let pass. So the tests take in whatever is offered later.
 */
export function requestOf(offer: Offer, ids: Ids): OfferRequest {
  const query = offer.needs?.includes("id") === true ? `?$id=customers/${ids["customers"]}` : "";
  const body = bodyOf(offer, ids);
  const contentType = typeof body === "string" ? "text/plain" : "application/json";
  return {
    method: offer.method,
    path: fillTemplate(offer, ids) + query,
    ...(body === undefined ? { headers: {} } : { body, headers: { "content-type": contentType } }),
  };
}

/** The ids of what there is of each type in a world: its active customer, the operation of that, and any event. */
export async function idsOf({ names, service }: World): Promise<Ids> {
  const [event] = await service.rows(`select "id" from "auditEvents" where "partnerId" = '${partner}' order by "id"`);
  return { customers: names["active"] ?? "", customerCreationOperations: names["done"] ?? "", auditEvents: event?.id };
}

/** Whether a path names an entity by its key: then it can be of another partner. */
export function isKeyed({ path }: Offer): boolean {
  return /\/\{\w*[iI]d\}/.test(path);
}

/** Whether an offer has nothing to do: no property of an operation has parts that can be changed, or may be null. */
export function isIdle({ path, method, answers }: Offer): boolean {
  const isOfProperty = path.includes("{property}") && answers.type.set === "customerCreationOperations";
  return isOfProperty && (method === "PATCH" || method === "DELETE");
}

/** The entity type that the set in the first segment of a path is of. */
export function rootOf({ path }: Offer): EntityType {
  const set = path.split("/")[1];
  const found = entityTypes.find((type) => type.set === set);
  if (found === undefined) throw new Error(`${path} begins with no entity set.`);
  return found;
}

function fillTemplate(offer: Offer, ids: Ids): string {
  const root = rootOf(offer);
  return offer.path.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
    if (name === "id") return ids[root.set] ?? whole;
    if (name === "property") return propertyFor(offer);
    const type = entityTypes.find((each) => `${each.name}Id` === name);
    return type === undefined ? argumentOf(name) : (ids[type.set] ?? whole);
  });
}

/** Properties that each form of path and each method has a meaning for, by the entity set. */
const properties: Readonly<
  Record<string, Readonly<Record<"read" | "count" | "structured" | "written" | "cleared", string>>>
> = {
  customers: {
    read: "lifecycleState",
    count: "customDomains",
    structured: "billingProfile",
    written: "billingProfile/email",
    cleared: "billingProfile/email",
  },
  auditEvents: { read: "activity", count: "changedProperties", structured: "", written: "", cleared: "" },
  customerCreationOperations: {
    read: "status",
    count: "history",
    structured: "error",
    written: "domain",
    cleared: "domain",
  },
  subscriptions: {
    read: "resource",
    count: "",
    structured: "",
    written: "latestSupportedTlsVersion",
    cleared: "encryptionCertificateId",
  },
  notificationDeliveries: { read: "status", count: "", structured: "", written: "", cleared: "" },
};

function propertyFor({ path, method, answers }: Offer): string {
  const ofType = properties[answers.type.set];
  if (path.endsWith("/$count")) return ofType?.count ?? "id";
  if (method === "GET") return ofType?.read ?? "id";
  if (method === "DELETE") return ofType?.cleared ?? "id";
  return (method === "PATCH" ? ofType?.structured : ofType?.written) ?? "id";
}

function argumentOf(name: string): string {
  const known: Readonly<Record<string, string>> = { country: "PT", domain: newDomain() };
  return known[name] ?? "x";
}

function bodyOf(offer: Offer, ids: Ids): object | string | undefined {
  const { accepts } = offer;
  switch (accepts.body) {
    case "none":
      return undefined;
    case "create":
    case "createOrReference":
      return createBody(accepts.type, ids, offer.path.startsWith(`/${accepts.type.set}`));
    case "update":
      return updateBody(accepts.type);
    case "property":
      return offer.method === "PUT" ? { value: textOf(accepts.type) } : {};
    case "text":
      return textOf(accepts.type);
    default:
      return offer.operation === redeliver ? { fromDateTime: "2026-01-01T00:00:00Z" } : {};
  }
}

function textOf(type: EntityType): string {
  if (type.set === "subscriptions") return "v1_3";
  return type.set === "customers" ? "ana@fabrikam.example" : newDomain();
}

// The domain of a customer that is added to an operation is the operation's.
function createBody(type: EntityType, { notificationUrl = nowhere }: Ids, isAlone: boolean): Values {
  if (type.set === "subscriptions")
    return subscriptionBody(notificationUrl, { resource: "customerCreationOperations" });
  if (type.set === "customerCreationOperations") return { domain: newDomain() };
  return { companyProfile: isAlone ? { domain: newDomain() } : {}, billingProfile: {} };
}

function updateBody(type: EntityType): Values {
  if (type.set === "subscriptions") return { latestSupportedTlsVersion: "v1_3" };
  return type.set === "customers" ? { metadata: { tier: "gold" } } : { status: "canceled" };
}
