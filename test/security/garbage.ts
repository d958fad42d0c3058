import type { Kind, Properties } from "../../src/model/kinds.ts";
import { entityTypes } from "../../src/model/model.ts";
import type { Offer } from "../../src/onboarding/offer.ts";
import { offers } from "../../src/onboarding/offers.ts";
import { type Chance, mutate, nastyText } from "./chance.ts";
import { garbageExpression, garbageOption } from "./garbage-query.ts";
import { type Ids, requestOf } from "./offer-request.ts";

/** A request as the service gets it. */
export interface GarbageRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

const plainOffers = offers.filter(({ path }) => !path.includes("{property}"));

/**
 * Makes a request that is right in most parts and wrong in some: to an offer or to something like one, with query
 * options, headers and a body that are nearly what they should be, or nothing like it.
 */
export function garbageRequest(chance: Chance, ids: readonly Ids[]): GarbageRequest {
  if (chance.oneIn(12)) return garbageBatch(chance, ids);
  // The offers of properties are many and alike.
  const offer = chance.pick(chance.oneIn(3) ? offers : plainOffers);
  const { method, path } = requestOf(offer, chance.pick(ids));
  const body = garbageBody(chance, offer);
  return {
    method: chance.oneIn(30)
      ? chance.pick(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW", ""])
      : method,
    url: garbageUrl(chance, offer, path),
    headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...garbageHeaders(chance) },
    ...(body === undefined ? {} : { body }),
  };
}

function garbageUrl(chance: Chance, offer: Offer, path: string): string {
  const version = chance.oneIn(80) ? nastyText(chance) : chance.pick(["v1.0", "v1.0", "beta"]);
  const options = chance.some(chance.pick([0, 1, 1, 2, 3]), () => garbageOption(chance, offer)).join("&");
  const url = `/${version}${garbagePath(chance, path)}${options === "" ? "" : `${path.includes("?") ? "&" : "?"}${options}`}`;
  return chance.oneIn(20) ? mutate(chance, url) : url;
}

const segments: readonly string[] = [
  ...entityTypes.flatMap(({ set, name, navigation, properties }) => [
    ...[set, set.toUpperCase(), name, `microsoft.graph.${name}`, `graph.${name}`],
    ...[...Object.keys(navigation), ...Object.keys(properties)],
  ]),
  ...[
    "$metadata",
    "$batch",
    "$count",
    "$ref",
    "$value",
    "$all",
    "$entity",
    "$query",
    "$links",
    "$it",
    "$root",
    "$each",
  ],
  ...[
    "delta",
    "delta()",
    "microsoft.graph.delta()",
    "openapi.json",
    "swagger.json",
    "healthz",
    "(id='x')",
    "('x')",
    "()",
  ],
  ...["$filter(true)", "$filter(@f)", "retry", "claimCredentials", "validate", "countryRules(country='PT')", "me"],
];

function garbagePath(chance: Chance, path: string): string {
  if (chance.oneIn(6))
    return chance.some(5, () => `/${chance.oneIn(5) ? nastyText(chance) : chance.pick(segments)}`).join("");
  if (chance.oneIn(12)) return `${path}/${chance.oneIn(3) ? garbageExpression(chance, 2) : chance.pick(segments)}`;
  return chance.oneIn(20) ? mutate(chance, path) : path;
}

const headerValues: Readonly<Record<string, readonly string[]>> = {
  accept: [
    "application/json",
    "*/*",
    "application/json;odata.metadata=full",
    "application/json;q=0",
    "text/plain",
    "multipart/mixed",
  ],
  "content-type": [
    "application/json",
    "application/json;IEEE754Compatible=true",
    "text/plain",
    "multipart/mixed;boundary=b",
    "application/json;charset=utf-16",
  ],
  "content-encoding": ["identity", "gzip"],
  prefer: [
    "return=minimal",
    "return=representation",
    "maxpagesize=1",
    "odata.maxpagesize=0",
    "omit-values=nulls",
    "respond-async,wait=1",
    "continue-on-error",
  ],
  "if-match": ["*", 'W/"a"', '"a"', 'W/"a", W/"b"'],
  "if-none-match": ["*", 'W/"a"'],
  "odata-version": ["4.0", "4.01", "3.0"],
  "odata-maxversion": ["4.0", "4.01", "2.0"],
  "odata-isolation": ["snapshot"],
  "client-request-id": ["a", "11111111-1111-4111-8111-111111111111"],
  "repeatability-request-id": ["a", "11111111-1111-4111-8111-111111111111"],
  "repeatability-first-sent": [new Date().toUTCString(), "Mon, 01 Jan 2024 00:00:00 GMT"],
  "idempotency-key": ["a", "b"],
  authorization: ["Bearer a", "Basic dXNlcjpwYXNz"],
  "accept-language": ["de"],
};

function garbageHeaders(chance: Chance): Readonly<Record<string, string>> {
  const some = chance.some(chance.oneIn(2) ? 0 : 3, () => {
    const name = chance.pick(Object.keys(headerValues));
    // Nearly all tokens are right: else nothing behind them would be tried.
    if (name === "authorization" && !chance.oneIn(10)) return ["x-nothing", "1"];
    const value = chance.pick(headerValues[name] ?? [""]);
    return [name, chance.oneIn(6) ? mutate(chance, value) : value];
  });
  return Object.fromEntries(some);
}

function garbageBody(chance: Chance, offer: Offer): string | Uint8Array | undefined {
  if (offer.accepts.body === "none") return chance.oneIn(20) ? "{}" : undefined;
  if (chance.oneIn(30)) return Uint8Array.from(chance.some(64, () => chance.below(256)));
  if (chance.oneIn(30)) return `${"[".repeat(chance.below(5_000))}${"]".repeat(chance.below(5_000))}`;
  const { body } = requestOf(offer, {});
  const type =
    "type" in offer.accepts && offer.accepts.type !== undefined ? offer.accepts.type : chance.pick(entityTypes);
  const garbage = garbageObject(chance, type.properties, 3);
  // Few are right as a whole: what is created makes every later answer longer.
  const value = chance.oneIn(15) ? body : { ...(typeof body === "object" && chance.oneIn(2) ? body : {}), ...garbage };
  const text = JSON.stringify(value) ?? "";
  return chance.oneIn(5) ? mutate(chance, text) : text;
}

function garbageObject(chance: Chance, properties: Properties, depth: number): Readonly<Record<string, unknown>> {
  const names = [
    ...Object.keys(properties),
    "@odata.id",
    "@odata.type",
    "@odata.etag",
    "id@odata.type",
    "customer@odata.bind",
  ];
  const some = chance.some(6, () => {
    const name = chance.oneIn(8) ? nastyText(chance) : chance.pick(names);
    return [name, garbageValue(chance, properties[name]?.kind, depth)];
  });
  return Object.fromEntries(some);
}

function garbageValue(chance: Chance, kind: Kind | undefined, depth: number): unknown {
  if (kind === undefined || chance.oneIn(5)) return anything(chance, depth);
  switch (kind.kind) {
    case "complex":
      return depth === 0 ? {} : garbageObject(chance, kind.type.properties, depth - 1);
    case "list":
      return chance.some(4, () => garbageValue(chance, kind.of, depth));
    case "dictionary":
      return Object.fromEntries(chance.some(4, () => [nastyText(chance), nastyText(chance)]));
    case "choice":
      return chance.pick([...kind.members, "unknownFutureValue"]);
    case "boolean":
      return chance.oneIn(2);
    case "integer":
      return chance.below(100);
    default:
      return chance.oneIn(2) ? nastyText(chance) : "2026-01-02T03:04:05Z";
  }
}

function anything(chance: Chance, depth: number): unknown {
  const value = chance.pick([null, true, 0, -1, 1.5, 1e300, "", "text", nastyText(chance)]);
  if (depth === 0) return value;
  return chance.pick([value, [value, value], { [nastyText(chance)]: value }, [[]], {}]);
}

function garbageBatch(chance: Chance, ids: readonly Ids[]): GarbageRequest {
  const requests = chance.some(chance.oneIn(20) ? 25 : 4, () => garbageItem(chance, ids));
  const text = JSON.stringify(chance.oneIn(20) ? anything(chance, 2) : { requests });
  const headers = { "content-type": "application/json", ...garbageHeaders(chance) };
  if (!chance.oneIn(4)) {
    return { method: "POST", url: "/v1.0/$batch", headers, body: chance.oneIn(6) ? mutate(chance, text) : text };
  }
  const parts = requests.map(({ method, url }) => {
    return `--b\r\nContent-Type: application/http\r\n\r\n${method} ${url} HTTP/1.1\r\n\r\n\r\n`;
  });
  return {
    method: "POST",
    url: "/v1.0/$batch",
    headers: { ...headers, "content-type": "multipart/mixed;boundary=b" },
    body: mutate(chance, `${parts.join("")}--b--\r\n`),
  };
}

function garbageItem(chance: Chance, ids: readonly Ids[]) {
  const { method, url, body } = garbageRequest(chance, ids);
  return {
    id: chance.oneIn(10) ? anything(chance, 1) : String(chance.below(9)),
    method,
    url: chance.oneIn(2) ? url : url.replace(/^\/[^/]*/, ""),
    ...(body === undefined ? {} : { body: itemBody(chance, body), headers: { "content-type": "application/json" } }),
    ...(chance.oneIn(4) ? { dependsOn: chance.oneIn(4) ? anything(chance, 1) : ["1"] } : {}),
    ...(chance.oneIn(4) ? { atomicityGroup: chance.pick(["g", "h", nastyText(chance)]) } : {}),
  };
}

function itemBody(chance: Chance, body: string | Uint8Array): unknown {
  return typeof body === "string" && !chance.oneIn(3) ? parse(body) : body;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
