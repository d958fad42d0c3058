import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { authenticator, type Trust } from "../../src/server/authenticate.ts";
import { service as serviceOn } from "../../src/server/handle.ts";
import { issuerAudience, startIssuer, type TestIssuer } from "../support/issuer.ts";
import { origin, partner, type Service, startService } from "../support/service.ts";

const minute = 60_000;

describe("an issuer that tells where its keys are", () => {
  let service: Service;
  let issuer: TestIssuer;
  let get: (token: string) => Promise<{ readonly status: number; readonly challenge: string | undefined }>;

  beforeAll(async () => {
    service = await startService("sqlite");
  });
  afterAll(() => service[Symbol.asyncDispose]());

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    issuer = await startIssuer();
    get = believing({});
  });
  afterEach(async () => {
    vi.useRealTimers();
    await issuer[Symbol.asyncDispose]();
  });

  /** A server that has just started and believes the issuer. */
  function believing(trust: Partial<Trust>): typeof get {
    const trusted: Trust = { issuer: issuer.url, audiences: [issuerAudience], keys: "discovered", ...trust };
    const handle = serviceOn({ ...service.context, log: quiet }, authenticator([trusted]));
    return async (token) => {
      const headers = { authorization: `Bearer ${token}` };
      const answer = await handle({ method: "GET", origin, url: "/v1.0/customers", headers });
      return { status: answer.status, challenge: answer.headers["WWW-Authenticate"] };
    };
  }

  test("is believed, and asked once for each of its documents", async () => {
    const first = await get(await issuer.sign());
    const second = await get(await issuer.sign({ jti: "another" }));

    expect([first.status, second.status]).toEqual([200, 200]);
    expect(issuer.asked).toEqual(["/.well-known/openid-configuration", "/keys"]);
  });

  test("is not asked for a discovery document when the place of the keys is set", async () => {
    get = believing({ keys: { jwksUrl: `${issuer.url}/keys` } });

    const { status } = await get(await issuer.sign());

    expect(status).toBe(200);
    expect(issuer.asked).toEqual(["/keys"]);
  });

  test("may change its keys: a new one is believed half a minute after the last look, and an old one no more", async () => {
    const old = await issuer.sign();
    await get(await issuer.sign({ jti: "warm" }));
    await issuer.rotate();
    const atOnce = await get(await issuer.sign());
    vi.advanceTimersByTime(31_000);

    const afterwards = await get(await issuer.sign());
    const withOldKey = await get(old);

    expect([atOnce.status, afterwards.status, withOldKey.status]).toEqual([401, 200, 401]);
  });

  test("is not asked again for each token with a key that nobody knows", async () => {
    await get(await issuer.sign());
    await issuer.rotate();
    const asked = issuer.asked.length;

    for (let round = 0; round < 20; round += 1) await get(await issuer.sign({ jti: `${round}` }));

    expect(issuer.asked.length).toBe(asked);
  });

  test("that cannot be reached any more is believed as it was, for a day", async () => {
    await get(await issuer.sign());
    issuer.failure = { status: 500 };
    vi.advanceTimersByTime(23 * 60 * minute);
    const within = await get(await issuer.sign({ jti: "within" }));
    vi.advanceTimersByTime(2 * 60 * minute);

    const after = await get(await issuer.sign({ jti: "after" }));

    expect([within.status, after.status]).toEqual([200, 503]);
  });

  test("that was never reached is no fault of the caller, and is asked again only after a pause that grows", async () => {
    issuer.failure = { status: 500 };
    const statuses = [];
    for (let round = 0; round < 10; round += 1) statuses.push((await get(await issuer.sign())).status);
    const askedAtFirst = issuer.asked.length;
    vi.advanceTimersByTime(1_500);
    await get(await issuer.sign());
    await get(await issuer.sign());
    vi.advanceTimersByTime(1_500);
    await get(await issuer.sign());
    const askedLater = issuer.asked.length;
    issuer.failure = undefined;
    vi.advanceTimersByTime(minute);

    const { status } = await get(await issuer.sign());

    expect(statuses).toEqual(Array(10).fill(503));
    expect([askedAtFirst, askedLater]).toEqual([1, 2]);
    expect(status).toBe(200);
  });

  test.each<[string, Partial<TestIssuer>]>([
    ["is another issuer's", { said: { issuer: "https://another.example" } }],
    ["names keys that are read over plain http", { said: { jwks_uri: "http://keys.example/keys" } }],
    ["names no keys", { said: { jwks_uri: undefined } }],
    ["is no JSON", { failure: { status: 200, body: "<html>" } }],
    ["is JSON, but no object", { failure: { status: 200, body: "null" } }],
    ["is longer than a megabyte", { failure: { status: 200, body: `"${"x".repeat(1_100_000)}"` } }],
    ["leads elsewhere", { failure: { status: 302, location: "https://evil.example/" } }],
  ])("is not believed when its document %s", async (_sentence, changes) => {
    Object.assign(issuer, changes);

    const { status } = await get(await issuer.sign());

    expect(status).toBe(503);
  });

  test("tells a client with a bad token where to sign in", async () => {
    const { status, challenge } = await get(await issuer.sign({ tid: "contoso" }));
    const { challenge: withIssuer } = await get(await issuer.sign({ nbf: Math.floor(Date.now() / 1000) + 3600 }));

    expect(status).toBe(401);
    expect(challenge).toMatch(/^Bearer realm="", error="invalid_token"/);
    expect(withIssuer).toMatch(
      new RegExp(`^Bearer realm="", authorization_uri="${issuer.url}/authorize", error="invalid_token", `),
    );
  });

  test("tells a client without a token where to sign in, and is asked once by many", async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => get("")));

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    expect(answers[0]?.challenge).toBe(`Bearer realm="", authorization_uri="${issuer.url}/authorize"`);
    expect(issuer.asked).toEqual(["/.well-known/openid-configuration"]);
  });

  test("that is Microsoft Entra is told by its endpoint of version 1, which takes what Excel sends there", async () => {
    issuer.said = { authorization_endpoint: "https://login.example/contoso/oauth2/v2.0/authorize" };

    const { challenge } = await get("");

    expect(challenge).toBe('Bearer realm="", authorization_uri="https://login.example/contoso/oauth2/authorize"');
  });

  test("that cannot be reached keeps nobody from the answer that a token is missing", async () => {
    issuer.failure = { status: 500 };

    const { status, challenge } = await get("");

    expect([status, challenge]).toEqual([401, 'Bearer realm=""']);
  });

  test("of many tenants is believed for the tenant of the token, and for no other", async () => {
    const trusted = `${issuer.url}/{tenantid}/v2.0`;
    issuer.said = { issuer: trusted };
    get = believing({ issuer: trusted });

    const own = await get(await issuer.sign({ iss: `${issuer.url}/${partner}/v2.0` }));
    const foreign = await get(await issuer.sign({ iss: `${issuer.url}/22222222-2222-4222-8222-222222222222/v2.0` }));
    const literal = await get(await issuer.sign({ iss: trusted }));

    expect([own.status, foreign.status, literal.status]).toEqual([200, 401, 401]);
    expect(issuer.asked[0]).toBe("/common/v2.0/.well-known/openid-configuration");
  });

  test.each([
    ["any tenant's", "{tenantid}", 200],
    ["this tenant's", partner, 200],
    ["another tenant's", "9188040d-6c67-4c5b-b112-36a304b66dad", 401],
  ])("of many tenants is believed by a key that it says is %s, or not", async (_whose, tenant, expected) => {
    const trusted = `${issuer.url}/{tenantid}/v2.0`;
    issuer.said = { issuer: trusted };
    issuer.saidOfKey = { issuer: `${issuer.url}/${tenant}/v2.0` };
    get = believing({ issuer: trusted });

    const { status } = await get(await issuer.sign({ iss: `${issuer.url}/${partner}/v2.0` }));

    expect(status).toBe(expected);
  });

  test.each([["c1"], [["c0", "c1"]]])("is believed with the authentication context %j", async (acrs) => {
    get = believing({ authenticationContext: "c1" });

    expect((await get(await issuer.sign({ acrs }))).status).toBe(200);
  });

  test.each([[undefined], ["c2"], [["c11"]], [{ c1: true }]])(
    "answers a token of the authentication context %j with a challenge that says which one is wanted",
    async (acrs) => {
      get = believing({ authenticationContext: "c1" });

      const { status, challenge = "" } = await get(await issuer.sign({ acrs }));
      const claims = /claims="([^",]+)"/.exec(challenge)?.[1] ?? "";

      expect(status).toBe(401);
      expect(challenge).toMatch(/^Bearer .*error="insufficient_claims"/);
      expect(JSON.parse(Buffer.from(claims, "base64").toString())).toEqual({
        access_token: { acrs: { essential: true, value: "c1" } },
      });
    },
  );
});

const quiet: Service["context"]["log"] = { info: () => undefined, warn: () => undefined, error: () => undefined };
