import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engines } from "../support/service.ts";
import { fill, sendAttempt, testRefusals } from "./refusal.ts";
import { activeBody, openWorld, type World } from "./world.ts";

const customer = "/customers/{active}";

describe.each(engines)("the properties of entities by their URLs on %s", (engine) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(engine);
  });
  afterAll(() => world.service[Symbol.asyncDispose]());

  const get = (path: string, headers = {}) => sendAttempt(world, { method: "GET", path, headers });

  test.each([
    ["lifecycleState", "active"],
    ["billingProfile/email", activeBody.billingProfile.email],
    ["billingProfile/defaultAddress/country", "PT"],
    ["companyProfile/address/city", "Lisboa"],
    ["companyProfile/graph.companyProfile/companyName", "Fabrikam"],
    ["enableGDAPByDefault", false],
    ["metadata/tier", "gold"],
    ["LifecycleState", "active"],
  ])("%s of a customer is read as a value with its context", async (path, value) => {
    const answer = await get(`${customer}/${path}`);

    expect(answer.status).toBe(200);
    expect(answer.headers["Content-Type"]).toMatch(/^application\/json/);
    expect(answer.json).toEqual({ "@odata.context": expect.stringContaining("$metadata#customers('"), value });
  });

  test("the context names the entity and the path, and the entity tag is that of the entity", async () => {
    const entity = await get(customer);

    const answer = await get(`/customers('{active}')/billingProfile/defaultAddress/country/`);

    const path = "billingProfile/defaultAddress/country";
    expect(answer.json["@odata.context"]).toBe(fill(world, `{root}/$metadata#customers('{active}')/${path}`));
    expect(answer.headers["ETag"]).toBe(entity.json["@odata.etag"]);
  });

  test("a complex property is read as its values, and parts of it can be selected", async () => {
    const entity = await get(customer);

    const whole = await get(`${customer}/billingProfile`);
    const part = await get(`${customer}/billingProfile?$select=email,defaultAddress/city`);

    const context = fill(world, "{root}/$metadata#customers('{active}')/billingProfile");
    expect(whole.json).toEqual({ "@odata.context": context, ...entity.json.billingProfile });
    expect(part.json).toEqual({
      "@odata.context": `${context}(email,defaultAddress/city)`,
      email: activeBody.billingProfile.email,
      defaultAddress: { city: "Lisboa" },
    });
  });

  test.each([
    ["createdDateTime", "#DateTimeOffset"],
    ["lifecycleState", "#microsoft.graph.customerLifecycleState"],
    ["customDomains", "#Collection(String)"],
  ])("%s tells its type at full metadata, and no context without metadata", async (path, type) => {
    const full = await get(`${customer}/${path}`, { accept: "application/json;odata.metadata=full" });
    const none = await get(`${customer}/${path}`, { accept: "application/json;odata.metadata=none" });

    const { value } = none.json;
    expect(none.json).toEqual({ value });
    expect(full.json).toEqual({ "@odata.context": expect.any(String), "@odata.type": type, value });
  });

  test("in 4.01 the names of annotations have no prefix", async () => {
    const answer = await get(`${customer}/createdDateTime`, {
      accept: "application/json;metadata=full",
      "odata-maxversion": "4.01",
    });

    expect(Object.keys(answer.json)).toEqual(["@context", "@type", "value"]);
  });

  test("an open complex property is read as its values", async () => {
    const answer = await get(`${customer}/metadata`);

    expect(answer.json).toEqual({
      "@odata.context": fill(world, "{root}/$metadata#customers('{active}')/metadata"),
      tier: "gold",
    });
  });

  test("a collection is read as its items, and counted", async () => {
    const items = await get(`${customer}/customDomains`);
    const count = await get(`${customer}/customDomains/$count`);
    const steps = await get("/customerCreationOperations/{done}/history");

    expect(items.json.value).toEqual([fill(world, "{activeDomain}")]);
    expect([count.text, count.headers["Content-Type"]]).toEqual(["1", "text/plain;charset=utf-8"]);
    expect(steps.json.value[0]).toMatchObject({ status: "notStarted", stage: "domainReserved" });
  });

  test.each([
    ["/customers/{active}/externalId/$value", "crm-1"],
    ["/customers/{active}/enableGDAPByDefault/$value", "false"],
    ["/customers/{active}/metadata/tier/$value", "gold"],
    ["/customerCreationOperations/{done}/status/$value", "succeeded"],
    ["/customerCreationOperations/{done}/percentComplete/$value", "100"],
    ["/customerCreationOperations/{done}/resourceLocation/$value", "{root}/customers/{active}"],
    ["/customerCreationOperations/{done}/customer/{active}/billingProfile/email/$value", "ana@fabrikam.example"],
  ])("%s is the text %s", async (path, text) => {
    const answer = await get(path, { accept: "text/plain" });

    expect([answer.status, answer.text]).toEqual([200, fill(world, text)]);
    expect(answer.headers["Content-Type"]).toBe("text/plain;charset=utf-8");
    expect(answer.headers["ETag"]).toMatch(/^W\//);
  });

  test.each([
    ["/customers/{active}/deletedDateTime"],
    ["/customers/{active}/deletedDateTime/$value"],
    ["/customers/{active}/metadata/nothing"],
    ["/customers/{failedCustomer}/metadata"],
    ["/customers/{failedCustomer}/billingProfile/defaultAddress"],
    ["/customers/{failedCustomer}/billingProfile/defaultAddress/country"],
    ["/customerCreationOperations/{open}/error"],
  ])("%s is null, and answered 204 without a body", async (path) => {
    const answer = await get(path);

    expect([answer.status, answer.text]).toEqual([204, undefined]);
    expect(answer.headers["ETag"]).toMatch(/^W\//);
    expect(answer.headers["Content-Type"]).toBeUndefined();
  });

  test("what the client has already is answered 304", async () => {
    const { headers } = await get(customer);

    const same = await get(`${customer}/lifecycleState`, { "if-none-match": headers["ETag"] });
    const other = await get(`${customer}/lifecycleState`, { "if-none-match": 'W/"other"' });

    expect([same.status, same.text, other.status]).toEqual([304, undefined, 200]);
  });

  test("HEAD says what GET says, without the body", async () => {
    const read = await get(`${customer}/lifecycleState`);

    const head = await sendAttempt(world, { method: "HEAD", path: `${customer}/lifecycleState` });

    expect([head.status, head.text]).toEqual([200, undefined]);
    expect(head.headers["ETag"]).toBe(read.headers["ETag"]);
    expect(head.headers["Content-Type"]).toBe(read.headers["Content-Type"]);
  });

  test.each([
    ["/customers/{active}/companyProfile", "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"],
    ["/customers/{active}/metadata", "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"],
    ["/customers/{active}/externalId", "GET, PUT, DELETE, HEAD, OPTIONS"],
    ["/customers/{active}/externalId/$value", "GET, PUT, DELETE, HEAD, OPTIONS"],
    ["/customers/{active}/customDomains/$count", "GET, HEAD, OPTIONS"],
    ["/customerCreationOperations/{done}/customer/{active}/externalId", "GET, HEAD, OPTIONS"],
  ])("OPTIONS of %s lists its methods", async (path, methods) => {
    const answer = await sendAttempt(world, { method: "OPTIONS", path, token: null });

    expect([answer.status, answer.headers["Allow"]]).toEqual([204, methods]);
  });

  testRefusals(
    () => world,
    [
      [
        "a property that there is not is answered 404",
        { method: "GET", path: `${customer}/companyProfile/nothing` },
        { status: 404, code: "itemNotFound", message: /'nothing'/ },
      ],
      [
        "a property of no customer is answered 404",
        { method: "GET", path: "/customers/{nothing}/externalId" },
        { status: 404, code: "itemNotFound", message: /There is no customer/ },
      ],
      [
        "a property of another partner's customer is answered 404",
        { method: "GET", path: "/customers/{other}/externalId" },
        { status: 404, code: "itemNotFound", message: /There is no customer/ },
      ],
      [
        "the raw value of a complex property is answered 400",
        { method: "GET", path: `${customer}/billingProfile/$value` },
        { status: 400, code: "invalidRequest", message: /'\$value' can follow a primitive value only/ },
      ],
      [
        "the raw value of an entity is answered 400",
        { method: "GET", path: `${customer}/$value` },
        { status: 400, code: "invalidRequest", message: /no media stream/ },
      ],
      [
        "a selection from what has no parts is answered 501",
        { method: "GET", path: `${customer}/externalId?$select=a` },
        { status: 501, code: "notSupported", target: "$select" },
      ],
      [
        "a selection of a part that there is not is answered 400",
        { method: "GET", path: `${customer}/billingProfile?$select=nothing` },
        { status: 400, code: "invalidQueryOption", target: "$select", message: /properties are id, firstName/ },
      ],
      [
        "a raw value as JSON is answered 406",
        { method: "GET", path: `${customer}/externalId/$value`, headers: { accept: "application/json" } },
        { status: 406, code: "invalidAcceptType" },
      ],
      [
        "a property without a token is answered 401",
        { method: "GET", path: `${customer}/externalId`, token: null },
        { status: 401, code: "unauthenticated" },
      ],
    ],
  );
});
