import * as oidc from "openid-client";
import { texts } from "../texts.ts";
import { callbackPath, type SignIn } from "./portal-config.ts";
import type { Session } from "./session.ts";

/** What must be remembered while the browser is at the issuer. */
interface Journey {
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
  /** Where in the portal the journey began. */
  readonly from: string;
}

const journeyKey = "tenantry.sign-in";

/** Sends the browser to the issuer: authorization code with PKCE (RFC 6749 section 4.1, RFC 7636). */
export async function beginSignIn(signIn: SignIn, from: string): Promise<void> {
  const issuer = await discover(signIn);
  const journey: Journey = {
    verifier: oidc.randomPKCECodeVerifier(),
    state: oidc.randomState(),
    nonce: oidc.randomNonce(),
    from,
  };
  sessionStorage.setItem(journeyKey, JSON.stringify(journey));
  const address = oidc.buildAuthorizationUrl(issuer, {
    redirect_uri: location.origin + callbackPath,
    scope: signIn.scope,
    state: journey.state,
    nonce: journey.nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(journey.verifier),
    code_challenge_method: "S256",
  });
  location.assign(address);
}

/** Takes the code that the issuer sent along, and gives the session with where the journey began. */
export async function completeSignIn(signIn: SignIn): Promise<{ readonly session: Session; readonly from: string }> {
  const kept = sessionStorage.getItem(journeyKey);
  if (kept === null) throw new Error(texts.signIn.elsewhere);
  sessionStorage.removeItem(journeyKey);
  const journey: Journey = JSON.parse(kept);
  const issuer = await discover(signIn);
  const tokens = await oidc.authorizationCodeGrant(issuer, new URL(location.href), {
    pkceCodeVerifier: journey.verifier,
    expectedState: journey.state,
    expectedNonce: journey.nonce,
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  const names = [claims?.["name"], claims?.["preferred_username"], claims?.sub];
  const name = names.find((each) => typeof each === "string") ?? "";
  return { session: { token: tokens.access_token, name: String(name) }, from: journey.from };
}

function discover({ issuer, clientId }: SignIn): Promise<oidc.Configuration> {
  const url = new URL(issuer);
  // Plain http is for an issuer on this machine; the server takes no other.
  const execute = url.protocol === "http:" ? [oidc.allowInsecureRequests] : [];
  return oidc.discovery(url, clientId, undefined, oidc.None(), { execute });
}
