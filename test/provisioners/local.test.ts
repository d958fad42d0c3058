import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { type Provisioner, type ProvisioningOrder, provisioningStages } from "../../src/onboarding/provisioner.ts";
import { localProvisioner } from "../../src/provisioners/local.ts";
import { engines, newDomain, partner, type Service, startService } from "../support/service.ts";

describe.each(engines)("the local provisioner on %s", (engine) => {
  test("makes a stage once, however often it is asked, and says in its ledger what it made and found", async () => {
    await using service = await startService(engine);
    const [provisioner, order] = [local(service), newOrder()];

    const results = [];
    for (const each of [...provisioningStages, ...provisioningStages]) {
      results.push(await provisioner.provision(each, order));
    }

    expect(results.slice(4, 7)).toEqual(results.slice(0, 3));
    expect(results[0]).toEqual({ tenantId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(results[1]).toEqual({ relationshipToPartner: "reseller", allowDelegatedAccess: true });
    expect(await ledgerOf(service, order)).toEqual(
      ["made", "found"].flatMap((outcome) => provisioningStages.map((each) => `${each} ${outcome}`)),
    );
  });

  test("makes a stage once when it is asked several times at once", async () => {
    await using service = await startService(engine);
    const provisioner = local(service);

    for (let round = 0; round < 20; round++) {
      const order = newOrder();

      const results = await Promise.all([1, 2, 3].map(() => provisioner.provision("provisioningTenant", order)));

      expect(new Set(results.map((each) => JSON.stringify(each))).size).toBe(1);
      expect((await ledgerOf(service, order)).toSorted()).toEqual([
        "provisioningTenant found",
        "provisioningTenant found",
        "provisioningTenant made",
      ]);
    }
  });

  test("undoes what it made and nothing of another order, once", async () => {
    await using service = await startService(engine);
    const [provisioner, order, other] = [local(service), newOrder(), newOrder()];
    for (const each of [order, other]) await provisioner.provision("provisioningTenant", each);
    await provisioner.provision("linkingPartner", order);

    await provisioner.undo(order);
    await provisioner.undo(order);

    expect((await ledgerOf(service, order)).toSorted()).toEqual([
      ...["linkingPartner made", "linkingPartner undone"],
      ...["provisioningTenant made", "provisioningTenant undone"],
    ]);
    expect(await service.rows(`select "operationId" from "localDirectory"`)).toEqual([
      { operationId: other.operationId },
    ]);
  });
});

function local(service: Service): Provisioner {
  return localProvisioner({ database: service.database, clock: service.context.clock, newId: randomUUID });
}

function newOrder(): ProvisioningOrder {
  return {
    partnerId: partner,
    operationId: randomUUID(),
    customerId: randomUUID(),
    domain: newDomain(),
    correlationId: randomUUID(),
    attempt: 1,
    stageDateTime: new Date().toISOString(),
    readCustomer: () => Promise.reject(new Error("The local provisioner needs no customer.")),
  };
}

async function ledgerOf(service: Service, { operationId }: ProvisioningOrder): Promise<readonly string[]> {
  const rows = await service.rows(
    `select "stage", "outcome" from "localLedger" where "operationId" = '${operationId}' order by "position"`,
  );
  return rows.map((row) => `${row.stage} ${row.outcome}`);
}
