import { exportJWK, generateKeyPair, importJWK, SignJWT } from "jose";
import { findSigningKey, type KeptKey, keepSigningKey } from "../store/signing-keys.ts";
import type { Context } from "./offer.ts";
import { later } from "./operation.ts";
import type { Publisher } from "./publisher.ts";

const algorithm = "RS256";
const tokenSeconds = 3600;

/** Makes the publisher of a database. Its key is made when it is first needed, and kept sealed. */
export function openPublisher(
  { database, vault, clock, newId }: Pick<Context, "database" | "vault" | "clock" | "newId">,
  issuer: string,
): Publisher {
  let ready: Promise<KeptKey> | undefined;

  // What fails is tried again by the next one who asks.
  function key(): Promise<KeptKey> {
    ready ??= findOrMake().catch((error: unknown) => {
      ready = undefined;
      throw error;
    });
    return ready;
  }

  async function findOrMake(): Promise<KeptKey> {
    const found = await findSigningKey(database);
    if (found !== undefined) return found;
    const id = newId();
    const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
    const named = { alg: algorithm, use: "sig", kid: id };
    const made = {
      id,
      publicKey: JSON.stringify({ ...(await exportJWK(publicKey)), ...named }),
      sealedPrivateKey: vault.seal(JSON.stringify(await exportJWK(privateKey)), aboutKey(id)),
    };
    await keepSigningKey(database, made, clock());
    // Another process may have made one at the same time: that one counts for both.
    return (await findSigningKey(database)) ?? made;
  }

  return {
    issuer,
    applicationId: async () => (await key()).id,
    async sign(audience, partnerId) {
      const { id, sealedPrivateKey } = await key();
      const now = clock();
      const seconds = (instant: string) => Math.floor(Date.parse(instant) / 1000);
      return new SignJWT({ tid: partnerId, appid: id, azp: id, ver: "1.0" })
        .setProtectedHeader({ alg: algorithm, kid: id, typ: "JWT" })
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(seconds(now))
        .setNotBefore(seconds(now))
        .setExpirationTime(seconds(later(now, tokenSeconds)))
        .sign(await importJWK(JSON.parse(vault.open(sealedPrivateKey, aboutKey(id))), algorithm));
    },
    async publicKeys() {
      return { keys: [JSON.parse((await key()).publicKey)] };
    },
  };
}

function aboutKey(id: string): string {
  return `signingKeys/${id}`;
}
