import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  engines,
  type Json,
  newDomain,
  otherPartner,
  type Sending,
  type Service,
  signToken,
} from "../support/service.ts";
import { answersOf, sendBatch } from "./send-batch.ts";
import { minimal, openWorld, type World } from "./world.ts";

const json = { "Content-Type": "application/json" } as const;

describe.each(engines)("a batch in JSON on %s", (engine) => {
  let world: World;
  let service: Service;
  beforeAll(async () => {
    world = await openWorld(engine);
    service = world.service;
  });
  afterAll(() => world.service[Symbol.asyncDispose]());

  const batch = (requests: readonly object[], sending: Sending = {}) => answersOf(service, requests, sending);

  test("answers each request as it would be answered alone", async () => {
    const path = `/customers/${world.names["active"]}`;
    const alone = await service.get(path);

    const answers = await batch([
      { id: "1", method: "GET", url: path },
      { id: "2", method: "GET", url: `/customers/${world.names["nothing"]}` },
      { id: "3", method: "GET", url: "/customers/$count" },
    ]);

    expect(answers["1"]).toMatchObject({ status: 200, headers: { ETag: alone.headers["ETag"] }, body: alone.json });
    expect(answers["2"]).toMatchObject({ status: 404, body: { error: { innerError: { code: "itemNotFound" } } } });
    expect(answers["3"]).toMatchObject({ status: 200, headers: { "Content-Type": /^text\/plain/ }, body: /^\d+$/ });
  });

  test("of no requests has no answers", async () => {
    const answer = await service.post("/$batch", { requests: [] });

    expect(answer).toMatchObject({ status: 200, json: { responses: [] } });
    expect(answer.headers).toMatchObject({ "OData-Version": "4.0", "Content-Type": /^application\/json;/ });
  });

  test("gives an answer of 204 neither a body nor a Content-Type", async () => {
    const { id } = await open();

    const answers = await batch([{ id: "1", method: "DELETE", url: `/customerCreationOperations/${id}` }]);

    expect(answers["1"].status).toBe(204);
    expect(answers["1"]).not.toHaveProperty("body");
    expect(answers["1"].headers).not.toHaveProperty("Content-Type");
  });

  test("gives an answer of 304 neither a body nor a Content-Type, and what depends on it is carried out", async () => {
    const url = `/customers/${world.names["active"]}`;
    const tag = (await service.get(url)).headers["ETag"];

    const answers = await batch([
      { id: "1", method: "GET", url, headers: { "If-None-Match": tag } },
      { id: "2", method: "GET", url: "$1?$select=id", dependsOn: ["1"] },
    ]);

    expect([answers["1"].status, answers["2"].status]).toEqual([304, 200]);
    expect(answers["1"]).not.toHaveProperty("body");
    expect(answers["1"].headers).not.toHaveProperty("Content-Type");
  });

  test("takes null for a member that is not there, and a body of nothing where none belongs", async () => {
    const absent = { headers: null, body: null, dependsOn: null, atomicityGroup: null };

    const answers = await batch([
      { id: "1", method: "GET", url: "/customers", ...absent },
      { id: "2", method: "DELETE", url: `/customers/${world.names["nothing"]}`, body: "" },
    ]);

    expect([answers["1"].status, answers["2"].status]).toEqual([200, 404]);
  });

  test("goes through a collection that an earlier request has read, without its options", async () => {
    const answers = await batch([
      { id: "1", method: "GET", url: "customers?$top=1" },
      { id: "2", method: "GET", url: "$1/$count", dependsOn: ["1"] },
      { id: "3", method: "GET", url: "customers/$count" },
    ]);

    expect(answers["2"]).toMatchObject({ status: 200, body: answers["3"].body });
  });

  test.each([
    ["an object with a type", { headers: json }, (body: object) => body],
    ["an object without a type", {}, (body: object) => body],
    [
      "an object with a type in another case",
      { headers: { "CONTENT-type": "application/json" } },
      (body: object) => body,
    ],
    ["base64 without headers, as kiota sends it", {}, (body: object) => encode(body, "base64")],
    ["base64url without headers", {}, (body: object) => encode(body, "base64url")],
    ["base64 with the type of JSON", { headers: json }, (body: object) => encode(body, "base64")],
  ])("takes a body that is %s", async (_name, more, encodeBody) => {
    const body = { companyProfile: { domain: newDomain() }, billingProfile: { companyName: "Ü?>~ \u{1d7b5}" } };

    const answers = await batch([{ id: "2", method: "POST", url: "/customers", body: encodeBody(body), ...more }]);

    expect(answers["2"]).toMatchObject({ status: 201, body });
  });

  test.each([
    ["get", "customers"],
    ["Get", "/customers"],
    ["GET", "/v1.0/customers"],
    ["GET", "/beta/customers"],
    ["GET", "{root}/customers"],
    ["GET", "customers?$filter=externalId eq 'crm-1'&$top=1"],
    ["GET", "/customers('{active}')"],
  ])("understands %s %s", async (method, url) => {
    const names = world.names;
    const filled = url.replace(/\{(\w+)\}/g, (_, name: string) => names[name] ?? "");

    const answers = await batch([{ id: "1", method, url: filled }]);

    expect(answers["1"]).toMatchObject({ status: 200 });
  });

  test("passes over the body of a GET, but not for a client of the standard", async () => {
    const requests = [{ id: "1", method: "GET", url: "/customers", headers: json, body: { a: 1 } }];

    const lenient = await batch(requests);
    const strict = await batch(requests, { headers: { "odata-maxversion": "4.01" } });

    expect(lenient["1"].status).toBe(200);
    expect(strict["1"].status).toBe(400);
  });

  test("names headers as Microsoft Graph does, and in lower case for a client of the standard", async () => {
    const requests = [{ id: "1", method: "GET", url: "/customers" }];

    const graph = await batch(requests);
    const oasis = await batch(requests, { headers: { "odata-maxversion": "4.01" } });

    expect(graph["1"].headers).toHaveProperty("Content-Type");
    const names = Object.keys(oasis["1"].headers);
    expect(names).toContain("content-type");
    expect(names).toEqual(names.map((name) => name.toLowerCase()));
  });

  test("lets a request use the result of one that it depends on", async () => {
    const domain = newDomain();

    const answers = await batch([
      { id: "open", method: "POST", url: "/customerCreationOperations", body: { domain } },
      { id: "attach", method: "POST", url: "$open/customer/$ref", body: minimal, dependsOn: ["OPEN"] },
      { id: "read", method: "GET", url: "/$attach?$select=lifecycleState", dependsOn: ["attach"] },
      { id: "again", method: "GET", url: "/v1.0/$read/companyProfile", dependsOn: ["read"] },
      {
        id: "change",
        method: "PATCH",
        url: "$attach",
        headers: { "If-Match": "$read" },
        body: { metadata: { a: "b" } },
        dependsOn: ["read", "attach"],
      },
    ]);

    expect(answers["open"]).toMatchObject({ status: 201 });
    expect(answers["attach"]).toMatchObject({ status: 204 });
    expect(answers["read"]).toMatchObject({ status: 200, body: { lifecycleState: "provisioning" } });
    expect(answers["again"]).toMatchObject({ status: 200, body: { domain } });
    expect(answers["change"]).toMatchObject({ status: 200, body: { metadata: { a: "b" } } });
  });

  test("does not carry out what depends on a request that failed, nor what depends on that", async () => {
    const before = await service.changes();

    const answers = await batch([
      { id: "1", method: "GET", url: `/customers/${world.names["nothing"]}` },
      { id: "2", method: "POST", url: "/customerCreationOperations", body: { domain: newDomain() }, dependsOn: ["1"] },
      { id: "3", method: "GET", url: "/customers", dependsOn: ["2"] },
      { id: "4", method: "GET", url: "/customers" },
    ]);

    expect([answers["1"].status, answers["2"].status, answers["3"].status, answers["4"].status]).toEqual([
      404, 424, 424, 200,
    ]);
    expect(answers["2"].body.error).toMatchObject({
      code: "failedDependency",
      innerError: { code: "failedDependency", "request-id": /./ },
    });
    expect(await service.changes()).toEqual(before);
  });

  test("stops at the first failure when it is told to, and answers only what it began", async () => {
    const requests = [
      { id: "1", method: "GET", url: "/customers" },
      { id: "2", method: "GET", url: "/nothing" },
      { id: "3", method: "POST", url: "/customerCreationOperations", body: { domain: newDomain() } },
    ];
    const before = await service.changes();

    const stopped = await sendBatch(service, requests, { headers: { prefer: "odata.continue-on-error=false" } });

    expect(stopped.json.responses.map(({ id }: Json) => id)).toEqual(["1", "2"]);
    expect(stopped.headers["Preference-Applied"]).toBe("odata.continue-on-error=false");
    expect(await service.changes()).toEqual(before);
  });

  test("is made by its caller: nothing of another partner's can be reached in it", async () => {
    const token = await signToken({ tid: otherPartner });
    const path = `/customers/${world.names["active"]}`;

    const answers = await batch(
      [
        { id: "1", method: "GET", url: path },
        { id: "2", atomicityGroup: "g", method: "PATCH", url: path, body: { metadata: { a: "b" } } },
      ],
      { token },
    );

    expect([answers["1"].status, answers["2"].status]).toEqual([404, 404]);
  });

  test("checks permissions for each request", async () => {
    const token = await signToken({ roles: ["Customer.Read.All"] });

    const answers = await batch(
      [
        { id: "1", method: "GET", url: "/customers" },
        { id: "2", method: "DELETE", url: `/customers/${world.names["active"]}` },
      ],
      { token },
    );

    expect([answers["1"].status, answers["2"].status]).toEqual([200, 403]);
  });

  test("answers in multipart when that is what is accepted", async () => {
    const answer = await service.post(
      "/$batch",
      { requests: [{ id: "one", method: "GET", url: "/customers/$count" }] },
      { headers: { accept: "multipart/mixed" } },
    );

    expect(answer.headers["Content-Type"]).toMatch(/^multipart\/mixed; boundary=/);
    expect(answer.text).toMatch(/Content-ID: one\r\n\r\nHTTP\/1.1 200 OK\r\n/);
  });

  test("hands on what the standard lets requests inherit, and counts are answered although JSON is accepted", async () => {
    const answers = await batch(
      [
        { id: "1", method: "GET", url: "/customers/$count" },
        { id: "2", method: "GET", url: "/customers" },
      ],
      { headers: { accept: "application/json", "client-request-id": "mine" } },
    );

    expect([answers["1"].status, answers["2"].status]).toEqual([200, 200]);
    expect(answers["2"].headers["client-request-id"]).toBe("mine");
  });

  async function open(): Promise<Json> {
    return (await service.post("/customerCreationOperations", { domain: newDomain() })).json;
  }
});

function encode(body: object, encoding: "base64" | "base64url"): string {
  return Buffer.from(JSON.stringify(body), "utf8").toString(encoding);
}
