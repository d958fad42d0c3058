import { describe, expect, test } from "vitest";
import { addCustomer, minimal } from "../server/world.ts";
import { meddle } from "../support/failing-database.ts";
import { engines, newDomain, startService } from "../support/service.ts";

const path = "/customers(externalId='crm-1')";
const bodyOf = () => ({ companyProfile: { domain: newDomain() }, billingProfile: {} });

describe.each(engines)("an upsert on %s", (engine) => {
  test("creates when the customer that it found is deleted before it can be changed", async () => {
    const { meddling, through } = meddle();
    await using service = await startService(engine, { through });
    const { customer } = await addCustomer(service, { ...minimal, externalId: "crm-1" });
    let reads = 0;
    meddling.beforeRead = async () => {
      reads++;
      if (reads === 2) await service.delete(`/customers/${customer}`);
    };

    const answer = await service.patch(path, bodyOf());
    meddling.beforeRead = () => undefined;
    const found = await service.get(path);

    expect(answer.status).toBe(201);
    expect(answer.json.id).not.toBe(customer);
    expect(found.json.id).toBe(answer.json.id);
  });

  test("changes when the customer that it did not find is there when it comes to write", async () => {
    const { meddling, through } = meddle();
    await using service = await startService(engine, { through });
    // The first request of a minute takes an allowance for those after it, which is a write too.
    await service.get("/customers");
    const body = bodyOf();
    let writes = 0;
    let first: string | undefined;
    meddling.beforeWrite = async () => {
      writes++;
      if (writes === 1) first = (await service.patch(path, body)).json.id;
    };

    const answer = await service.patch(path, body);

    expect(answer).toMatchObject({ status: 200, json: { id: first } });
  });
});
