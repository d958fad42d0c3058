import {
  createRemoteJWKSet,
  customFetch,
  decodeJwt,
  errors,
  type FetchImplementation,
  type JWK,
  type JWTVerifyGetKey,
} from "jose";

/** How the documents of an issuer are brought; times in milliseconds. */
export interface Fetching {
  readonly fetch: FetchImplementation;
  readonly now: () => number;
}

const documentBytesMax = 1_048_576;
const fetchMillisecondsMax = 5_000;
const discoveryMillisecondsMax = 3_600_000;
const staleMillisecondsMax = 24 * 3_600_000;
/** Stands for the tenant of the token in what is believed of an issuer of many tenants. */
const anyTenant = "{tenantid}";
// Of Microsoft Entra the endpoint of version 1 is told, as its documentation asks: Excel and Power BI, which read it in a
// challenge, send `resource` there, and version 2 refuses that. The tokens are the same ones.
const olderEndpoint = [/\/oauth2\/v2\.0\/authorize$/, "/oauth2/authorize"] as const;
const pauseMilliseconds = { first: 1_000, most: 60_000 };

/** What an issuer says of itself (OpenID Connect Discovery 1.0 section 3), as far as it matters here. */
interface Discovery {
  readonly jwksUri: string;
  readonly authorizationEndpoint?: string;
}

/** The public keys of an issuer, and where its users sign in if it said so. */
export interface IssuerKeys {
  readonly getKey: JWTVerifyGetKey;
  readonly authorizationEndpoint: () => Promise<string | undefined>;
}

/**
 * Finds the keys of an issuer: at the given URL, or by OpenID Connect Discovery. Nothing is read before the first token
 * comes. A key that is not known makes the set be read again, at most every 30 seconds; an issuer that cannot be reached
 * is asked again after a pause that doubles, and meanwhile what it said last is believed for a day.
 */
export function issuerKeys(
  issuer: string,
  jwksUrl: string | undefined,
  fetching: Fetching = { fetch: (url, options) => fetch(url, options), now: Date.now },
): IssuerKeys {
  const steady: Fetching = { ...fetching, fetch: steadyFetch(fetching) };
  const discover = discovery(issuer, steady);
  let keys: { readonly url: string; readonly getKey: ReturnType<typeof createRemoteJWKSet> } | undefined;
  const getKey: JWTVerifyGetKey = async (header, token) => {
    const url = jwksUrl ?? (await discover()).jwksUri;
    if (keys?.url !== url) {
      keys = { url, getKey: createRemoteJWKSet(new URL(url), { [customFetch]: steady.fetch }) };
    }
    const { getKey: find } = keys;
    const key = await find(header, token);
    if (issuer.includes(anyTenant)) assertOwn(find.jwks()?.keys ?? [], header.kid, token);
    return key;
  };
  const authorizationEndpoint = async () => {
    if (jwksUrl !== undefined) return undefined;
    // What cannot be found out now is left out of the answer: it is only advice.
    return discover().then(
      (found) => found.authorizationEndpoint,
      () => undefined,
    );
  };
  return { getKey, authorizationEndpoint };
}

// In the key set that Microsoft Entra publishes for all tenants a key may be one tenant's, such as that of personal
// accounts, and is then not to be believed for another.
function assertOwn(keys: readonly JWK[], kid: string | undefined, token: Parameters<JWTVerifyGetKey>[1]): void {
  const claims = decodeJwt(`.${token.payload}.`);
  const meant = keys.filter((key) => kid === undefined || key.kid === kid);
  const isOwn = (key: JWK) => !("issuer" in key) || (typeof key.issuer === "string" && isIssuer(key.issuer, claims));
  if (meant.length === 0 || !meant.every(isOwn)) throw new errors.JWKSNoMatchingKey();
}

/** Tells a URL that keys may be read from: https, or plain http on this machine alone. */
export function isTrustworthyUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === "https:" || (protocol === "http:" && /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname));
}

/**
 * Tells whether a token's issuer is the trusted one. An issuer of many tenants holds `{tenantid}`, which stands for the
 * tenant of the token, as in what Microsoft Entra publishes for its common endpoint.
 */
export function isIssuer(trusted: string, claims: { readonly iss?: unknown; readonly tid?: unknown }): boolean {
  if (!trusted.includes(anyTenant)) return claims.iss === trusted;
  return typeof claims.tid === "string" && claims.iss === trusted.replace(anyTenant, claims.tid);
}

function discovery(issuer: string, { fetch: get, now }: Fetching): () => Promise<Discovery> {
  const base = issuer.replace(anyTenant, "common").replace(/\/$/, "");
  const url = `${base}/.well-known/openid-configuration`;
  let known: { readonly discovery: Discovery; readonly until: number } | undefined;
  let asked: Promise<Discovery> | undefined;
  const ask = async () => {
    const response = await get(url, {
      method: "GET",
      headers: new Headers({ accept: "application/json" }),
      redirect: "manual",
      signal: AbortSignal.timeout(fetchMillisecondsMax),
    });
    known = { discovery: readDiscovery(issuer, await response.json()), until: now() + discoveryMillisecondsMax };
    return known.discovery;
  };
  return async () => {
    if (known !== undefined && now() < known.until) return known.discovery;
    // Whoever comes meanwhile waits for the same answer.
    asked ??= ask().finally(() => {
      asked = undefined;
    });
    return asked;
  };
}

// A document that names another issuer is another issuer's (OpenID Connect Discovery 1.0 section 4.3).
function readDiscovery(issuer: string, document: unknown): Discovery {
  const { issuer: named, jwks_uri: jwksUri, authorization_endpoint: endpoint } = Object(document);
  if (named !== issuer) throw new errors.JWKSInvalid(`The discovery document is not that of ${issuer}.`);
  if (typeof jwksUri !== "string" || !isTrustworthyUrl(jwksUri)) {
    throw new errors.JWKSInvalid("The discovery document names no jwks_uri that is https.");
  }
  const isSafe = typeof endpoint === "string" && /^https?:\/\/[\x21\x23-\x5b\x5d-\x7e]+$/.test(endpoint);
  return { jwksUri, ...(isSafe ? { authorizationEndpoint: endpoint.replace(...olderEndpoint) } : {}) };
}

/** Brings documents of an issuer: one that cannot be reached is left alone for a while, and its last word stands. */
function steadyFetch({ fetch: get, now }: Fetching): FetchImplementation {
  const last = new Map<string, { readonly text: string; readonly at: number }>();
  const pauses = new Map<string, { readonly milliseconds: number; readonly until: number }>();
  return async (url, options) => {
    const pause = pauses.get(url);
    try {
      if (pause !== undefined && now() < pause.until) throw new errors.JWKSTimeout("The issuer was not reached.");
      const text = await readText(await get(url, options));
      last.set(url, { text, at: now() });
      pauses.delete(url);
      return documentResponse(text);
    } catch (error) {
      if (pause === undefined || now() >= pause.until) pauses.set(url, nextPause(pause?.milliseconds, now()));
      const known = last.get(url);
      if (known === undefined || now() - known.at > staleMillisecondsMax) throw unreachable(error);
      return documentResponse(known.text);
    }
  };
}

async function readText(response: Response): Promise<string> {
  if (response.status !== 200) throw new errors.JWKSInvalid(`The issuer answered ${response.status}.`);
  const bytes: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > documentBytesMax) throw new errors.JWKSInvalid("The document of the issuer is too long.");
    bytes.push(chunk);
  }
  const text = Buffer.concat(bytes).toString("utf8");
  JSON.parse(text);
  return text;
}

function documentResponse(text: string): Response {
  return new Response(text, { headers: { "content-type": "application/json" } });
}

function nextPause(before: number | undefined, at: number) {
  const { first, most } = pauseMilliseconds;
  const milliseconds = before === undefined ? first : Math.min(before * 2, most);
  return { milliseconds, until: at + milliseconds };
}

function unreachable(error: unknown): Error {
  if (error instanceof errors.JOSEError) return error;
  return new errors.JWKSTimeout("The issuer cannot be reached.", { cause: error });
}
