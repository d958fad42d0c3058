import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { partner } from "./service.ts";

/** An issuer of tokens on loopback whose answers a test may change while it runs. */
export interface TestIssuer extends AsyncDisposable {
  /** The issuer as its documents name it. */
  readonly url: string;
  /** The paths that were asked for, in order. */
  readonly asked: string[];
  /** What is answered instead of the documents, if anything. */
  failure: { readonly status: number; readonly body?: string; readonly location?: string } | undefined;
  /** What its discovery document says otherwise than usual. */
  said: Readonly<Record<string, unknown>>;
  /** What its key says besides. */
  saidOfKey: Readonly<Record<string, unknown>>;
  /** Signs with new keys from now on, and publishes only these. */
  rotate(): Promise<void>;
  sign(claims?: JWTPayload): Promise<string>;
}

export const issuerAudience = "api://tenantry";

/** Starts an issuer with one key. */
export async function startIssuer(): Promise<TestIssuer> {
  let pair = await makePair("first");
  let rotations = 0;
  const server = createServer((request, response) => {
    issuer.asked.push(request.url ?? "");
    if (issuer.failure !== undefined) {
      const { status, body = "", location } = issuer.failure;
      response.writeHead(status, location === undefined ? {} : { location }).end(body);
      return;
    }
    const isKeys = request.url === "/keys";
    const document = isKeys
      ? { keys: [{ ...pair.jwk, ...issuer.saidOfKey }] }
      : {
          issuer: issuer.url,
          jwks_uri: `${issuer.url}/keys`,
          authorization_endpoint: `${issuer.url}/authorize`,
          ...issuer.said,
        };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(document));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const issuer: TestIssuer = {
    url: `http://127.0.0.1:${port}`,
    asked: [],
    failure: undefined,
    said: {},
    saidOfKey: {},
    async rotate() {
      rotations += 1;
      pair = await makePair(`rotation-${rotations}`);
    },
    sign: (claims = {}) =>
      new SignJWT({ tid: partner, azp: "integration", roles: ["Customer.Read.All"], ...claims })
        .setProtectedHeader({ alg: "PS256", kid: pair.jwk.kid })
        .setIssuer(claims.iss ?? issuer.url)
        .setAudience(issuerAudience)
        .setExpirationTime("1h")
        .sign(pair.privateKey),
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return issuer;
}

async function makePair(kid: string) {
  const { privateKey, publicKey } = await generateKeyPair("PS256", { extractable: true });
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), alg: "PS256", kid, use: "sig" } };
}
