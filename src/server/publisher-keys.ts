import type { Context } from "../onboarding/offer.ts";

/** Where the keys that validation tokens are checked with are found (RFC 8414, OpenID Connect Discovery 1.0). */
const paths = { metadata: "/.well-known/openid-configuration", keys: "/.well-known/jwks.json" } as const;

/** Answers what a receiver needs to check who sent it a notification; undefined: another path. */
export function answerPublisher({ publisher }: Context, pathname: string): Promise<object> | undefined {
  if (pathname === paths.keys) return publisher.publicKeys();
  return pathname === paths.metadata ? describePublisher(publisher) : undefined;
}

async function describePublisher(publisher: Context["publisher"]): Promise<object> {
  return {
    issuer: publisher.issuer,
    jwks_uri: publisher.issuer + paths.keys,
    id_token_signing_alg_values_supported: ["RS256"],
    publisher_application_id: await publisher.applicationId(),
  };
}
