import { createLocalJWKSet, decodeJwt, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from "jose";
import { LRUCache } from "lru-cache";
import { uuidPattern } from "../model/kinds.ts";
import { Problem } from "../model/problem.ts";
import type { Caller } from "../onboarding/offer.ts";
import { type IssuerKeys, isIssuer, issuerKeys } from "./issuer-keys.ts";

/** Whose tokens are believed, and where the issuer's public keys are. */
export interface Trust {
  /** The claim `iss`; `{tenantid}` in it stands for the claim `tid`, for an issuer of many tenants. */
  readonly issuer: string;
  /** The claim `aud` must be one of these. */
  readonly audiences: readonly string[];
  /** `discovered`: by OpenID Connect Discovery at the issuer. */
  readonly keys: "discovered" | { readonly jwksUrl: string } | { readonly jwks: JSONWebKeySet };
  /** The authentication context that a token must have in its claim `acrs`, such as `c1`. */
  readonly authenticationContext?: string;
}

/** Finds out who calls, from the `Authorization` header. */
export type Authenticate = (authorization: string | undefined) => Promise<Caller>;

const algorithms = ["RS256", "PS256", "ES256", "EdDSA"];
const clockToleranceSeconds = 30;
const verifiedMax = 10_000;
// How exactly the end of a token is kept that is remembered: far within the tolerance.
const expiryMilliseconds = 1_000;
const tokenLengthMax = 16_384;

/** An issuer, ready to check with. */
type Issuer = Trust & IssuerKeys;

/** Makes the check of bearer tokens (RFC 6750, RFC 7519). A token that was verified is remembered until it expires. */
export function authenticator(trusted: readonly Trust[]): Authenticate {
  const issuers = trusted.map((trust): Issuer => ({ ...trust, ...keysOf(trust) }));
  // By the whole header, so that it need not be read to find out that it is known.
  const verified = new LRUCache<string, Caller>({ max: verifiedMax, ttlResolution: expiryMilliseconds });

  return async (authorization = "") => {
    const known = verified.get(authorization);
    if (known !== undefined) return known;
    const token = await readToken(authorization, issuers);
    const payload = await verify(token, issuers);
    const caller = callerOf(payload);
    const millisecondsLeft = (payload.exp ?? 0) * 1000 - Date.now();
    if (millisecondsLeft > 0) verified.set(authorization, caller, { ttl: millisecondsLeft });
    return caller;
  };
}

function keysOf({ issuer, keys }: Trust): IssuerKeys {
  if (keys === "discovered") return issuerKeys(issuer, undefined);
  if ("jwksUrl" in keys) return issuerKeys(issuer, keys.jwksUrl);
  return { getKey: createLocalJWKSet(keys.jwks), authorizationEndpoint: async () => undefined };
}

async function readToken(authorization: string, issuers: readonly Issuer[]): Promise<string> {
  const token = /^Bearer +(\S+)$/i.exec(authorization.trim())?.[1];
  if (token === undefined) {
    const endpoints = await Promise.all(issuers.map((issuer) => issuer.authorizationEndpoint()));
    throw unauthenticated(
      "Access token is empty.",
      undefined,
      endpoints.find((each) => each !== undefined),
    );
  }
  if (token.length > tokenLengthMax) throw invalid("Access token is too long.");
  return token;
}

async function verify(token: string, issuers: readonly Issuer[]): Promise<JWTPayload> {
  const claims = decode(token);
  const found = issuers.find(({ issuer }) => isIssuer(issuer, claims));
  if (found === undefined) throw invalid("Access token validation failure. Invalid issuer.");
  try {
    const { payload } = await jwtVerify(token, found.getKey, {
      algorithms,
      audience: [...found.audiences],
      requiredClaims: ["exp", "tid"],
      clockTolerance: clockToleranceSeconds,
    });
    await assertContext(payload, found);
    return payload;
  } catch (error) {
    if (error instanceof Problem) throw error;
    if (error instanceof errors.JOSEError && !isUnreachable(error)) {
      throw invalid(reasonOf(error), await found.authorizationEndpoint());
    }
    const message = "The keys of the token's issuer cannot be read at this moment. Try again.";
    throw new Problem("serviceNotAvailable", message, { cause: error, headers: { "Retry-After": "5" } });
  }
}

// Read before anything is verified, only to choose whose keys to verify with: the signature covers the same claims.
function decode(token: string): JWTPayload {
  try {
    return decodeJwt(token);
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
    throw invalid(reasonOf(error));
  }
}

// Clients that know claims challenges get a token with what is asked for, and try once more (OpenID Connect Core 5.5).
async function assertContext({ acrs }: JWTPayload, issuer: Issuer): Promise<void> {
  const { authenticationContext: wanted } = issuer;
  if (wanted === undefined || acrs === wanted || (Array.isArray(acrs) && acrs.includes(wanted))) return;
  const request = { access_token: { acrs: { essential: true, value: wanted } } };
  const claims = Buffer.from(JSON.stringify(request)).toString("base64");
  const message = `The token lacks the authentication context '${wanted}' in its claim 'acrs'.`;
  throw unauthenticated(
    message,
    `error="insufficient_claims", claims="${claims}"`,
    await issuer.authorizationEndpoint(),
  );
}

// The issuer's key set did not come, or not as one: its fault, or the network's, and not the caller's.
function isUnreachable(error: errors.JOSEError): boolean {
  return (
    error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid || error.code === "ERR_JOSE_GENERIC"
  );
}

function callerOf(payload: JWTPayload): Caller {
  const { tid, roles, scp } = payload;
  if (typeof tid !== "string" || !uuidPattern.test(tid)) {
    throw invalid("Access token validation failure. The claim 'tid' is not a UUID.");
  }
  const granted = [
    ...(Array.isArray(roles) ? roles.filter((role) => typeof role === "string") : []),
    ...(typeof scp === "string" ? scp.split(" ") : []),
  ];
  // Microsoft Entra names the application in every token, and has `scp` in those of people alone.
  const person = typeof scp === "string" ? [payload["preferred_username"], payload["unique_name"], payload.sub] : [];
  const names = [...person, payload["azp"], payload["appid"], payload.sub];
  const name = names.find((each) => typeof each === "string" && each !== "");
  return { partnerId: tid.toLowerCase(), name: String(name ?? "unknown").slice(0, 200), permissions: new Set(granted) };
}

function reasonOf(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return "Lifetime validation failed, the token is expired.";
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === "aud") return "Access token validation failure. Invalid audience.";
    return `Access token validation failure. The claim '${error.claim}' is missing or not as it must be.`;
  }
  return "Access token validation failure. The token is malformed, or its signature is not the issuer's.";
}

function invalid(message: string, authorizationEndpoint?: string): Problem {
  const description = message.replaceAll('"', "'");
  return unauthenticated(message, `error="invalid_token", error_description="${description}"`, authorizationEndpoint);
}

// RFC 6750 section 3. Clients of Microsoft Entra read the authorization_uri to learn where to sign in.
function unauthenticated(message: string, reason?: string, authorizationEndpoint?: string): Problem {
  const parts = [
    'realm=""',
    ...(authorizationEndpoint === undefined ? [] : [`authorization_uri="${authorizationEndpoint}"`]),
    ...(reason === undefined ? [] : [reason]),
  ];
  return new Problem("unauthenticated", message, { headers: { "WWW-Authenticate": `Bearer ${parts.join(", ")}` } });
}
