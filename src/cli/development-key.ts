import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exportJWK, generateKeyPair, importJWK, type JSONWebKeySet, type JWK, SignJWT } from "jose";

/** Who signs, and for whom, in development mode. */
export const developmentIssuer = "urn:tenantry:development";
export const developmentAudience = "urn:tenantry";

const algorithm = "ES256";

/** Reads the development key of a data directory, and makes it first when there is none. Only its owner may read it. */
export async function readDevelopmentKey(directory: string): Promise<JWK> {
  const file = fileOf(directory);
  try {
    return parseKey(readFileSync(file, "utf8"));
  } catch (error) {
    if (!isCode(error, "ENOENT")) throw error;
  }
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const key = { ...(await exportJWK(privateKey)), alg: algorithm, kid: "development" };
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  try {
    writeFileSync(file, JSON.stringify(key), { mode: 0o600, flag: "wx" });
    return key;
  } catch (error) {
    // Another process made one at the same time: that one counts.
    if (!isCode(error, "EEXIST")) throw error;
    return parseKey(readFileSync(file, "utf8"));
  }
}

/** Tells whether a data directory has a development key. */
export function hasDevelopmentKey(directory: string): boolean {
  return existsSync(fileOf(directory));
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

function fileOf(directory: string): string {
  return join(directory, "development-key.json");
}

// What is read back is what was written above; a file that was damaged fails when it is imported.
function parseKey(text: string): JWK {
  return JSON.parse(text);
}

/** Tells the error of this code of the operating system. */
export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
