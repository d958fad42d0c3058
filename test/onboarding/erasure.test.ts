import { describe, expect, test } from "vitest";
import { finishWork } from "../server/world.ts";
import { partnerTables } from "../support/partner-guard.ts";
import { engines, type Json, newDomain, origin, type Service, signToken, startService } from "../support/service.ts";

const planted = {
  externalId: "PLANTED-id",
  billingProfile: {
    email: "planted@person.example",
    firstName: "PLANTED",
    defaultAddress: { country: "PT", city: "Lisboa", addressLine1: "PLANTED street 1", postalCode: "1000-001" },
  },
  metadata: { note: "PLANTED" },
};

describe.each(engines)("the personal data of a customer on %s", (engine) => {
  test("can be exported by its id: the customer, its operation, and what was done with it", async () => {
    await using service = await startService(engine);
    const { customer, operation } = await addPlanted(service);
    const token = await signToken({ roles: ["Customer.Read.All", "AuditEvent.Read.All"] });

    const operations = await service.get(
      `/customerCreationOperations?$filter=customer/any(c:c/id eq '${customer}')&$expand=customer`,
      { token },
    );
    const place = `${origin}/v1.0/customers/${customer}`;
    const events = await service.get(`/auditEvents?$filter=resourceLocation eq '${place}'`, { token });

    expect(operations.json.value.map(({ id }: Json) => id)).toEqual([operation]);
    expect(operations.json.value[0].customer[0]).toMatchObject(planted);
    expect(events.json.value.map(({ activity }: Json) => activity)).toEqual([
      "POST /customers",
      "PATCH /customers/{id}",
    ]);
  });

  test("is gone from every table when the days of a deleted customer are over, and not before", async () => {
    await using service = await startService(engine);
    const { customer, operation } = await addPlanted(service);
    await service.delete(`/customers/${customer}`);
    await service.delete(`/customerCreationOperations/${operation}`);
    service.advance(29 * 24 * 3600);
    await finishWork(service);
    const before = await tablesWithTraces(service);
    service.advance(1.5 * 24 * 3600);

    await finishWork(service);

    expect(before).toEqual(["customers"]);
    expect(await tablesWithTraces(service)).toEqual([]);
    expect(await changesOf(service, customer)).not.toEqual([]);
    service.advance(24 * 3600);
    await service.post("/customerCreationOperations", { domain: newDomain() });
    await finishWork(service);
    expect(await changesOf(service, customer)).toEqual([]);
  });
});

async function addPlanted(service: Service) {
  const body = { ...planted, companyProfile: { domain: newDomain(), companyName: "PLANTED Lda" } };
  const { json } = await service.post("/customers", body, { headers: { "idempotency-key": "planted" } });
  await finishWork(service);
  await service.patch(`/customers/${json.id}`, { billingProfile: { lastName: "PLANTED" } });
  const [operation] = await service.rows(`select "id" from "customerCreationOperations"`);
  return { customer: String(json.id), operation: String(operation.id) };
}

function changesOf(service: Service, id: string): Promise<readonly Json[]> {
  return service.rows(`select "entityId" from "changes" where "entityId" = '${id}'`);
}

async function tablesWithTraces(service: Service): Promise<readonly string[]> {
  const found: string[] = [];
  for (const table of [...partnerTables, "domains"].toSorted()) {
    const rows = await service.rows(`select * from "${table}"`);
    if (/planted|Lisboa/i.test(JSON.stringify(rows))) found.push(table);
  }
  return found;
}
