import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engines, eventually, newDomain, origin, type Service, startService } from "../support/service.ts";

/** The body of the documentation page's example. */
const example = `{
  "@odata.type": "#microsoft.graph.customer",
  "companyProfile": {
    "@odata.type": "microsoft.graph.companyProfile"
  },
  "billingProfile": {
    "@odata.type": "microsoft.graph.billingProfile"
  }
}`;
const asJson = { headers: { "content-type": "application/json" } };

describe.each(engines)("adding a customer on %s", (engine) => {
  let service: Service;
  beforeAll(async () => {
    service = await startService(engine, { work: true });
  });
  afterAll(() => service[Symbol.asyncDispose]());

  async function openOperation(domain = newDomain()) {
    const { json } = await service.post("/customerCreationOperations", { domain });
    return json;
  }

  test("the example of the page is answered 204 with where the customer is, and nothing else", async () => {
    const operation = await openOperation();

    const response = await service.post(`/customerCreationOperations/${operation.id}/customer/$ref`, example, asJson);

    expect(response.status).toBe(204);
    expect(response.text).toBeUndefined();
    expect(response.headers).not.toHaveProperty("Content-Type");
    expect(response.headers["Location"]).toMatch(new RegExp(`^${origin}/v1.0/customers/[0-9a-f-]{36}$`));
    expect(response.headers["OData-EntityId"]).toBe(response.headers["Location"]);
    expect(response.headers["Operation-Location"]).toBe(`${origin}/v1.0/customerCreationOperations/${operation.id}`);
    expect(response.headers["ETag"]).toMatch(/^W\/"/);
  });

  test("the customer is readable at once and active when the operation has succeeded", async () => {
    const operation = await openOperation();
    const path = `/customerCreationOperations/${operation.id}`;

    const attached = await service.post(`${path}/customer/$ref`, example, asJson);
    const customerPath = String(attached.headers["Location"]).slice(`${origin}/v1.0`.length);
    const first = await service.get(customerPath);
    const done = await eventually(async () => {
      const { json } = await service.get(path);
      return json.status === "succeeded" ? json : undefined;
    });
    const last = await service.get(customerPath);

    expect(first.status).toBe(200);
    expect(done).toMatchObject({
      percentComplete: 100,
      stage: "completed",
      resourceLocation: `${origin}/v1.0${customerPath}`,
    });
    expect(last.json).toMatchObject({ lifecycleState: "active", relationshipToPartner: "reseller" });
    expect(last.json.tenantId).toBe(last.json.companyProfile.tenantId);
    expect(last.json.companyProfile.domain).toBe(operation.domain);
  });
});
