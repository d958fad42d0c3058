import { randomUUID } from "node:crypto";
import { Client } from "@microsoft/microsoft-graph-client";
import { describe, expect, test } from "vitest";
import { authenticator } from "../../src/server/authenticate.ts";
import { service as serve } from "../../src/server/handle.ts";
import { listen } from "../../src/server/listen.ts";
import { addCustomer, minimal, openOperation } from "../server/world.ts";
import { keepsAnswer, type Meddling, meddle } from "../support/failing-database.ts";
import { idempotent, lasting, repeatable, traces } from "../support/repeatable.ts";
import {
  audience,
  type Engine,
  engines,
  issuer,
  keys,
  newDomain,
  origin,
  type Service,
  signToken,
  startService,
} from "../support/service.ts";

const root = `${origin}/v1.0`;
const bodyOf = () => ({ companyProfile: { domain: newDomain() }, billingProfile: {} });

describe.each(engines)("a process on %s that dies between the change and the answer", (engine) => {
  test("has made a customer, and the repetition is answered with it", async () => {
    await using mortal = await startMortal(engine);
    const { service } = mortal;
    const body = bodyOf();
    const sending = repeatable();

    const lost = await mortal.lose(() => service.post("/customers", body, sending));
    const between = await service.changes();
    const again = await service.post("/customers", body, sending);
    const last = await service.post("/customers", body, sending);
    const after = await service.changes();

    const { value } = (await service.get("/customers")).json;
    const [operation] = (await service.get("/customerCreationOperations")).json.value;
    expect(lost.status).toBe(503);
    expect(lost.headers["Retry-After"]).toBe("1");
    expect(again.status).toBe(201);
    expect(value).toHaveLength(1);
    expect(again.json).toMatchObject(value[0]);
    expect(again.headers).toMatchObject({
      Location: `${root}/customers/${value[0].id}`,
      "OData-EntityId": `${root}/customers/${value[0].id}`,
      "Operation-Location": `${root}/customerCreationOperations/${operation.id}`,
      ETag: value[0]["@odata.etag"],
      "Repeatability-Result": "accepted",
      "Idempotency-Replayed": "true",
    });
    expect(lasting(last)).toEqual(lasting(again));
    expect(after).toEqual(between);
  });

  test("has attached a customer, and the repetition says where it is", async () => {
    await using mortal = await startMortal(engine);
    const { service } = mortal;
    const { id } = await openOperation(service);
    const path = `/customerCreationOperations/${id}/customer/$ref`;
    const sending = idempotent();

    await mortal.lose(() => service.post(path, minimal, sending));
    const between = await service.changes();
    const again = await service.post(path, minimal, sending);
    const after = await service.changes();

    const { value } = (await service.get("/customers")).json;
    expect(again.status).toBe(204);
    expect(again.headers).toMatchObject({
      Location: `${root}/customers/${value[0].id}`,
      "Operation-Location": `${root}/customerCreationOperations/${id}`,
    });
    expect(after).toEqual(between);
  });

  test("has changed a customer, and the repetition is answered with it as it is now", async () => {
    await using mortal = await startMortal(engine);
    const { service } = mortal;
    const { customer } = await addCustomer(service, minimal);
    const path = `/customers/${customer}`;
    const sending = idempotent();

    await mortal.lose(() => service.patch(path, { externalId: "crm-1" }, sending));
    await service.patch(path, { metadata: { tier: "gold" } });
    const between = await service.changes();
    const again = await service.patch(path, { externalId: "crm-1" }, sending);
    const after = await service.changes();

    expect(again.status).toBe(200);
    expect(again.json).toMatchObject({ id: customer, externalId: "crm-1", metadata: { tier: "gold" } });
    expect(after).toEqual(between);
  });

  test("has deleted a customer, and the repetition is answered 204 and not 404", async () => {
    await using mortal = await startMortal(engine);
    const { service } = mortal;
    const { customer } = await addCustomer(service, minimal);
    const sending = repeatable();

    await mortal.lose(() => service.delete(`/customers/${customer}`, sending));
    const between = await service.changes();
    const again = await service.delete(`/customers/${customer}`, sending);
    const after = await service.changes();

    expect(again.status).toBe(204);
    expect(again.headers["Repeatability-Result"]).toBe("accepted");
    expect(after).toEqual(between);
  });

  test("has made a customer that is deleted since, and the repetition says where it was and makes no other", async () => {
    await using mortal = await startMortal(engine);
    const { service } = mortal;
    const body = bodyOf();
    const sending = idempotent();

    await mortal.lose(() => service.post("/customers", body, sending));
    const { id } = (await service.get("/customers")).json.value[0];
    await service.delete(`/customers/${id}`);
    const between = await service.changes();
    const again = await service.post("/customers", body, sending);
    const after = await service.changes();

    expect(again.status).toBe(204);
    expect(again.headers["Location"]).toBe(`${root}/customers/${id}`);
    expect(after).toEqual(between);
  });

  test("refuses another request with the same key, with a link to what was made", async () => {
    await using mortal = await startMortal(engine);
    const { service } = mortal;
    const sending = idempotent();
    await mortal.lose(() => service.post("/customers", bodyOf(), sending));
    const before = await traces(service);

    const refused = await service.post("/customers", bodyOf(), sending);
    const after = await traces(service);

    const { id } = (await service.get("/customers")).json.value[0];
    expect(refused.status).toBe(409);
    expect(refused.headers["Location"]).toBe(`${root}/customers/${id}`);
    expect(after).toEqual(before);
  });

  test("before the change has done nothing, and the repetition does it", async () => {
    await using mortal = await startMortal(engine);
    const { service } = mortal;
    const body = bodyOf();
    const sending = repeatable();
    const before = await traces(service);

    const lost = await mortal.lose(() => service.post("/customers", body, sending), "change");
    const between = await traces(service);
    const again = await service.post("/customers", body, sending);

    expect(lost.status).toBe(500);
    expect(between).toEqual(before);
    expect(again.status).toBe(201);
    expect(again.headers).not.toHaveProperty("Idempotency-Replayed");
  });
});

describe.each(engines)("the official client on %s", (engine) => {
  test("sends a POST again after a 503 and gets the one customer that it made", async () => {
    await using mortal = await startMortal(engine);
    const { service, meddling } = mortal;
    const handle = serve(
      quiet(service),
      authenticator([{ issuer, audiences: [audience], keys: { jwks: (await keys).jwks } }]),
    );
    const listener = await listen(quiet(service), handle, { host: "127.0.0.1", port: 0 });
    const token = await signToken();
    const client = Client.init({ baseUrl: listener.origin, authProvider: (done) => done(null, token) });
    meddling.beforeWrite = failOnce(keepsAnswer);

    const made = await client
      .api("/customers")
      .headers({ authorization: `Bearer ${token}`, "Idempotency-Key": randomUUID() })
      .post(bodyOf());
    await listener.close();
    const customers = await service.get("/customers");

    expect(customers.json.value.map(({ id }: { id: string }) => id)).toEqual([made.id]);
  });
});

/** A service whose process can be made to die, as far as the database sees it. */
async function startMortal(engine: Engine) {
  const { meddling, through } = meddle();
  // A repetition after a death need not wait for an answer that never comes.
  const service = await startService(engine, { through, limits: { answerMilliseconds: 40 } });
  return {
    service,
    meddling,
    /** Sends a request during which the process dies: before the change is written, or right after it. */
    async lose(send: () => ReturnType<Service["get"]>, where: "change" | "answer" = "answer") {
      const { error } = service.context.log;
      Object.assign(service.context.log, { error: () => undefined });
      meddling.beforeWrite = failOnce((statements) => where === "change" || keepsAnswer(statements));
      const answer = await send();
      Object.assign(service.context.log, { error });
      meddling.beforeWrite = () => undefined;
      return answer;
    },
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  };
}

function failOnce(isMeant: (statements: Parameters<Meddling["beforeWrite"]>[0]) => boolean): Meddling["beforeWrite"] {
  let failed = false;
  return (statements) => {
    if (failed || !isMeant(statements)) return;
    failed = true;
    throw new Error("The process has died.");
  };
}

function quiet({ context }: Service): Service["context"] {
  const silent = () => undefined;
  return { ...context, log: { info: silent, warn: silent, error: silent } };
}
