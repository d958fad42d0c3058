import { exportSPKI, type JWTPayload, SignJWT, UnsecuredJWT } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { authenticator } from "../../src/server/authenticate.ts";
import { audience, engines, issuer, keys, partner, signToken } from "../support/service.ts";
import { type Attempt, expectRefusal, type Refusal, sendAttempt, stateOf } from "./refusal.ts";
import { openWorld, type World } from "./world.ts";

const now = Math.floor(Date.now() / 1000);
const ordinary = { iss: issuer, aud: audience, tid: partner, roles: ["Customer.ReadWrite.All"], exp: now + 3600 };
const unauthenticated = { status: 401, code: "unauthenticated" } as const;

/** The tokens that must not be believed, each with what its refusal says. */
const forged: readonly (readonly [sentence: string, token: () => Promise<string>, message: RegExp])[] = [
  ["a token that has expired", () => signToken({ exp: now - 60 }), /expired/],
  ["a token without an expiration", () => signToken(without("exp")), /'exp'/],
  ["a token that is not valid yet", () => signToken({ nbf: now + 3600 }), /'nbf'/],
  ["a token for another audience", () => signToken({ aud: "urn:another" }), /Invalid audience/],
  ["a token without an audience", () => signToken(without("aud")), /Invalid audience/],
  ["a token of another issuer", () => signToken({ iss: "https://evil.example/" }), /Invalid issuer/],
  ["a token without an issuer", () => signToken(without("iss")), /Invalid issuer/],
  ["a token that is not signed", async () => new UnsecuredJWT(ordinary).encode(), /malformed, or its signature/],
  ["a token signed with the public key as a secret", signWithPublicKey, /malformed, or its signature/],
  ["a token signed with another key", signWithAnotherKey, /malformed, or its signature/],
  ["a token with other claims than were signed", tamperClaims, /malformed, or its signature/],
  ["a token without its signature", dropSignature, /malformed, or its signature/],
  ["a text that is no token", async () => "abc", /malformed/],
  ["a token of 20000 characters", async () => `${await signToken()}${"A".repeat(20_000)}`, /too long/],
  ["a token without tid", () => signToken(without("tid")), /'tid'/],
  ["a token whose tid is no UUID", () => signToken({ tid: "contoso" }), /'tid' is not a UUID/],
  ["a token whose tid is a number", () => signToken({ tid: 7 }), /'tid' is not a UUID/],
];

const requests: readonly Attempt[] = [
  { method: "GET", path: "/customers/{active}" },
  { method: "POST", path: "/customerCreationOperations", body: { domain: "{free}" } },
];

describe.each(engines)("authentication on %s", (engine) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(engine);
  });
  afterAll(() => world.service[Symbol.asyncDispose]());

  describe.each(requests)("of $method $path", (request) => {
    async function expectRefused(attempt: Attempt, refusal: Refusal) {
      const before = await stateOf(world.service);

      const answer = await sendAttempt(world, attempt);
      const after = await stateOf(world.service);

      expectRefusal(answer, refusal);
      expect(after).toEqual(before);
    }

    test("answers 401 to a request without a token, and says that bearer tokens are wanted", () =>
      expectRefused(
        { ...request, token: null },
        { ...unauthenticated, message: /empty/, headers: { "WWW-Authenticate": /^Bearer realm=""$/ } },
      ));

    test.each(["", "Bearer", "Bearer ", "Basic dXNlcjpwYXNz", "Bearer a b"])(
      "answers 401 to the Authorization '%s'",
      (authorization) =>
        expectRefused(
          { ...request, token: null, headers: { authorization } },
          { ...unauthenticated, message: /empty/, headers: { "WWW-Authenticate": /^Bearer / } },
        ),
    );

    test("answers 401 to a good token that stands in the URL", async () => {
      const path = `${request.path}?access_token=${await signToken()}`;

      await expectRefused({ ...request, path, token: null }, unauthenticated);
    });

    test.each(forged)("answers 401 to %s", async (_sentence, token, message) => {
      const headers = { "WWW-Authenticate": /^Bearer realm="", error="invalid_token", error_description="[^"]+"$/ };

      await expectRefused({ ...request, token: await token() }, { ...unauthenticated, message, headers });
    });
  });

  test("a refusal repeats nothing of the token", async () => {
    const token = await signToken({ tid: "contoso-secret" });

    const answer = await world.service.get("/customers", { token });

    expect(answer.status).toBe(401);
    expect(JSON.stringify([answer.headers, answer.text])).not.toContain("contoso-secret");
    expect(JSON.stringify([answer.headers, answer.text])).not.toContain(token);
  });

  test.each(["bearer", "BEARER"])("the scheme may be written %s", async (scheme) => {
    const headers = { authorization: `${scheme} ${await signToken()}` };

    const answer = await world.service.get("/customers", { token: null, headers });

    expect(answer.status).toBe(200);
  });

  test("the partner of a token is the same in whichever case its tid is written", async () => {
    const token = await signToken({ tid: partner.toUpperCase() });

    const answer = await world.service.get(`/customers/${world.names["active"]}`, { token });

    expect(answer.status).toBe(200);
  });

  test.each(["/$metadata", "/", "/openapi.json", "/swagger.json", "!/healthz", "!/readyz"])(
    "anyone may read %s",
    async (path) => {
      const answer = await world.service.get(path, { token: null });

      expect(answer.status).toBe(200);
    },
  );

  test("anyone may ask for the methods of a path", async () => {
    const answer = await world.service.send("OPTIONS", "/customers", { token: null });

    expect(answer.status).toBe(204);
  });
});

describe("a token that was verified", () => {
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  test("is refused once it has expired", async () => {
    vi.useFakeTimers({ toFake: ["Date", "setTimeout"] });
    vi.spyOn(performance, "now").mockImplementation(() => Date.now());
    const authenticate = authenticator([{ issuer, audiences: [audience], keys: { jwks: (await keys).jwks } }]);
    const authorization = `Bearer ${await signToken({ exp: Math.floor(Date.now() / 1000) + 100 })}`;

    const first = await authenticate(authorization);
    vi.advanceTimersByTime(95_000);
    const second = await authenticate(authorization);
    vi.advanceTimersByTime(60_000);
    const third = authenticate(authorization);

    expect(first.partnerId).toBe(partner);
    expect(second).toBe(first);
    await expect(third).rejects.toMatchObject({
      code: "unauthenticated",
      message: expect.stringContaining("expired"),
    });
  });
});

/** The claims of an ordinary token but one. */
function without(claim: string): JWTPayload {
  return { [claim]: undefined };
}

async function signWithPublicKey(): Promise<string> {
  const secret = new TextEncoder().encode(await exportSPKI((await keys).publicKey));
  return new SignJWT(ordinary).setProtectedHeader({ alg: "HS256", kid: "test" }).sign(secret);
}

async function signWithAnotherKey(): Promise<string> {
  const { privateKey } = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign"]);
  return new SignJWT(ordinary).setProtectedHeader({ alg: "ES256", kid: "test" }).sign(privateKey);
}

async function tamperClaims(): Promise<string> {
  const [header, , signature] = (await signToken()).split(".");
  const claims = Buffer.from(JSON.stringify({ ...ordinary, tid: partner.replaceAll("1", "2") })).toString("base64url");
  return `${header}.${claims}.${signature}`;
}

async function dropSignature(): Promise<string> {
  const [header, claims] = (await signToken()).split(".");
  return `${header}.${claims}.`;
}
