import { createHmac, randomBytes, randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startReceiver } from "../../examples/provisioner/receiver.ts";
import { customer } from "../../src/model/customer.ts";
import type { ProvisioningOrder } from "../../src/onboarding/provisioner.ts";
import { httpProvisioner } from "../../src/provisioners/http.ts";
import { readRow } from "../../src/store/select.ts";
import {
  type Outside,
  type OutsideAnswer,
  type OutsideRequest,
  outsideOf,
  passOn,
  startOutside,
} from "../support/outside.ts";
import { engines, type Json, newDomain, partner, type Service, startService } from "../support/service.ts";

const secret = randomBytes(24);

describe.each(engines)("a service of the operator's own, with %s", (engine) => {
  let service: Service;
  let outside: Outside;
  const requests: OutsideRequest[] = [];
  const answers: OutsideAnswer[] = [];
  beforeEach(async () => {
    requests.length = 0;
    answers.length = 0;
    service = await startService(engine);
    outside = await startOutside(async (request) => {
      requests.push(request);
      return answers.shift() ?? { status: 204 };
    });
  });
  afterEach(async () => {
    await outside[Symbol.asyncDispose]();
    await service[Symbol.asyncDispose]();
  });

  const open = () => {
    const { database, context } = service;
    const clock = () => new Date().toISOString();
    const url = new URL(`${outside.origin}/tenants`);
    return httpProvisioner({ url, secret, database, clock, newId: context.newId, secondsMax: 0.3 });
  };
  const ask = async (...given: OutsideAnswer[]): Promise<Json> => {
    answers.push(...given);
    return open().provision("provisioningTenant", await newOrder(service));
  };

  test("is asked by a signed request that names the stage, the operation and the customer", async () => {
    const order = await newOrder(service);

    await open().provision("linkingPartner", order);

    const { method, url, headers, body } = requests[0] ?? { method: "", url: "", headers: {}, body: "" };
    const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
    const signature = createHmac("sha256", secret).update(signed).digest("base64");
    expect([method, url]).toEqual(["POST", "/tenants/linkingPartner"]);
    expect(headers["webhook-signature"]).toBe(`v1,${signature}`);
    expect(JSON.parse(body)).toMatchObject({
      ...{ stage: "linkingPartner", operationId: order.operationId, domain: order.domain, attempt: 1 },
      customer: { id: order.customerId, companyProfile: { domain: order.domain } },
    });
    expect(JSON.parse(body).customer).not.toHaveProperty("version");
  });

  test("that takes its time is asked at the place it names, until it is done", async () => {
    const order = await newOrder(service);
    answers.push({ status: 202, headers: { location: "/jobs/1", "retry-after": "7" } }, { status: 202 });
    answers.push({ status: 200, body: { relationshipToPartner: "reseller" } });

    const outcomes = [];
    for (let each = 0; each < 3; each++) outcomes.push(await open().provision("linkingPartner", order));

    expect(outcomes).toEqual([{ pendingSeconds: 7 }, { pendingSeconds: 5 }, { relationshipToPartner: "reseller" }]);
    expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      ...["POST /tenants/linkingPartner", "GET /jobs/1", "GET /jobs/1"],
    ]);
  });

  test.each([
    [{ status: 500 }, true],
    [{ status: 503, headers: { "retry-after": "9" } }, true],
    [{ status: 408 }, true],
    [{ status: 302, headers: { location: "http://elsewhere.example/" } }, true],
    ["drop", true],
    ["hang", true],
    [{ status: 202, headers: { location: "http://elsewhere.example/job" } }, true],
    [{ status: 200, body: { tenantId: "no uuid" } }, true],
    [{ status: 200, body: { relationshipToPartner: "friend" } }, true],
    [{ status: 200, body: [] }, true],
    [{ status: 400 }, false],
    [{ status: 404 }, false],
    [{ status: 422, body: "no json" }, false],
  ] satisfies (readonly [OutsideAnswer, boolean])[])(
    "that answers %j has failed, in passing: %s",
    async (answer, passing) => {
      const failure = await ask(answer).catch((error: Json) => error);

      expect(failure).toMatchObject({ name: "ProvisioningFailure", passing, fault: undefined });
    },
  );

  test("that answers without an end has failed in passing, and is not read to it", async () => {
    const failure = await ask({ status: 200, body: { filler: "x".repeat(2_000_000) } }).catch((error: Json) => error);

    expect(failure).toMatchObject({ name: "ProvisioningFailure", passing: true });
    expect(failure.cause.message).toMatch(/longer than 1000000 bytes/);
  });

  test("that refuses a stage may say why, and that throttles loses no attempt", async () => {
    const error = { code: "vatNumberMissing", message: "A VAT number is needed.", target: "companyProfile" };

    const refused = await ask({ status: 400, body: { error } }).catch((failure: Json) => failure);
    const throttled = await ask({ status: 429, headers: { "retry-after": "3" } });

    expect(refused.fault).toEqual({
      ...{ code: "badRequest", innerCode: "vatNumberMissing" },
      ...{ message: "A VAT number is needed.", target: "companyProfile" },
    });
    expect(throttled).toEqual({ pendingSeconds: 3 });
  });
});

test("the example receiver refuses what is not signed, too old, changed, or sent twice", async () => {
  await using receiver = outsideOf(await startReceiver(0, secret, { results: new Map(), counts: new Map() }));
  const body = JSON.stringify({ stage: "undo", operationId: randomUUID() });
  const sign = (id: string, seconds: number) => {
    const signature = createHmac("sha256", secret).update(`${id}.${seconds}.${body}`).digest("base64");
    return { "webhook-id": id, "webhook-timestamp": String(seconds), "webhook-signature": `v1,${signature}` };
  };
  const now = Math.floor(Date.now() / 1000);
  const genuine = sign("a", now);
  const send = async (headers: Readonly<Record<string, string>>, sent = body) => {
    const answer = await passOn(receiver.port, { method: "POST", url: "/undo", headers, body: sent });
    return typeof answer === "object" ? answer.status : answer;
  };

  const statuses = [
    ...[await send({}), await send(sign("b", now - 301)), await send(genuine, `${body} `)],
    ...[await send(genuine), await send(genuine)],
  ];

  expect(statuses).toEqual([401, 401, 401, 204, 401]);
});

async function newOrder(service: Service): Promise<ProvisioningOrder> {
  const domain = newDomain();
  const { json } = await service.post("/customers", { companyProfile: { domain }, billingProfile: {} });
  return {
    ...{ partnerId: partner, operationId: randomUUID(), customerId: json.id, domain },
    ...{ correlationId: randomUUID(), attempt: 1, stageDateTime: service.context.clock() },
    async readCustomer() {
      const found = await readRow(service.database, customer, { partnerId: partner, id: json.id });
      if (found === undefined) throw new Error("There is no customer.");
      return found;
    },
  };
}
