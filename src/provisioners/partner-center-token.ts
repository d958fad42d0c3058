import { isValues } from "../model/define.ts";
import { ProvisioningFailure } from "../onboarding/provisioner.ts";
import { exchange } from "./exchange.ts";
import type { RefreshToken } from "./refresh-token.ts";

/** Who calls Partner Center: an application, or an application for a user when there is a refresh token. */
export interface TokenSource {
  /** The token endpoint of the partner's tenant (RFC 6749 section 3.2). */
  readonly tokenUrl: URL;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: RefreshToken | undefined;
  readonly scope: string;
  readonly clock: () => string;
  readonly secondsMax: number;
}

/** Gives a token, the same one until shortly before it expires. */
export interface Tokens {
  get(): Promise<string>;
  /** Forgets the token, since it was refused. */
  forget(): void;
}

const secondsBeforeExpiry = 60;

/** Makes what gives tokens. Those who ask at once wait for one token. */
export function tokensOf(source: TokenSource): Tokens {
  let current: { readonly token: Promise<string>; expires: number } | undefined;
  const renew = () => {
    const asked = askForToken(source);
    const entry = { token: asked.then(({ token }) => token), expires: Number.POSITIVE_INFINITY };
    current = entry;
    asked.then(
      ({ seconds }) => {
        entry.expires = Date.parse(source.clock()) + (seconds - secondsBeforeExpiry) * 1000;
      },
      () => {
        if (current === entry) current = undefined;
      },
    );
    return entry.token;
  };
  return {
    get() {
      const isGood = current !== undefined && Date.parse(source.clock()) < current.expires;
      return isGood && current !== undefined ? current.token : renew();
    },
    forget() {
      current = undefined;
    },
  };
}

// RFC 6749 sections 4.4 and 6. What the endpoint says of a refusal is not logged: it may repeat what was sent.
async function askForToken({ tokenUrl, clientId, clientSecret, refreshToken, scope, secondsMax }: TokenSource) {
  const used = await refreshToken?.read();
  const grant =
    used === undefined ? { grant_type: "client_credentials" } : { grant_type: "refresh_token", refresh_token: used };
  const form = new URLSearchParams({ ...grant, client_id: clientId, client_secret: clientSecret, scope });
  const headers = { "content-type": "application/x-www-form-urlencoded", accept: "application/json" };
  const { status, json } = await exchange(tokenUrl, { method: "POST", headers, body: form.toString(), secondsMax });
  const { access_token: token, expires_in: expires, refresh_token: next } = isValues(json) ? json : {};
  if (status === 200 && typeof token === "string") {
    if (typeof next === "string" && next !== used) await refreshToken?.keep(next);
    return { token, seconds: Number(expires) || 0 };
  }
  const said = isValues(json) && typeof json["error"] === "string" ? ` and '${json["error"]}'` : "";
  throw new ProvisioningFailure(`The token endpoint answered ${status}${said}.`, { passing: true });
}
