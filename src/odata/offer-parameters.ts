import type { Values } from "../model/define.ts";
import type { Property } from "../model/kinds.ts";
import { bindingOf, isRead, type OfferDescription } from "./offer-description.ts";
import { kindSchema } from "./schemas.ts";

/** What a request may carry besides its body, as OpenAPI and Swagger both describe it. */
export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required: boolean;
  readonly description: string;
  readonly schema: Values;
}

/** Lists the parameters in the path of an offer: keys, and the parameters of a function. */
export function pathParametersOf({
  path,
  operation,
}: Pick<OfferDescription, "path" | "operation">): readonly Parameter[] {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "");
  return names.map((name) => {
    const declared: Property | undefined = operation?.parameters[name];
    return {
      name,
      in: "path",
      required: true,
      description: declared?.description ?? describeKey(path, name),
      schema: declared === undefined ? { type: "string" } : kindSchema(declared.kind, undefined),
    };
  });
}

/** Lists the query options and headers of an offer. */
export function parametersOf(offer: OfferDescription): readonly Parameter[] {
  const options = offer.options.map((name) => queryOption(name, offer));
  return [...options, ...headerNamesOf(offer).map((name) => headers[name])];
}

type HeaderName = keyof typeof headers;

function headerNamesOf(offer: OfferDescription): readonly HeaderName[] {
  const { method, answers, operation } = offer;
  const isPaged = answers.result === "collection" || answers.result === "changes";
  const isAction = operation?.kind === "action";
  const isOfOne = isAction && !bindingOf(offer.path).isCollection;
  return [
    ...((!isRead(offer) && method !== "DELETE" && !isAction) || isPaged ? (["Prefer"] as const) : []),
    ...(["PUT", "PATCH", "DELETE"].includes(method) || isOfOne ? (["If-Match"] as const) : []),
    ...(method === "GET" && answers.result === "entity" ? (["If-None-Match"] as const) : []),
    ...(isRead(offer) ? [] : (["Idempotency-Key", "Repeatability-Request-ID", "Repeatability-First-Sent"] as const)),
    "client-request-id",
    "OData-MaxVersion",
  ];
}

// The collection that a key stands behind names what it is the key of: a `customer` of `customers`.
function describeKey(path: string, name: string): string {
  if (name === "property") return "The name of the property, behind those of the complex properties around it.";
  const collection = path.split(`/{${name}}`)[0]?.split("/").at(-1) ?? "";
  return `The key of the ${collection.replace(/ies$/, "ys").replace(/s$/, "")}.`;
}

function queryOption(name: string, offer: OfferDescription): Parameter {
  const declared = queryOptions.get(name);
  if (declared === undefined) throw new Error(`The query option '$${name}' has no description.`);
  const [type, description] = declared;
  const bounds = type === "integer" ? { minimum: 0 } : {};
  return {
    name: `$${name}`,
    in: "query",
    required: name === "id" && offer.options.includes("id"),
    description,
    schema: { type, ...bounds, ...(name === "id" ? { format: "uri-reference" } : {}) },
  };
}

const queryOptions: ReadonlyMap<string, readonly ["string" | "integer" | "boolean", string]> = new Map([
  ["filter", ["string", "The condition that entities must meet, such as startswith(id,'0198')."]],
  ["search", ["string", "Words that the texts of an entity must hold, such as contoso OR fabrikam."]],
  ["orderby", ["string", "The order of the entities, such as createdDateTime desc."]],
  ["top", ["integer", "How many entities a page has at the most."]],
  ["skip", ["integer", "How many entities are left out at the beginning."]],
  ["count", ["boolean", "Whether the number of all entities that fit is told, as @odata.count."]],
  ["select", ["string", "The properties that are shown, with commas between them."]],
  ["expand", ["string", "The navigation properties whose entities are shown with those asked for."]],
  ["compute", ["string", "Values that are computed for each entity, such as length(id) as size."]],
  ["format", ["string", "The media type of the answer; it stands above Accept."]],
  ["skiptoken", ["string", "Where the next page begins; it is part of @odata.nextLink."]],
  ["deltatoken", ["string", "Where the next round begins: part of @odata.deltaLink, or latest."]],
  ["id", ["string", "The URL of the customer."]],
  [
    "schemaversion",
    ["string", "The version of the schema that the request is made against; * stands for the present one."],
  ],
] as const);

const headers = {
  Prefer: header(
    "Prefer",
    "return=representation or return=minimal: whether the answer carries the entity. odata.maxpagesize=N: how many entities a page has at the most.",
  ),
  "If-Match": header("If-Match", "The entity tag that the entity must still have."),
  "If-None-Match": header("If-None-Match", "The entity tag of the copy that the client has."),
  "Idempotency-Key": header(
    "Idempotency-Key",
    "A key of the request's own: sent again with it, it is not carried out twice.",
  ),
  "Repeatability-Request-ID": header(
    "Repeatability-Request-ID",
    "The same by OASIS Repeatable Requests 1.0, such as a UUID.",
  ),
  "Repeatability-First-Sent": header(
    "Repeatability-First-Sent",
    "When the request was first sent, for example Sun, 06 Nov 1994 08:49:37 GMT.",
  ),
  "client-request-id": header("client-request-id", "What the client calls the request; the answer repeats it."),
  "OData-MaxVersion": header("OData-MaxVersion", "The newest version of OData that the client understands."),
} as const;

function header(name: string, description: string): Parameter {
  return { name, in: "header", required: false, description, schema: { type: "string" } };
}
