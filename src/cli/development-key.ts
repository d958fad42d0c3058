import { existsSync } from "node:fs";
import { join } from "node:path";
import { exportJWK, generateKeyPair, importJWK, type JSONWebKeySet, type JWK, SignJWT } from "jose";
import { readOwnFile } from "./own-file.ts";

/** Who signs, and for whom, in development mode. */
export const developmentIssuer = "urn:tenantry:development";
export const developmentAudience = "urn:tenantry";

const algorithm = "ES256";
const fileName = "development-key.json";

/** Reads the development key of a data directory, and makes it first when there is none. Only its owner may read it. */
export async function readDevelopmentKey(directory: string): Promise<JWK> {
  const text = await readOwnFile(directory, fileName, async () => {
    const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
    return JSON.stringify({ ...(await exportJWK(privateKey)), alg: algorithm, kid: "development" });
  });
  return parseKey(text);
}

/** Tells whether a data directory has a development key. */
export function hasDevelopmentKey(directory: string): boolean {
  return existsSync(join(directory, fileName));
}

/** The public half of a key, as a set that tokens are checked against. */
export function publicKeys(key: JWK): JSONWebKeySet {
  const { d: _private, ...rest } = key;
  return { keys: [rest] };
}

/** Signs a token of development mode. `expires` is a span such as `1h`. */
export async function signToken(
  key: JWK,
  claims: { readonly partnerId: string; readonly permissions: readonly string[]; readonly expires: string },
): Promise<string> {
  return new SignJWT({ tid: claims.partnerId, azp: "tenantry-development", roles: [...claims.permissions] })
    .setProtectedHeader({ alg: algorithm, kid: key.kid ?? "development", typ: "JWT" })
    .setIssuer(developmentIssuer)
    .setAudience(developmentAudience)
    .setSubject("tenantry-development")
    .setIssuedAt()
    .setExpirationTime(claims.expires)
    .sign(await importJWK(key, algorithm));
}

// What is read back is what was written above; a file that was damaged fails when it is imported.
function parseKey(text: string): JWK {
  return JSON.parse(text);
}
