import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { engines, newDomain, type Service, startService } from "../support/service.ts";
import { expectRefusal, stateOf } from "./refusal.ts";
import { addCustomer, finishWork, minimal, openOperation } from "./world.ts";

const stale = 'W/"0193a5b2-7c1e-7d34-9f00-5b1c2d3e4f50"';

/** What has an entity tag, and a change to it. */
const entities = [
  { set: "customers", change: { metadata: { a: "b" } } },
  { set: "customerCreationOperations", change: { status: "canceled" } },
] as const;

const garbled = ["abc", '"abc', 'W/abc"', "W/", 'w/"abc"', '"a""b"', "''", "", '"a" "b"', `${stale}, abc`, '"ü"'];

describe.each(engines)("preconditions on %s", (engine) => {
  let service: Service;
  beforeAll(async () => {
    service = await startService(engine);
  });
  afterAll(() => service[Symbol.asyncDispose]());

  describe.each(entities)("of $set", ({ set, change }) => {
    let path: string;
    let tag: string;
    beforeEach(async () => {
      path = await makeOne(service, set);
      tag = String((await service.get(path)).headers["ETag"]);
    });

    describe.each(["PATCH", "DELETE"])("for %s", (method) => {
      const send = (headers: Readonly<Record<string, string>>) =>
        service.send(method, path, { ...(method === "PATCH" ? { body: change } : {}), headers });
      const done = method === "PATCH" ? 200 : 204;

      test.each([
        ["an If-Match that is stale", () => ({ "if-match": stale })],
        ["an If-None-Match of any", () => ({ "if-none-match": "*" })],
        ["an If-None-Match of the present version", () => ({ "if-none-match": tag })],
        ["one of both that does not hold", () => ({ "if-match": tag, "if-none-match": tag })],
      ])("%s is answered 412, with the present tag", async (_name, headers) => {
        const before = await stateOf(service);

        const answer = await send(headers());
        const after = await stateOf(service);

        expectRefusal(answer, { status: 412, code: "entityTagDoesNotMatch", message: tag });
        expect(after).toEqual(before);
      });

      test.each(["if-match", "if-none-match"])("a garbled %s is answered 400", async (name) => {
        const before = await stateOf(service);

        const answers = await Promise.all(garbled.map((text) => send({ [name]: text })));
        const after = await stateOf(service);

        for (const answer of answers) expectRefusal(answer, { status: 400, code: "malformedEntityTag" });
        expect(after).toEqual(before);
      });

      test.each([
        ["the present tag", () => ({ "if-match": tag })],
        ["the present tag, strong", () => ({ "if-match": tag.replace("W/", "") })],
        ["the present tag among others", () => ({ "if-match": `${stale}, ${tag}` })],
        ["any tag", () => ({ "if-match": "*" })],
        ["another version excluded", () => ({ "if-none-match": stale })],
        ["no condition", () => ({})],
      ])("with %s it is carried out", async (_name, headers) => {
        const before = await service.changes();

        const answer = await send(headers());
        const after = await service.changes();

        expect(answer.status).toBe(done);
        expect(after.length).toBeGreaterThan(before.length);
        expect((await service.get(path)).headers["ETag"]).not.toBe(tag);
      });

      test("with a tag that was present before the last change it is answered 412", async () => {
        await service.patch(path, { ...change });
        const before = await stateOf(service);

        const answer = await send({ "if-match": tag });
        const after = await stateOf(service);

        expectRefusal(answer, { status: 412, code: "entityTagDoesNotMatch" });
        expect(after).toEqual(before);
      });

      test("an If-Match of any on what is not there is answered 404", async () => {
        path = `/${set}/0193a5b2-7c1e-7d34-9f00-5b1c2d3e4f50`;

        const answer = await send({ "if-match": "*" });

        expectRefusal(answer, { status: 404, code: "itemNotFound" });
      });
    });

    describe("in the body of a PATCH, as @etag of 4.01", () => {
      test.each([
        ["the present tag", () => tag],
        ["any", () => "*"],
      ])("%s is carried out", async (_name, own) => {
        const answer = await service.patch(path, { ...change, "@etag": own() });

        expect(answer.status).toBe(200);
      });

      test.each([
        ["a stale tag", stale, 412, "entityTagDoesNotMatch"],
        ["a garbled one", "abc", 400, "malformedEntityTag"],
        ["one that is no text", null, 400, "malformedEntityTag"],
      ])("%s is refused", async (_name, own, status, code) => {
        const before = await stateOf(service);

        const answer = await service.patch(path, { ...change, "@etag": own });

        expectRefusal(answer, { status, code });
        expect(await stateOf(service)).toEqual(before);
      });

      test("one that is stale is refused even when If-Match holds", async () => {
        const answer = await service.patch(path, { ...change, "@etag": stale }, { headers: { "if-match": tag } });

        expectRefusal(answer, { status: 412, code: "entityTagDoesNotMatch" });
      });

      test("a stale tag by its name of 4.0 says nothing", async () => {
        const answer = await service.patch(path, { ...change, "@odata.etag": stale });

        expect(answer.status).toBe(200);
      });
    });

    test.each([
      ["the present tag", () => tag],
      ["the present tag, strong", () => tag.replace("W/", "")],
      ["the present tag among others", () => `${stale} , ${tag}`],
      ["any tag", () => "*"],
    ])("a GET unless it is %s is answered 304, with the tag and no body", async (_name, tags) => {
      const answer = await service.get(path, { headers: { "if-none-match": tags() } });

      expect(answer).toMatchObject({ status: 304, text: undefined, headers: { ETag: tag, "OData-Version": "4.0" } });
      expect(answer.headers).not.toHaveProperty("Content-Type");
    });

    test("a HEAD unless it is the present tag is answered 304 as the GET is", async () => {
      const answer = await service.send("HEAD", path, { headers: { "if-none-match": tag } });

      expect(answer).toMatchObject({ status: 304, text: undefined, headers: { ETag: tag } });
    });

    test("a GET unless it is another tag is answered with the entity, whose own tag is that of the header", async () => {
      const answer = await service.get(path, { headers: { "if-none-match": stale } });

      expect(answer).toMatchObject({ status: 200, headers: { ETag: tag }, json: { "@odata.etag": tag } });
    });

    test("a GET unless it is a garbled tag is answered 400", async () => {
      const answer = await service.get(path, { headers: { "if-none-match": "abc" } });

      expectRefusal(answer, { status: 400, code: "malformedEntityTag" });
    });
  });

  test.each([
    ["an If-Match of a tag", { "if-match": stale }],
    ["an If-None-Match of any", { "if-none-match": "*" }],
  ])("of a collection do not hold for %s: a POST is answered 412 and makes nothing", async (_name, headers) => {
    const requests = await posts(service);
    const before = await stateOf(service);

    const answers = await Promise.all(requests.map(([path, body]) => service.post(path, body, { headers })));

    for (const answer of answers) expectRefusal(answer, { status: 412, code: "entityTagDoesNotMatch" });
    expect(await stateOf(service)).toEqual(before);
  });

  test("of a collection hold for an If-Match of any and an If-None-Match of a tag", async () => {
    const headers = { "if-match": "*", "if-none-match": stale };

    const answers = [];
    for (const [path, body] of await posts(service)) answers.push(await service.post(path, body, { headers }));

    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 204]);
  });
});

/** What is posted to where, and what is made by it. */
async function posts(service: Service) {
  const { id } = await openOperation(service);
  const company = { companyProfile: { domain: newDomain() }, billingProfile: {} };
  return [
    ["/customers", company],
    ["/customerCreationOperations", { domain: newDomain() }],
    [`/customerCreationOperations/${id}/customer`, minimal],
    [`/customerCreationOperations/${id}/customer/$ref`, minimal],
  ] as const;
}

async function makeOne(service: Service, set: (typeof entities)[number]["set"]): Promise<string> {
  if (set === "customerCreationOperations") return `/${set}/${(await openOperation(service)).id}`;
  const { customer } = await addCustomer(service, minimal);
  await finishWork(service);
  return `/customers/${customer}`;
}
