import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  engines,
  type Json,
  newDomain,
  otherPartner,
  type Service,
  signToken,
  startService,
} from "../support/service.ts";
import { finishWork, minimal, openOperation } from "./world.ts";

const activities = async (service: Service, query = ""): Promise<readonly string[]> => {
  const { json } = await service.get(`/auditEvents${query}`, { token: await auditor() });
  return json.value.map(({ activity, result }: { activity: string; result: string }) => `${activity}: ${result}`);
};

function auditor(): Promise<string> {
  return signToken({ azp: "auditor", roles: ["AuditEvent.Read.All"] });
}

describe.each(engines)("the audit on %s", (engine) => {
  test("tells who created, changed and deleted what, when, and under which client-request-id", async () => {
    await using service = await startService(engine);
    const token = await signToken({ azp: "crm" });
    const headers = { "client-request-id": randomUUID() };
    const began = service.context.clock();
    const created = await service.post(
      "/customers",
      { ...minimal, companyProfile: { domain: newDomain() } },
      { token, headers },
    );
    await service.patch(`/customers/${created.json.id}`, { metadata: { a: "b" } }, { token });
    await service.delete(`/customers/${created.json.id}`, { token });

    const { status, json } = await service.get("/auditEvents", { token: await auditor() });

    expect(status).toBe(200);
    expect(json.value.map(({ activity }: { activity: string }) => activity)).toEqual([
      "POST /customers",
      "PATCH /customers/{id}",
      "DELETE /customers/{id}",
    ]);
    expect(json.value[0]).toMatchObject({
      initiatedBy: "crm",
      correlationId: headers["client-request-id"],
      result: "success",
      resourceLocation: `http://127.0.0.1:8080/v1.0/customers/${created.json.id}`,
    });
    expect(json.value[0].activityDateTime >= began).toBe(true);
    expect(JSON.stringify(json.value)).not.toMatch(/onmicrosoft/);
  });

  test.each([
    [
      "a person",
      { scp: "Customer.ReadWrite.All", preferred_username: "adele@partner.example" },
      "adele@partner.example",
    ],
    ["a person of version 1 of Entra ID", { scp: "user_impersonation", unique_name: "adele" }, "adele"],
    ["a person whose name the token keeps to itself", { scp: "user_impersonation" }, "subject"],
    ["an application", {}, "portal"],
  ])("names %s who asked", async (_who, claims, name) => {
    await using service = await startService(engine);
    const token = await signToken({ azp: "portal", sub: "subject", ...claims });
    const customer = { ...minimal, companyProfile: { domain: newDomain() } };

    const created = await service.post("/customers", customer, { token });
    const { json } = await service.get("/auditEvents", { token: await auditor() });

    expect(created.status).toBe(201);
    expect(json.value.map(({ initiatedBy }: { initiatedBy: string }) => initiatedBy)).toEqual([name]);
  });

  test("tells which properties an update has changed, and not what stands in them", async () => {
    await using service = await startService(engine);
    const body = {
      ...{ externalId: "crm-1", companyProfile: { domain: newDomain() } },
      billingProfile: { email: "ana@contoso.example", defaultAddress: { country: "PT", city: "Lisboa" } },
    };
    const { json } = await service.post("/customers", body);
    const path = `/customers/${json.id}`;
    const address = { country: "PT", city: "Porto" };
    await service.patch(path, { billingProfile: { email: "ana@contoso.example", defaultAddress: address } });
    await service.patch(path, { metadata: { team: "blue" }, billingProfile: { email: null } });
    await service.send("PUT", `${path}/companyProfile/companyName`, { body: { value: "Contoso" } });
    await service.delete(path);

    const events = await service.get("/auditEvents", { token: await auditor() });

    expect(events.json.value.map((each: Json) => each.changedProperties)).toEqual([
      [],
      ["billingProfile/defaultAddress/city"],
      ["billingProfile/email", "metadata"],
      ["companyProfile/companyName"],
      [],
    ]);
    expect(JSON.stringify(events.json)).not.toMatch(/Porto|blue|Contoso|contoso/);
  });

  test("is filtered by what was changed, in the URL in which it is shown", async () => {
    await using service = await startService(engine);
    const { id } = await openOperation(service);
    await openOperation(service);
    const { json } = await service.get("/auditEvents?$top=1", { token: await auditor() });
    const shown: string = json.value[0].resourceLocation;
    const root = shown.slice(0, shown.indexOf("/customer"));
    const count = async (filter: string) => {
      const token = await auditor();
      return (await service.get(`/auditEvents/$count?$filter=${encodeURIComponent(filter)}`, { token })).json;
    };

    expect(shown).toBe(`${root}/customerCreationOperations/${id}`);
    expect(await count(`resourceLocation eq '${shown}'`)).toBe(1);
    expect(await count(`resourceLocation in ('${shown}','${root}/customers/none')`)).toBe(1);
    expect(await count(`resourceLocation ne '${shown}'`)).toBe(1);
    expect(await count(`'${shown}' eq resourceLocation`)).toBe(1);
    expect(await count(`startswith(resourceLocation,'${root}/customerCreationOperations/')`)).toBe(2);
    expect(await count(`resourceLocation eq 'customerCreationOperations/${id}'`)).toBe(0);
  });

  test("tells of what was refused for want of a permission, and of nothing that changed nothing", async () => {
    await using service = await startService(engine);
    const reader = await signToken({ azp: "reader", roles: ["Customer.Read.All"] });
    await service.post("/customers", minimal, { token: reader });
    await service.post("/customers", {});
    await service.get("/customers");
    await service.delete(`/customers/${randomUUID()}`);

    expect(await activities(service)).toEqual(["POST /customers: accessDenied"]);
  });

  test("tells of requests that are too many, but of no more than so many in a minute", async () => {
    await using service = await startService(engine, {
      limits: { requestsPerMinuteMax: 5, refusalsAuditedPerMinuteMax: 3 },
    });
    service.advance(60 - ((Date.now() / 1000) % 60));
    await Promise.all(Array.from({ length: 20 }, () => service.get("/customers")));
    service.advance(60);

    expect(await activities(service)).toEqual(Array.from({ length: 3 }, () => "GET /customers: throttled"));
  });

  test("holds what happened if and only if it happened, once, in batches and repetitions too", async () => {
    await using service = await startService(engine);
    const { id } = await openOperation(service);
    const domain = newDomain();
    const group = (second: object) => ({
      requests: [
        {
          id: "1",
          atomicityGroup: "g",
          method: "PATCH",
          url: `/customerCreationOperations/${id}`,
          body: { domain: newDomain() },
          headers: { "content-type": "application/json" },
        },
        { id: "2", atomicityGroup: "g", headers: { "content-type": "application/json" }, ...second },
      ],
    });
    const repeated = { headers: { "idempotency-key": "once" } };

    await service.post("/$batch", group({ method: "DELETE", url: `/customers/${randomUUID()}` }));
    await service.post("/$batch", group({ method: "POST", url: "/customerCreationOperations", body: { domain } }));
    await service.post("/customerCreationOperations", { domain: newDomain() }, repeated);
    await service.post("/customerCreationOperations", { domain }, {});
    const twice = { companyProfile: { domain: newDomain() }, billingProfile: {} };
    await service.post("/customers", twice, { headers: { "idempotency-key": "twice" } });
    await service.post("/customers", twice, { headers: { "idempotency-key": "twice" } });

    expect(await activities(service)).toEqual([
      "POST /customerCreationOperations: success",
      "PATCH /customerCreationOperations/{id}: success",
      "POST /customerCreationOperations: success",
      "POST /customerCreationOperations: success",
      "POST /customers: success",
    ]);
  });

  test("tells that credentials were claimed, and not which", async () => {
    await using service = await startService(engine);
    const { id } = await openOperation(service);
    await service.post(`/customerCreationOperations/${id}/customer/$ref`, minimal);
    await finishWork(service);
    const { json } = await service.post(`/customerCreationOperations/${id}/claimCredentials`);

    const told = await activities(service);
    const rows = await service.rows(`select * from "auditEvents"`);

    expect(told.at(-1)).toBe("POST /customerCreationOperations/{id}/claimCredentials: success");
    expect(JSON.stringify(rows)).not.toContain(json.password);
  });

  test("is filtered by date, application and result, and is another partner's own", async () => {
    await using service = await startService(engine);
    await openOperation(service);
    service.advance(3600);
    const hour = service.context.clock();
    await openOperation(service);
    await openOperation(service, await signToken({ tid: otherPartner }));

    expect(await activities(service, `?$filter=activityDateTime ge ${hour}`)).toHaveLength(1);
    expect(await activities(service, `?$filter=activityDateTime lt ${hour} and initiatedBy eq 'test'`)).toHaveLength(1);
    expect(await activities(service, "?$filter=result eq 'accessDenied'")).toEqual([]);
    expect(await activities(service)).toHaveLength(2);
  });

  test("is forgotten after its days, and cannot be written", async () => {
    await using service = await startService(engine, { limits: { auditDays: 10 } });
    await openOperation(service);
    service.advance(11 * 24 * 3600);
    await finishWork(service);
    const token = await signToken({ roles: ["AuditEvent.Read.All", "Customer.ReadWrite.All"] });

    const posted = await service.post("/auditEvents", { activity: "none" }, { token });
    const deleted = await service.delete("/auditEvents", { token });

    expect(await activities(service)).toEqual([]);
    expect([posted.status, deleted.status]).toEqual([405, 405]);
  });
});
