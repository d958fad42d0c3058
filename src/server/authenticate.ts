import {
  createLocalJWKSet,
  createRemoteJWKSet,
  decodeJwt,
  errors,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from "jose";
import { LRUCache } from "lru-cache";
import { Problem } from "../model/problem.ts";
import type { Caller } from "../onboarding/offer.ts";

/** Whose tokens are believed, and where the issuer's public keys are. */
export interface Trust {
  readonly issuer: string;
  readonly audience: string;
  readonly keys: { readonly jwksUrl: string } | { readonly jwks: JSONWebKeySet };
}

/** Finds out who calls, from the `Authorization` header. */
export type Authenticate = (authorization: string | undefined) => Promise<Caller>;

const algorithms = ["RS256", "PS256", "ES256", "EdDSA"];
const clockToleranceSeconds = 30;
const verifiedMax = 10_000;
const tokenLengthMax = 16_384;
const uuidPattern = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** An issuer, ready to check with. */
interface Issuer extends Trust {
  readonly getKey: JWTVerifyGetKey;
}

/** Makes the check of bearer tokens (RFC 6750, RFC 7519). A token that was verified is remembered until it expires. */
export function authenticator(trusted: readonly Trust[]): Authenticate {
  const issuers = trusted.map((trust): Issuer => {
    const { keys } = trust;
    return {
      ...trust,
      getKey: "jwks" in keys ? createLocalJWKSet(keys.jwks) : createRemoteJWKSet(new URL(keys.jwksUrl)),
    };
  });
  const verified = new LRUCache<string, Caller>({ max: verifiedMax });

  return async (authorization) => {
    const token = readToken(authorization);
    const known = verified.get(token);
    if (known !== undefined) return known;
    const payload = await verify(token, issuers);
    const caller = callerOf(payload);
    const millisecondsLeft = (payload.exp ?? 0) * 1000 - Date.now();
    if (millisecondsLeft > 0) verified.set(token, caller, { ttl: millisecondsLeft });
    return caller;
  };
}

function readToken(authorization: string | undefined): string {
  const token = /^Bearer +(\S+)$/i.exec(authorization?.trim() ?? "")?.[1];
  if (token === undefined) throw unauthenticated("Access token is empty.", undefined);
  if (token.length > tokenLengthMax) throw unauthenticated("Access token is too long.", "invalid_token");
  return token;
}

async function verify(token: string, issuers: readonly Issuer[]): Promise<JWTPayload> {
  const { issuer, audience, getKey } = issuerOf(token, issuers);
  try {
    const { payload } = await jwtVerify(token, getKey, {
      algorithms,
      issuer,
      audience,
      requiredClaims: ["exp", "tid"],
      clockTolerance: clockToleranceSeconds,
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JOSEError && !isUnreachable(error))
      throw unauthenticated(reasonOf(error), "invalid_token");
    const message = "The keys of the token's issuer cannot be read at this moment. Try again.";
    throw new Problem("serviceNotAvailable", message, { cause: error, headers: { "Retry-After": "5" } });
  }
}

// The claim is read before anything is verified, only to choose whose keys to verify with.
function issuerOf(token: string, issuers: readonly Issuer[]): Issuer {
  try {
    const { iss } = decodeJwt(token);
    const found = issuers.find(({ issuer }) => issuer === iss);
    if (found !== undefined) return found;
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
    throw unauthenticated(reasonOf(error), "invalid_token");
  }
  throw unauthenticated("Access token validation failure. Invalid issuer.", "invalid_token");
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
    throw unauthenticated("Access token validation failure. The claim 'tid' is not a UUID.", "invalid_token");
  }
  const granted = [
    ...(Array.isArray(roles) ? roles.filter((role) => typeof role === "string") : []),
    ...(typeof scp === "string" ? scp.split(" ") : []),
  ];
  const names = [payload["azp"], payload["appid"], payload.sub];
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

function unauthenticated(message: string, code: string | undefined): Problem {
  const more = code === undefined ? "" : `, error="${code}", error_description="${message.replaceAll('"', "'")}"`;
  return new Problem("unauthenticated", message, { headers: { "WWW-Authenticate": `Bearer realm=""${more}` } });
}
