import { hash } from "node:crypto";
import type { Context } from "../onboarding/offer.ts";
import { findRefreshToken, keepRefreshToken } from "../store/refresh-tokens.ts";

/** A refresh token that lasts: with each access token comes the next one (RFC 6749 section 6), and that is kept. */
export interface RefreshToken {
  /** Gives the one that came last, or the one that was set when none has come. */
  read(): Promise<string>;
  /** Keeps the one that came, for this process, the others and those that come after them. */
  keep(token: string): Promise<void>;
}

/** Makes the refresh token that begins with one that was set. What comes is kept sealed; another that is set begins anew. */
export function refreshTokenFrom(
  configured: string,
  { database, vault, clock, log }: Pick<Context, "database" | "vault" | "clock" | "log">,
): RefreshToken {
  const configuredDigest = hash("sha256", configured, "base64url");
  const about = `refreshTokens/${configuredDigest}`;
  return {
    async read() {
      const sealed = await findRefreshToken(database, configuredDigest);
      if (sealed === undefined) return configured;
      try {
        return vault.open(sealed, about);
      } catch (error) {
        log.warn({ err: error }, "the refresh token that was kept cannot be opened: the one that is set is used");
        return configured;
      }
    },
    keep: (token) => keepRefreshToken(database, { configuredDigest, sealedToken: vault.seal(token, about) }, clock()),
  };
}
