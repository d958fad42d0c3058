import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { later } from "../../src/onboarding/operation.ts";
import { provisioningStages } from "../../src/onboarding/provisioner.ts";
import { carryOn } from "../../src/onboarding/provisioning.ts";
import { localProvisioner } from "../../src/provisioners/local.ts";
import { claimOperations } from "../../src/store/claim.ts";
import { engines, eventually, type Json, newDomain, partner, type Service, startService } from "../support/service.ts";
import { attachedBody } from "../support/watched-world.ts";

const operations = "/customerCreationOperations";

describe.each(engines)("a customer of the local directory on %s", (engine) => {
  test("is made in one step that shows every stage, and its credentials can be claimed", async () => {
    await using service = await startService(engine, { work: true });
    const { id } = await attach(service);

    const ended = await untilSucceeded(service, id);
    const claimed = await service.post(`${operations}/${id}/claimCredentials`, {});

    expect(ended.history.map(({ status, stage }: Json) => `${status} ${stage}`)).toEqual([
      ...["notStarted domainReserved", "running validating"],
      ...provisioningStages.map((stage) => `running ${stage}`),
      ...["running publishing", "succeeded completed"],
    ]);
    expect(ended).toMatchObject({ percentComplete: 100, stage: "completed", error: null });
    expect(ended.customer[0]).toMatchObject({
      ...{ lifecycleState: "active", tenantId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      ...{ relationshipToPartner: "reseller", allowDelegatedAccess: true },
    });
    expect(await changesOf(service, id)).toEqual(["created", "updated", "updated", "updated"]);
    expect(await changesOf(service, ended.customer[0].id)).toEqual(["created", "updated"]);
    expect(await made(service, id)).toEqual({ directory: provisioningStages.toSorted(), ledger: provisioningStages });
    expect(claimed).toMatchObject({ status: 200, json: { userName: "admin", password: expect.any(String) } });
  });

  test("has what each stage made on record, so that to ask for it again gives the same", async () => {
    await using service = await startService(engine, { work: true });
    const { id } = await attach(service);
    const ended = await untilSucceeded(service, id);

    const order = { ...ended, operationId: id, partnerId: partner };
    const again = await Promise.all(provisioningStages.map((stage) => local(service).provision(stage, order)));

    expect(again.slice(0, 3)).toEqual([
      { tenantId: ended.customer[0].tenantId },
      { relationshipToPartner: "reseller", allowDelegatedAccess: true },
      {},
    ]);
  });

  test("is not made when the operation is canceled before its worker writes", async () => {
    await using service = await startService(engine);
    const { context, database } = service;
    const { id } = await attach(service);
    const [leaseOwner, now] = [randomUUID(), context.clock()];
    const leaseExpirationDateTime = later(now, 15);
    const [claimed] = await claimOperations(database, { owner: leaseOwner, now, leaseExpirationDateTime, limit: 1 });
    if (claimed === undefined) throw new Error("There was nothing to claim.");
    await service.post(`${operations}/${id}/cancel`, {});
    const before = await changesOf(service, id);

    await carryOn({ context, provisioner: local(service), leaseOwner }, claimed);

    expect(claimed.id).toBe(id);
    expect((await service.get(`${operations}/${id}`)).json).toMatchObject({ status: "canceled", percentComplete: 5 });
    expect(await changesOf(service, id)).toEqual(before);
    expect(await made(service, id)).toEqual({ directory: [], ledger: [] });
    expect(await service.rows(`select 1 from "credentials" where "operationId" = '${id}'`)).toEqual([]);
  });
});

async function attach(service: Service): Promise<Json> {
  const { json } = await service.post(operations, { domain: newDomain() });
  const { status } = await service.post(`${operations}/${json.id}/customer/$ref`, attachedBody);
  expect(status).toBe(204);
  return json;
}

function untilSucceeded(service: Service, id: string): Promise<Json> {
  return eventually(async () => {
    const { json } = await service.get(`${operations}/${id}?$expand=customer`);
    return json.status === "succeeded" ? json : undefined;
  });
}

function local({ database, context }: Service) {
  return localProvisioner({ database, clock: context.clock, newId: randomUUID });
}

async function changesOf(service: Service, id: string) {
  const rows = await service.rows(`select "changeType" from "changes" where "entityId" = '${id}' order by "position"`);
  return rows.map((row) => row.changeType);
}

async function made(service: Service, id: string) {
  const [directory, ledger] = await Promise.all([
    service.rows(`select "stage" from "localDirectory" where "operationId" = '${id}' order by "stage"`),
    service.rows(`select "stage", "outcome" from "localLedger" where "operationId" = '${id}' order by "position"`),
  ]);
  return {
    directory: directory.map((row) => row.stage),
    ledger: ledger.filter(({ outcome }) => outcome === "made").map((row) => row.stage),
  };
}
