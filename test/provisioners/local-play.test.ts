import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { localProvisioner } from "../../src/provisioners/local.ts";
import { type Play, playful } from "../../src/provisioners/local-play.ts";
import { startLoop } from "../../src/work/loop.ts";
import { engines, eventually, type Json, newDomain, type Service, startService } from "../support/service.ts";

const set = "/customerCreationOperations";
const limits = { pollMilliseconds: 20, retrySecondsMin: 0.01 };

describe.each(engines)("the local provisioner on %s", (engine) => {
  test.each([
    ["failtwice", { status: "succeeded" }],
    ["failalways", { status: "failed", stage: "provisioningTenant", attempts: 3, isRetryable: true }],
    ["failtenant", { status: "failed", stage: "provisioningTenant", isRetryable: false }],
    ["faillink", { status: "failed", stage: "linkingPartner", isRetryable: false }],
    ["failbilling", { status: "failed", stage: "creatingBillingAccount", isRetryable: false }],
    ["failcredentials", { status: "failed", stage: "issuingCredentials", isRetryable: false }],
  ])("does in development mode what a domain with %s says", async (word, end) => {
    await using service = await startService(engine, { limits });

    const done = await follow(service, await begin(service, word), { magicDomains: true });

    expect(done).toMatchObject(end);
  });

  test("fails for want of an e-mail address until the operation is retried with one", async () => {
    await using service = await startService(engine, { limits });
    const operation = await begin(service, "failemail");

    const failed = await follow(service, operation, { magicDomains: true });
    const email = "ana@contoso.example";
    await service.post(`${set}/${operation.id}/retry`, { customer: { billingProfile: { email } } });
    const done = await follow(service, operation, { magicDomains: true });

    expect(failed.error).toMatchObject({
      target: "billingProfile/email",
      innerError: { code: "requiredFieldMissing" },
    });
    expect(done.status).toBe("succeeded");
  });

  test("takes 30 seconds for a slow domain, and for every stage as long as it is set to", async () => {
    await using service = await startService(engine, { limits });
    const slow = await begin(service, "slow");
    const began = service.context.clock();

    const first = await follow(service, slow, { magicDomains: true }, { advance: 10 });
    const between = service.context.clock();
    const second = await follow(service, await begin(service, ""), { delaySeconds: 20 }, { advance: 10 });

    expect([first.status, second.status]).toEqual(["succeeded", "succeeded"]);
    expect((Date.parse(between) - Date.parse(began)) / 1000).toBeGreaterThanOrEqual(30);
    expect((Date.parse(service.context.clock()) - Date.parse(between)) / 1000).toBeGreaterThanOrEqual(80);
  });

  test("fails as often as it is set to, and takes no domain for a magic one outside of development mode", async () => {
    await using service = await startService(engine, { limits });

    const always = await follow(service, await begin(service, ""), { failureRate: 1 });
    const ordinary = await follow(service, await begin(service, "failtenant"), {});

    expect(always).toMatchObject({ status: "failed", isRetryable: true, attempts: 3 });
    expect(ordinary.status).toBe("succeeded");
  });
});

async function begin(service: Service, word: string): Promise<Json> {
  const domain = `${word}${newDomain().slice(0, 12)}.onmicrosoft.com`;
  const { json } = await service.post(set, { domain });
  await service.post(`${set}/${json.id}/customer/$ref`, { companyProfile: {}, billingProfile: {} });
  return json;
}

/** Lets the provisioner play until an operation has come to an end. */
async function follow(
  service: Service,
  { id }: Json,
  play: Partial<Play>,
  { advance = 0 }: { readonly advance?: number } = {},
): Promise<Json> {
  const { database, context } = service;
  const { clock } = context;
  const local = localProvisioner({ database, clock, newId: randomUUID });
  const provisioner = playful(local, { clock, delaySeconds: 0, failureRate: 0, magicDomains: false, ...play });
  const loop = startLoop({ context, provisioner });
  try {
    return await eventually(async () => {
      const { json } = await service.get(`${set}/${id}`);
      if (json.status !== "running") return json;
      const [row] = await service.rows(`select "leaseOwner" from "customerCreationOperations" where "id" = '${id}'`);
      if (advance > 0 && row.leaseOwner === null) service.advance(advance);
      return undefined;
    });
  } finally {
    await loop.close();
  }
}
