import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engines, newDomain, otherPartner, type Service, signToken } from "../support/service.ts";
import { type Case, sendAttempt, testRefusals } from "./refusal.ts";
import { minimal, openOperation, openWorld, type World } from "./world.ts";

const present = "/customers(externalId='crm-1')";
const absent = "/customers(externalId='crm-404')";

describe.each(engines)("a customer by its externalId on %s", (engine) => {
  let world: World;
  let service: Service;
  beforeAll(async () => {
    world = await openWorld(engine);
    service = world.service;
  });
  afterAll(() => world.service[Symbol.asyncDispose]());

  test.each([
    "/customers(externalId='crm-1')",
    "/customers(externalId=%27crm-1%27)",
    "/customers( externalId = 'crm-1' )".replaceAll(" ", ""),
    "/Customers(externalid='crm-1')",
    "/customerCreationOperations/{done}/customer(externalId='crm-1')",
  ])("GET %s is answered as it is by the id", async (path) => {
    const byId = await sendAttempt(world, { method: "GET", path: "/customers/{active}" });

    const answer = await sendAttempt(world, { method: "GET", path });

    expect(answer).toMatchObject({ status: 200, json: byId.json, headers: { ETag: byId.headers["ETag"] } });
  });

  test("can be changed, and If-Match is that of the customer", async () => {
    const { headers } = await service.get(present);

    const answer = await service.patch(
      present,
      { externalId: "crm-1", metadata: { by: "key" } },
      { headers: { "if-match": headers["ETag"] ?? "" } },
    );

    expect(answer).toMatchObject({ status: 200, json: { id: world.names["active"], metadata: { by: "key" } } });
  });

  test("is what a reference names", async () => {
    const { id } = await openOperation(service);

    const answer = await service.post(`/customerCreationOperations/${id}/customer/$ref`, {
      "@odata.id": "customers(externalId='crm-1')",
    });
    const read = await service.get(`/customerCreationOperations/${id}/customer/$ref`);

    expect(answer.status).toBe(204);
    expect(read.json.value).toEqual([{ "@odata.id": `${world.names["root"]}/customers/${world.names["active"]}` }]);
  });

  test.each([
    ["in $id", "/customer/$ref?$id=customers(externalId='{key}')"],
    ["in the path", "/customer(externalId='{key}')/$ref"],
  ])("is what is taken off an operation, %s", async (_where, url) => {
    const { id, domain } = await openOperation(service);
    const key = `off-${domain}`;
    await service.post(`/customerCreationOperations/${id}/customer/$ref`, { ...minimal, externalId: key });
    await service.patch(`/customerCreationOperations/${id}`, { status: "canceled" });

    const answer = await service.delete(`/customerCreationOperations/${id}${url.replace("{key}", key)}`);

    expect(answer.status).toBe(204);
  });

  test("can be deleted, and the key is free after that", async () => {
    const body = { companyProfile: { domain: newDomain() }, billingProfile: {}, externalId: "gone" };
    const { json } = await service.post("/customers", body);

    const answer = await service.delete("/customers(externalId='gone')");
    const after = await service.get(`/customers/${json.id}`);
    const again = await service.delete("/customers(externalId='gone')");

    expect([answer.status, after.status, again.status]).toEqual([204, 404, 404]);
  });

  test("is the caller's own: the other partner has another one of this key, or none", async () => {
    const token = await signToken({ tid: otherPartner });

    const answer = await service.get(present, { token });
    const others = await service.get("/customers(externalId='other-1')");

    expect([answer.status, others.status]).toEqual([404, 404]);
  });

  test("can be given its key later, when it has none", async () => {
    const { json } = await service.post("/customers", { companyProfile: { domain: newDomain() }, billingProfile: {} });

    await service.patch(`/customers/${json.id}`, { externalId: "late" });
    const answer = await service.get("/customers(externalId='late')");

    expect(answer.json.id).toBe(json.id);
  });

  test("its properties are read and changed by it too", async () => {
    const path = "/customers(externalId=@key)/metadata/by?@key='crm-1'";

    const changed = await sendAttempt(world, { method: "PUT", path, body: { value: "property" } });
    const read = await sendAttempt(world, { method: "GET", path });

    expect([changed.status, read.json.value]).toEqual([200, "property"]);
  });

  testRefusals(() => world, [
    [
      "a change of a property of what nobody has creates nothing and is answered 404",
      {
        method: "PUT",
        path: `${absent}/externalId`,
        body: { value: "crm-404" },
        headers: { prefer: "create-if-missing" },
      },
      { status: 404, code: "itemNotFound" },
    ],
    [
      "GET of a key that nobody has is answered 404",
      { method: "GET", path: absent },
      { status: 404, code: "itemNotFound" },
    ],
    [
      "DELETE of a key that nobody has is answered 404",
      { method: "DELETE", path: absent },
      { status: 404, code: "itemNotFound" },
    ],
    [
      "a reference to a key that nobody has is answered 404",
      {
        method: "POST",
        path: "/customerCreationOperations/{open}/customer/$ref",
        body: { "@odata.id": "customers(externalId='crm-404')" },
      },
      { status: 404, code: "itemNotFound" },
    ],
    [
      "a reference by what is no alternate key is answered 400",
      {
        method: "POST",
        path: "/customerCreationOperations/{open}/customer/$ref",
        body: { "@odata.id": "customers(tenantId='x')" },
      },
      { status: 400, code: "invalidAlternateKey" },
    ],
    [
      "POST to a customer by its key is answered 405 with what is allowed",
      { method: "POST", path: present, body: {} },
      { status: 405, code: "notAllowed", headers: { Allow: /GET, PATCH, DELETE/ } },
    ],
  ] satisfies readonly Case[]);
});
