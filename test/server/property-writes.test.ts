import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { repeatable } from "../support/repeatable.ts";
import { engines, newDomain, signToken } from "../support/service.ts";
import { activeBody, addCustomer, openOperation, openWorld, type World } from "./world.ts";

const text = { "content-type": "text/plain" };

describe.each(engines)("writing properties by their URLs on %s", (engine) => {
  let world: World;
  let path: string;
  beforeAll(async () => {
    world = await openWorld(engine);
  });
  beforeEach(async () => {
    path = `/customers/${(await addCustomer(world.service, { ...activeBody, externalId: null })).customer}`;
  });
  afterAll(() => world.service[Symbol.asyncDispose]());

  test("PUT of a primitive property changes it, once in the log, and gives the new entity tag", async () => {
    const { service } = world;
    const before = await service.get(path);
    const changes = await service.changes();

    const answer = await service.send("PUT", `${path}/billingProfile/email`, {
      body: { value: "b@fabrikam.example" },
      headers: { "if-match": before.json["@odata.etag"] },
    });
    const after = await service.get(path);

    expect(answer.status).toBe(200);
    expect(answer.json.value).toBe("b@fabrikam.example");
    expect(answer.headers["ETag"]).toBe(after.json["@odata.etag"]);
    expect(answer.headers["ETag"]).not.toBe(before.json["@odata.etag"]);
    expect(after.json).toMatchObject({
      billingProfile: { ...before.json.billingProfile, email: "b@fabrikam.example" },
      companyProfile: { email: "b@fabrikam.example" },
    });
    expect((await service.changes()).slice(changes.length)).toEqual(["customers updated"]);
  });

  test("PUT of a raw value takes plain text", async () => {
    const { service } = world;

    const answer = await service.send("PUT", `${path}/externalId/$value`, {
      body: "crm-raw-1",
      headers: { "content-type": "text/plain; charset=UTF-8" },
    });

    expect([answer.status, answer.text]).toEqual([200, "crm-raw-1"]);
    expect(answer.headers["Content-Type"]).toBe("text/plain;charset=utf-8");
    expect((await service.get(path)).json.externalId).toBe("crm-raw-1");
    await service.delete(path);
  });

  test("PUT of a complex property replaces it: what it does not name becomes null, and what is fixed stays", async () => {
    const { service } = world;
    const { json: before } = await service.get(path);

    const billing = await service.send("PUT", `${path}/billingProfile`, {
      body: { "@odata.type": "#microsoft.graph.billingProfile", culture: "pt-PT", defaultAddress: { city: "Porto" } },
    });
    const company = await service.send("PUT", `${path}/companyProfile`, { body: {} });
    const { json: after } = await service.get(path);

    expect([billing.status, company.status]).toEqual([200, 200]);
    expect(billing.json).toMatchObject({ culture: "pt-PT", email: null, defaultAddress: { city: "Porto" } });
    expect(after.billingProfile).toMatchObject({
      id: before.billingProfile.id,
      culture: "pt-PT",
      email: null,
      defaultAddress: { city: "Porto", country: null },
    });
    expect(after.companyProfile).toMatchObject({ domain: before.companyProfile.domain, companyName: null });
    expect(after.metadata).toEqual({ tier: "gold" });
  });

  test("PATCH of a complex property merges", async () => {
    const { service } = world;

    const answer = await service.patch(`${path}/billingProfile/defaultAddress`, { postalCode: "1000-001", city: null });
    const metadata = await service.patch(`${path}/metadata`, { region: "south" });

    expect(answer.json).toMatchObject({ country: "PT", city: null, postalCode: "1000-001" });
    expect(metadata.json).toMatchObject({ tier: "gold", region: "south" });
    expect((await service.get(path)).json).toMatchObject({
      billingProfile: { email: "ana@fabrikam.example", defaultAddress: { country: "PT", postalCode: "1000-001" } },
      metadata: { tier: "gold", region: "south" },
    });
  });

  test("PUT of an open complex property replaces it whole, and its values can be written one by one", async () => {
    const { service } = world;

    const replaced = await service.send("PUT", `${path}/metadata`, { body: { region: "south" } });
    const added = await service.send("PUT", `${path}/metadata/tier`, { body: { value: "silver" } });
    const raw = await service.send("PUT", `${path}/metadata/note/$value`, { body: "", headers: text });
    const removed = await service.delete(`${path}/metadata/region`);

    expect(replaced.json).toEqual({ "@odata.context": expect.any(String), region: "south" });
    expect([added.status, added.json.value, raw.status, removed.status]).toEqual([200, "silver", 200, 204]);
    expect((await service.get(path)).json.metadata).toEqual({ tier: "silver", note: "" });
  });

  test("PUT of a part of what an open complex property holds takes the rest away, and PUT of the same is no change", async () => {
    const { service } = world;
    await service.send("PUT", `${path}/metadata`, { body: { region: "south", tier: "gold" } });

    const replaced = await service.send("PUT", `${path}/metadata`, { body: { tier: "gold" } });
    const before = await service.changes();
    const again = await service.send("PUT", `${path}/metadata`, { body: { tier: "gold" } });

    expect(replaced.json).toEqual({ "@odata.context": expect.any(String), tier: "gold" });
    expect((await service.get(path)).json.metadata).toEqual({ tier: "gold" });
    expect(again.headers["ETag"]).toBe(replaced.headers["ETag"]);
    expect(await service.changes()).toEqual(before);
  });

  test("DELETE sets a property to null, and is answered 204 whatever is preferred", async () => {
    const { service } = world;

    const primitive = await service.delete(`${path}/billingProfile/email`, {
      headers: { prefer: "return=representation" },
    });
    const complex = await service.delete(`${path}/billingProfile/defaultAddress`);
    const raw = await service.delete(`${path}/billingProfile/culture/$value`);
    const open = await service.delete(`${path}/metadata`);
    const { json } = await service.get(path);

    for (const answer of [primitive, complex, raw, open])
      expect([answer.status, answer.text]).toEqual([204, undefined]);
    expect(primitive.headers["Preference-Applied"]).toBeUndefined();
    expect(json).toMatchObject({
      billingProfile: { email: null, defaultAddress: null, culture: null },
      metadata: null,
    });
  });

  test("PUT of null sets a property to null, and there is nothing to show", async () => {
    const answer = await world.service.send("PUT", `${path}/billingProfile/email`, { body: { value: null } });

    expect([answer.status, answer.text]).toEqual([204, undefined]);
    expect((await world.service.get(path)).json.billingProfile.email).toBeNull();
  });

  test.each([
    ["return=minimal", 204, undefined],
    ["return=representation", 200, "b@fabrikam.example"],
  ])("%s is honoured, and said to be", async (prefer, status, value) => {
    const answer = await world.service.send("PUT", `${path}/billingProfile/email`, {
      body: { value: "b@fabrikam.example" },
      headers: { prefer },
    });

    expect([answer.status, answer.json?.value]).toEqual([status, value]);
    expect(answer.headers["Preference-Applied"]).toBe(prefer);
    expect(answer.headers["ETag"]).toMatch(/^W\//);
  });

  test("a complex property may be sent back as it was read", async () => {
    const { service } = world;
    const { json: read } = await service.get(`${path}/companyProfile`);

    const patched = await service.patch(`${path}/companyProfile`, read);
    const put = await service.send("PUT", `${path}/companyProfile`, { body: read });

    expect([patched.status, patched.json]).toEqual([200, read]);
    expect([put.status, put.json]).toEqual([200, read]);
  });

  test("the domain and the status of an operation are written by the rules of the operation", async () => {
    const { service } = world;
    const operation = `/customerCreationOperations/${(await openOperation(service)).id}`;
    const domain = newDomain();

    const moved = await service.send("PUT", `${operation}/domain`, { body: { value: domain } });
    const canceled = await service.send("PUT", `${operation}/status/$value`, { body: "canceled", headers: text });

    expect([moved.status, moved.json.value]).toEqual([200, domain]);
    expect([canceled.status, canceled.text]).toEqual([200, "canceled"]);
    expect((await service.get(operation)).json).toMatchObject({ domain, status: "canceled" });
  });

  test("a repeated write is carried out once", async () => {
    const { service } = world;
    const sending = { body: { value: "b@fabrikam.example" }, ...repeatable() };
    const first = await service.send("PUT", `${path}/billingProfile/email`, sending);
    const changes = await service.changes();

    const again = await service.send("PUT", `${path}/billingProfile/email`, sending);

    expect([again.status, again.text, again.headers["ETag"]]).toEqual([200, first.text, first.headers["ETag"]]);
    expect(await service.changes()).toEqual(changes);
  });

  test("who may only read is refused", async () => {
    const token = await signToken({ roles: ["Customer.Read.All"] });

    const read = await world.service.get(`${path}/billingProfile/email`, { token });
    const written = await world.service.send("PUT", `${path}/billingProfile/email`, { body: { value: null }, token });

    expect([read.status, written.status]).toEqual([200, 403]);
  });

  test("a batch may write properties", async () => {
    const requests = [
      {
        id: "1",
        method: "PUT",
        url: `${path}/billingProfile/culture/$value`,
        headers: { "content-type": "text/plain" },
        body: "pt-PT",
      },
      { id: "2", method: "GET", url: `${path}/billingProfile/culture`, dependsOn: ["1"] },
    ];

    const { json } = await world.service.post("/$batch", { requests });

    expect(json.responses.map(({ status }: { status: number }) => status)).toEqual([200, 200]);
    expect(json.responses[1].body.value).toBe("pt-PT");
  });
});
