import { createPrivateKey, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { createLocalJWKSet, decodeJwt, jwtVerify } from "jose";
import { generate } from "selfsigned";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Change, decrypt, startReceiver as startExample } from "../../examples/notifications/receiver.ts";
import { createCustomer } from "../support/delta.ts";
import { outsideOf } from "../support/outside.ts";
import { type Receiver, startReceiver, subscribe, subscriptionBody } from "../support/receiver.ts";
import { engines, eventually, origin, partner, type Service, startService } from "../support/service.ts";

const certificateOf = (pem: string) => new X509Certificate(pem).raw.toString("base64");
const makePair = (keySize = 2048) => generate([{ name: "commonName", value: "receiver" }], { keySize });

describe.each(engines)("notifications with data on %s", (engine) => {
  let service: Service;
  let receiver: Receiver;
  let pair: Awaited<ReturnType<typeof makePair>>;
  beforeAll(async () => {
    service = await startService(engine, { work: true, limits: { pollMilliseconds: 50 } });
    receiver = await startReceiver();
    pair = await makePair();
  });
  afterAll(async () => {
    await service[Symbol.asyncDispose]();
    await receiver[Symbol.asyncDispose]();
  });

  const rich = () => ({
    changeType: "created,deleted",
    includeResourceData: true,
    encryptionCertificate: certificateOf(pair.cert),
    encryptionCertificateId: "mine",
  });

  test("are decrypted by the recipe, and signed by the key that is published", async () => {
    await subscribe(service, receiver, { ...rich(), notificationUrlAppId: "my-app" });

    const id = await createCustomer(service, { metadata: { tier: "gold" } });
    await eventually(async () => (receiver.requests.length > 0 ? true : undefined));
    const body = JSON.parse(receiver.requests[0]?.body ?? "");
    const [{ encryptedContent }] = body.value;
    const data = decrypt(encryptedContent, new Map([["mine", createPrivateKey(pair.private)]]));
    const jwks = await service.get("!/.well-known/jwks.json", { token: null });
    const metadata = await service.get("!/.well-known/openid-configuration", { token: null });
    const { payload } = await jwtVerify(body.validationTokens[0], createLocalJWKSet(jwks.json), {
      issuer: origin,
      audience: "my-app",
    });

    expect(data).toMatchObject({
      id,
      metadata: { tier: "gold" },
      "@odata.context": expect.stringContaining("customers"),
    });
    expect(encryptedContent.encryptionCertificateThumbprint).toBe(
      new X509Certificate(pair.cert).fingerprint.replaceAll(":", ""),
    );
    expect(body.validationTokens).toHaveLength(1);
    expect(payload).toMatchObject({ tid: partner, appid: metadata.json.publisher_application_id });
    expect(jwks.json.keys).toEqual([
      expect.objectContaining({ kty: "RSA", alg: "RS256", use: "sig", kid: metadata.json.publisher_application_id }),
    ]);
    expect(Object.keys(jwks.json.keys[0])).not.toContain("d");
    expect(JSON.stringify(body)).not.toContain("gold");
  });

  test("have a key of their own each, and of what is deleted no data", async () => {
    const before = receiver.taken.length;
    const a = await createCustomer(service);
    await createCustomer(service);
    await service.delete(`/customers/${a}`);
    await eventually(async () => (receiver.taken.length >= before + 3 ? true : undefined));

    const told = receiver.taken.slice(before);
    const deleted = told.find(({ changeType }) => changeType === "deleted");
    const keys = told.flatMap(({ encryptedContent }) => encryptedContent?.dataKey ?? []);

    expect(deleted).not.toHaveProperty("encryptedContent");
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.length).toBeGreaterThan(0);
  });

  test("are signed by one key in all processes of a database, which is kept sealed", async () => {
    const token = JSON.parse(receiver.requests[0]?.body ?? "").validationTokens[0];
    const [kept] = await service.rows(`select * from "signingKeys"`);

    expect(decodeJwt(token)["appid"]).toBe(kept.id);
    expect(await service.rows(`select * from "signingKeys"`)).toHaveLength(1);
    expect(kept.sealedPrivateKey).not.toContain('"d"');
    expect(kept.publicKey).not.toContain('"d"');
  });

  test.each(["", "bm90IGEgY2VydGlmaWNhdGU=", "%%%"])(
    "take no certificate such as '%s', and do not repeat it",
    async (text) => {
      const refused = await service.post(
        "/subscriptions",
        subscriptionBody(receiver.url, { ...rich(), encryptionCertificate: text }),
      );

      expect(refused.status).toBe(400);
      expect(refused.json.error.target).toBe("encryptionCertificate");
      if (text !== "") expect(refused.text).not.toContain(text);
    },
  );

  test("take no certificate whose key is short", async () => {
    const short = await makePair(1024);

    const refused = await service.post(
      "/subscriptions",
      subscriptionBody(receiver.url, { ...rich(), encryptionCertificate: certificateOf(short.cert) }),
    );

    expect([refused.status, refused.json.error.target]).toEqual([400, "encryptionCertificate"]);
  });

  test("go to another certificate when the subscription is given one", async () => {
    const next = await makePair();
    const { id } = await subscribe(service, receiver, { ...rich(), changeType: "created" });

    const renewed = await service.patch(`/subscriptions/${id}`, {
      encryptionCertificate: certificateOf(next.cert),
      encryptionCertificateId: "next",
    });
    const taken = await service.patch(`/subscriptions/${id}`, { encryptionCertificate: null });
    const customer = await createCustomer(service);
    const notification = await eventually(async () =>
      receiver.taken.find((each) => each.subscriptionId === id && each.resourceData.id === customer),
    );
    const data = decrypt(notification.encryptedContent, new Map([["next", createPrivateKey(next.private)]]));

    expect([renewed.status, taken.status]).toEqual([200, 400]);
    expect(data).toMatchObject({ id: customer });
  });

  test("go to the certificate that was acknowledged before the change, however busy the subscription is", async () => {
    const { id } = await subscribe(service, receiver, { ...rich(), changeType: "created" });
    const rounds = Array.from({ length: 40 }, (_, round) => `round-${String(round)}`);

    const ids = new Map<string, string>();
    for (const encryptionCertificateId of rounds) {
      const before = Promise.all(Array.from({ length: 8 }, () => createCustomer(service)));
      const body = { encryptionCertificate: certificateOf(pair.cert), encryptionCertificateId };
      await service.patch(`/subscriptions/${id}`, body);
      ids.set(await createCustomer(service), encryptionCertificateId);
      await before;
    }
    const told = await eventually(async () => {
      const own = receiver.taken.filter((each) => each.subscriptionId === id && ids.has(each.resourceData.id));
      return own.length >= ids.size ? own : undefined;
    });

    const behind = told.filter(({ resourceData, encryptedContent }) => {
      const used = rounds.indexOf(encryptedContent.encryptionCertificateId);
      return used < rounds.indexOf(ids.get(resourceData.id) ?? "");
    });
    expect(behind).toEqual([]);
  });

  test("are taken by the example: what is genuine, and once", async () => {
    const taken: Change[] = [];
    const keysServer = await serveKeys(service);
    await using keysOutside = outsideOf(keysServer);
    const publisher = { issuer: origin, keys: new URL(keysOutside.origin), audience: "test" };
    const keys = new Map([["mine", createPrivateKey(pair.private)]]);
    const server = await startExample(0, { clientState: "s3cret", publisher, keys }, (change) => taken.push(change));
    await using example = outsideOf(server);
    const { id } = await subscribe(service, { url: example.origin }, { ...rich(), clientState: "s3cret" });
    await subscribe(service, { url: example.origin }, { ...rich(), clientState: "another" });

    const begun = new Date().toISOString();
    const customer = await createCustomer(service);
    await eventually(async () => (taken.length > 0 ? true : undefined));
    const forged = { value: [{ id: "forged", clientState: "s3cret", changeType: "created", resource: "customers/1" }] };
    const answered = await fetch(example.origin, { method: "POST", body: JSON.stringify(forged) });
    await service.post(`/subscriptions/${id}/redeliver`, { fromDateTime: begun });
    await eventually(async () => {
      const { json } = await service.get(`/subscriptions/${id}/deliveries`);
      return json.value.length > 1 ? true : undefined;
    });

    expect(answered.status).toBe(202);
    expect(taken).toEqual([
      {
        id: expect.stringContaining(id),
        changeType: "created",
        resource: `customers/${customer}`,
        data: expect.objectContaining({ id: customer }),
      },
    ]);
  });
});

/** Publishes the keys of a service on the network, as its listener does. */
async function serveKeys(service: Service): Promise<Server> {
  const { text } = await service.get("!/.well-known/jwks.json", { token: null });
  const server = createServer((_request, response) => response.end(text));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}
