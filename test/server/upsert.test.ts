import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { everyPartner } from "../../src/store/database.ts";
import { raw } from "../../src/store/sql.ts";
import { lasting, repeatable, withHeaders } from "../support/repeatable.ts";
import { engines, newDomain, otherPartner, type Service, signToken } from "../support/service.ts";
import { type Case, testRefusals } from "./refusal.ts";
import { answersOf } from "./send-batch.ts";
import { finishWork, openWorld, type World } from "./world.ts";

let serial = 0;
const newKey = () => `up-${++serial}`;
const pathOf = (key: string) => `/customers(externalId='${key}')`;
const bodyOf = (domain = newDomain()) => ({ companyProfile: { domain, companyName: "Contoso" }, billingProfile: {} });
const absent = "/customers(externalId='crm-404')";
const present = "/customers(externalId='crm-1')";

describe.each(engines)("an upsert on %s", (engine) => {
  let world: World;
  let service: Service;
  beforeAll(async () => {
    world = await openWorld(engine);
    service = world.service;
  });
  afterAll(() => world.service[Symbol.asyncDispose]());

  test("creates what is not there, with an operation of its own, as POST does", async () => {
    const key = newKey();
    const body = bodyOf();

    const answer = await service.patch(pathOf(key), body);
    const location = `${world.names["root"]}/customers/${answer.json.id}`;
    await finishWork(service);
    const operation = await service.get(`!${new URL(answer.headers["Operation-Location"] ?? "").pathname}`);
    const read = await service.get(pathOf(key));

    expect(answer).toMatchObject({
      status: 201,
      headers: { Location: location, "OData-EntityId": location, ETag: expect.stringMatching(/^W\//) },
      json: { ...body, externalId: key, lifecycleState: "provisioning" },
    });
    expect(operation.json).toMatchObject({ status: "succeeded", domain: body.companyProfile.domain });
    expect(read.json).toMatchObject({ id: answer.json.id, lifecycleState: "active" });
  });

  test("changes what is there, and asks for no more than a change does", async () => {
    const key = newKey();
    const created = await service.patch(pathOf(key), bodyOf());

    const answer = await service.patch(pathOf(key), { metadata: { tier: "gold" } });

    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({ id: created.json.id, externalId: key, metadata: { tier: "gold" } });
  });

  test("takes the key in the body as well, when it is that of the URL", async () => {
    const key = newKey();

    const first = await service.patch(pathOf(key), { ...bodyOf(), externalId: key });
    const second = await service.patch(pathOf(key), { externalId: key });

    expect([first.status, second.status]).toEqual([201, 200]);
  });

  test("answers without a body when that is preferred, and says what it made", async () => {
    const answer = await service.patch(pathOf(newKey()), bodyOf(), {
      headers: { prefer: "create-if-missing; return=minimal" },
    });

    expect(answer).toMatchObject({
      status: 204,
      text: undefined,
      headers: { "Preference-Applied": "return=minimal, create-if-missing" },
    });
    expect(answer.headers["OData-EntityId"]).toBe(answer.headers["Location"]);
  });

  test("that changes is answered without a body too, and says what it changed", async () => {
    const answer = await service.patch(present, { metadata: { a: "b" } }, { headers: { prefer: "return=minimal" } });

    expect(answer.status).toBe(204);
    expect(answer.headers["OData-EntityId"]).toBe(`${world.names["root"]}/customers/${world.names["active"]}`);
  });

  test("says that create-if-missing was applied when it was, and not otherwise", async () => {
    const key = newKey();
    const sending = { headers: { prefer: "create-if-missing" } };

    const created = await service.patch(pathOf(key), bodyOf(), sending);
    const changed = await service.patch(pathOf(key), { metadata: { a: "b" } }, sending);
    const posted = await service.post("/customers", bodyOf(), sending);

    expect(created.headers["Preference-Applied"]).toBe("create-if-missing");
    expect(changed.headers).not.toHaveProperty("Preference-Applied");
    expect(posted.headers).not.toHaveProperty("Preference-Applied");
  });

  test("shows what the request selects", async () => {
    const key = newKey();

    const answer = await service.patch(`${pathOf(key)}?$select=externalId`, bodyOf());

    expect(answer).toMatchObject({ status: 201, json: { externalId: key } });
    expect(answer.json).not.toHaveProperty("companyProfile");
  });

  test.each([2, 6])("of %i at once one creates, and the others change the same customer", async (count) => {
    const key = newKey();
    const body = bodyOf();

    const answers = await Promise.all(Array.from({ length: count }, () => service.patch(pathOf(key), body)));

    expect(answers.map(({ status }) => status).toSorted()).toEqual([...Array(count - 1).fill(200), 201]);
    expect(new Set(answers.map(({ json }) => json.id)).size).toBe(1);
  });

  test("of two at once with domains of their own, one creates and the other is told that its domain cannot be set", async () => {
    const key = newKey();

    const answers = await Promise.all([service.patch(pathOf(key), bodyOf()), service.patch(pathOf(key), bodyOf())]);

    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 400]);
  });

  test("of a key that another partner has creates one for the caller", async () => {
    const key = newKey();
    const token = await signToken({ tid: otherPartner });
    const theirs = await service.patch(pathOf(key), bodyOf(), { token });

    const answer = await service.patch(pathOf(key), bodyOf());

    expect(answer.status).toBe(201);
    expect(answer.json.id).not.toBe(theirs.json.id);
  });

  test("creates again after the customer was deleted", async () => {
    const key = newKey();
    const first = await service.patch(pathOf(key), bodyOf());
    await service.delete(pathOf(key));

    const answer = await service.patch(pathOf(key), bodyOf());

    expect(answer.status).toBe(201);
    expect(answer.json.id).not.toBe(first.json.id);
  });

  test("with If-None-Match: * creates, and never changes", async () => {
    const key = newKey();
    const sending = { headers: { "if-none-match": "*" } };

    const created = await service.patch(pathOf(key), bodyOf(), sending);
    const before = await service.changes();
    const changed = await service.patch(pathOf(key), { metadata: { a: "b" } }, sending);

    expect([created.status, changed.status]).toEqual([201, 412]);
    expect(await service.changes()).toEqual(before);
  });

  test("is carried out once when it is repeated with a key", async () => {
    const path = pathOf(newKey());
    const sending = repeatable();
    const body = bodyOf();

    const first = await service.patch(path, body, sending);
    const before = await service.changes();
    const second = await service.patch(path, body, sending);

    expect(lasting(second)).toEqual(lasting(first));
    expect(second.status).toBe(201);
    expect(await service.changes()).toEqual(before);
  });

  test("of which the answer was lost is answered as a creation when it is repeated", async () => {
    const path = pathOf(newKey());
    const sending = repeatable();
    const body = bodyOf();
    const first = await service.patch(path, body, sending);
    await service.database.write(everyPartner, [
      raw(`update "repeatability" set "status" = null, "headers" = null, "body" = null`),
    ]);
    service.advance(2);

    const second = await service.patch(path, body, sending);

    expect(second.status).toBe(201);
    expect(second.json.id).toBe(first.json.id);
    expect(second.headers["Operation-Location"]).toBe(first.headers["Operation-Location"]);
  });

  test("of twins with one key is carried out once", async () => {
    const path = pathOf(newKey());
    const sending = withHeaders(repeatable(), { prefer: "return=minimal" });
    const body = bodyOf();

    const answers = await Promise.all([service.patch(path, body, sending), service.patch(path, body, sending)]);

    expect(answers.map(({ status }) => status)).toEqual([204, 204]);
    expect(answers[0]?.headers["Location"]).toBe(answers[1]?.headers["Location"]);
  });

  test("can stand in an atomic group of a batch, and what it made can be referred to", async () => {
    const key = newKey();

    const answers = await answersOf(service, [
      { id: "1", atomicityGroup: "g", method: "PATCH", url: pathOf(key), body: bodyOf() },
      { id: "2", atomicityGroup: "g", method: "PATCH", url: "/$1", body: { metadata: { a: "b" } } },
      { id: "3", atomicityGroup: "g", method: "PATCH", url: pathOf(key), body: { metadata: { c: "d" } } },
    ]);

    expect([answers["1"].status, answers["2"].status, answers["3"].status]).toEqual([201, 200, 200]);
    expect(answers["3"].body.metadata).toEqual({ a: "b", c: "d" });
  });

  testRefusals(() => world, [
    [
      "of nobody, with If-Match: *, is answered 412: it must not insert",
      { method: "PATCH", path: absent, body: bodyOf(), headers: { "if-match": "*" } },
      { status: 412, code: "entityTagDoesNotMatch" },
    ],
    [
      "of nobody, with an entity tag in the body, is answered 412",
      { method: "PATCH", path: absent, body: { ...bodyOf(), "@etag": 'W/"1"' } },
      { status: 412, code: "entityTagDoesNotMatch" },
    ],
    [
      "with an entity tag in the body that is not the customer's is answered 412",
      { method: "PATCH", path: present, body: { metadata: { a: "b" }, "@etag": 'W/"1"' } },
      { status: 412, code: "entityTagDoesNotMatch" },
    ],
    [
      "of nobody without what a new customer needs is answered 400 with all that is missing",
      { method: "PATCH", path: absent, body: { metadata: { a: "b" } } },
      {
        status: 400,
        code: "requiredFieldMissing",
        details: [
          ["requiredFieldMissing", "companyProfile"],
          ["requiredFieldMissing", "billingProfile"],
        ],
      },
    ],
    [
      "of nobody without a domain is answered 400",
      { method: "PATCH", path: absent, body: { companyProfile: {}, billingProfile: {} } },
      { status: 400, code: "requiredFieldMissing", target: "companyProfile/domain" },
    ],
    [
      "of nobody with another key in the body is answered 400",
      { method: "PATCH", path: absent, body: { ...bodyOf(), externalId: "crm-405" } },
      { status: 400, code: "malformedValue", target: "externalId", message: "'crm-404'" },
    ],
    [
      "of nobody with a key of null in the body is answered 400",
      { method: "PATCH", path: absent, body: { ...bodyOf(), externalId: null } },
      { status: 400, code: "malformedValue", target: "externalId" },
    ],
    [
      "of nobody with a property that the server sets is answered 400",
      { method: "PATCH", path: absent, body: { ...bodyOf(), lifecycleState: "active" } },
      { status: 400, code: "propertyNotUpdateable", target: "lifecycleState" },
    ],
    [
      "with a key that no customer could have is answered 400",
      { method: "PATCH", path: "/customers(externalId='a%20b')", body: bodyOf() },
      { status: 400, code: "malformedValue", target: "externalId" },
    ],
    [
      "to a domain that another holds is answered 409",
      { method: "PATCH", path: absent, body: { companyProfile: { domain: "{activeDomain}" }, billingProfile: {} } },
      { status: 409, code: "domainAlreadyInUse" },
    ],
    [
      "with another key for a customer that is there is answered 400",
      { method: "PATCH", path: present, body: { externalId: "crm-405" } },
      { status: 400, code: "propertyNotUpdateable", target: "externalId" },
    ],
    [
      "with an unknown property is answered 400 whether it is there or not",
      { method: "PATCH", path: present, body: { extarnalId: "x" } },
      { status: 400, code: "unknownProperty", target: "extarnalId" },
    ],
    [
      "of an id that nobody has is answered 404, even with create-if-missing: the server makes the ids",
      { method: "PATCH", path: "/customers/{nothing}", body: bodyOf(), headers: { prefer: "create-if-missing" } },
      { status: 404, code: "itemNotFound" },
    ],
  ] satisfies readonly Case[]);
});
