import fc from "fast-check";
import { entityTypes } from "../../src/model/model.ts";
import { offers } from "../../src/onboarding/offers.ts";
import { newDomain } from "../support/service.ts";
import { type Ids, type OfferRequest, requestOf } from "./offer-request.ts";
import type { Treasures } from "./twin-worlds.ts";

/** Where the id of what is the partner's own stands in a request, as each world has another one. */
const ownIds: Ids = Object.fromEntries(
  [...entityTypes.map(({ set }) => set), "notificationUrl"].map((name) => [name, `{${name}}`]),
);

/**
 * Requests to every offer, with ids, keys, cursors, filters, references and headers that are another partner's, or
 * nobody's. They are plain data, so that one that is told apart is shown as it was sent.
 */
export function foreignRequest(treasures: Treasures): fc.Arbitrary<OfferRequest> {
  const request = fc
    .record({
      offer: fc.constantFrom(...offers),
      customers: key(treasures, "customers"),
      customerCreationOperations: key(treasures, "customerCreationOperations"),
      auditEvents: key(treasures, "auditEvents"),
      subscriptions: key(treasures, "subscriptions"),
      notificationDeliveries: key(treasures, "notificationDeliveries"),
      notificationUrl: fc.constant(ownIds["notificationUrl"] ?? ""),
      query: query(treasures),
      header: header(treasures),
      body: body(treasures),
      isForeignBody: fc.boolean(),
    })
    .map(({ offer, query, header, body, isForeignBody, ...ids }) => {
      const { method, path, headers, ...plain } = requestOf(offer, ids);
      const given = typeof plain.body === "object" && isForeignBody ? { body } : plain;
      // Writing offers take hardly any options: with one, nearly all would be refused before they try anything.
      const full = method === "GET" ? withQuery(byAlternateKey(path), query) : byAlternateKey(path);
      return { method, path: full, headers: { ...headers, ...header }, ...given };
    });
  return fc.oneof(
    { weight: 3, arbitrary: request },
    { weight: 1, arbitrary: request.map((each) => inBatch(each, {})) },
    { weight: 1, arbitrary: request.map((each) => inBatch(each, { atomicityGroup: "g" })) },
  );
}

/** How a request is sent in a world, where the partner's own have these ids. */
export function inWorld(request: OfferRequest, own: Ids): OfferRequest {
  const text = JSON.stringify(request);
  return JSON.parse(text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => own[name] ?? whole));
}

function withQuery(path: string, query: string): string {
  if (query === "") return path;
  return `${path}${path.includes("?") ? "&" : "?"}${query}`;
}

function key({ ids, externalIds }: Treasures, set: string): fc.Arbitrary<string> {
  const foreign = fc.constantFrom(...(ids[set] ?? []), ...Object.values(ids).flat());
  const alternate = fc.constantFrom(...externalIds, "own-1", "nobodys").map((each) => `externalId='${each}'`);
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant(ownIds[set] ?? "") },
    { weight: 4, arbitrary: foreign },
    { weight: 1, arbitrary: fc.uuid() },
    { weight: 1, arbitrary: alternate },
  );
}

// OData URL Conventions 4.3.3: an alternate key stands in parentheses.
function byAlternateKey(path: string): string {
  return path.replaceAll(/\/(externalId='[^']*')/g, "($1)");
}

function query({ ids, externalIds, domains, tokens }: Treasures): fc.Arbitrary<string> {
  const id = fc.constantFrom(...Object.values(ids).flat());
  const filters = fc.oneof(
    id.map((each) => `id eq '${each}'`),
    id.map((each) => `not (id eq '${each}')`),
    id.map((each) => `id in ('${each}','0193a5b2-7c1e-7d34-9f00-5b1c2d3e4f50')`),
    id.map((each) => `id lt '${each}'`),
    id.map((each) => `customer/any(c:c/id eq '${each}')`),
    fc.constantFrom(...externalIds).map((each) => `externalId eq '${each}'`),
    fc.constantFrom(...externalIds).map((each) => `customer/any(c:c/externalId eq '${each}')`),
    fc
      .constantFrom(...domains)
      .map((each) => `companyProfile/domain eq '${each}' or customDomains/any(d:d eq '${each}')`),
    fc.constantFrom(...domains).map((each) => `domain eq '${each}'`),
    fc.constantFrom(
      "customer/$count gt 0",
      "lifecycleState eq 'active'",
      "contains(companyProfile/companyName,'Fabrikam')",
    ),
  );
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant("") },
    { weight: 4, arbitrary: filters.map((each) => `$filter=${encodeURIComponent(each)}`) },
    { weight: 2, arbitrary: fc.constantFrom(...tokens) },
    {
      weight: 3,
      arbitrary: fc.constantFrom(
        "$expand=customer",
        "$count=true&$top=1",
        "$search=Fabrikam",
        "$orderby=createdDateTime desc&$count=true",
        "$expand=customer($filter=lifecycleState eq 'active')",
        "$deltatoken=latest",
      ),
    },
  );
}

function header({ entityTags, requestKeys }: Treasures): fc.Arbitrary<Readonly<Record<string, string>>> {
  const tag = fc.constantFrom(...entityTags);
  const keys = fc.constantFrom(...requestKeys);
  return fc.oneof(
    { weight: 4, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: tag.map((each) => ({ "if-match": each })) },
    { weight: 1, arbitrary: tag.map((each) => ({ "if-none-match": each })) },
    { weight: 2, arbitrary: keys.map((each) => ({ "idempotency-key": each })) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom("return=representation", "maxpagesize=1", "omit-values=nulls")
        .map((each) => ({ prefer: each })),
    },
  );
}

// The domain of a body is never another's: that a domain is taken is told to everyone (decision 0009).
function body({ ids, externalIds }: Treasures): fc.Arbitrary<object> {
  const customer = fc.constantFrom("{customers}", ...Object.values(ids).flat());
  const forms = fc.constantFrom("customers/", "{root}/customers/");
  const externalId = fc.constantFrom(...externalIds, "own-1");
  return fc.oneof(
    fc.tuple(forms, customer).map(([form, id]) => ({ "@odata.id": form + id })),
    customer.map((id) => ({ "@odata.id": `{root}/customers('${id}')` })),
    externalId.map((each) => ({ "@odata.id": `customers(externalId='${each}')` })),
    externalId.map((each) => ({ externalId: each, companyProfile: {}, billingProfile: {} })),
    externalId.map((each) => ({ externalId: each, companyProfile: { domain: newDomain() }, billingProfile: {} })),
    customer.map((id) => ({ id, metadata: { of: id } })),
  );
}

function inBatch({ method, path, body, headers }: OfferRequest, group: object): OfferRequest {
  const request = { id: "1", method, url: path, headers, ...(body === undefined ? {} : { body }), ...group };
  // The two run at the same time: the second must not see what the first changes.
  const second = { id: "2", method: "GET", url: "/customers/$count?$filter=externalId eq 'nobodys'" };
  return { method: "POST", path: "/$batch", body: { requests: [request, second] }, headers: {} };
}
