import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engines, newDomain, type Service } from "../support/service.ts";
import { answersOf } from "./send-batch.ts";
import { openWorld, type World } from "./world.ts";

const operations = "/customerCreationOperations";
const open = () => ({ method: "POST", url: operations, body: { domain: newDomain() } });

describe.each(engines)("a request in a batch refers to an earlier one on %s", (engine) => {
  let world: World;
  let service: Service;
  beforeAll(async () => {
    world = await openWorld(engine);
    service = world.service;
  });
  afterAll(() => world.service[Symbol.asyncDispose]());

  const readActive = (id = "1") => ({ id, method: "GET", url: `/customers/${world.names["active"]}` });
  const encode = (body: object) => Buffer.from(JSON.stringify(body), "utf8").toString("base64");

  test.each([
    ["@odata.id", (body: object) => body],
    ["@id", (body: object) => body],
    ["@odata.id", encode],
  ])("by %s in its body, whatever way the body is sent", async (name, encodeBody) => {
    const answers = await answersOf(service, [
      readActive(),
      { id: "2", ...open() },
      {
        id: "3",
        method: "POST",
        url: "$2/customer/$ref",
        body: encodeBody({ [name]: "$1" }),
        dependsOn: ["1", "2"],
      },
      { id: "4", method: "GET", url: "$2/customer", dependsOn: ["2", "3"] },
    ]);

    expect(answers["3"].status).toBe(204);
    expect(answers["4"].body.value).toMatchObject([{ id: world.names["active"] }]);
  });

  test.each([[{ "customer@odata.bind": ["$1"] }], [{ customer: [{ "@id": "$1" }] }]])(
    "in a binding: %j",
    async (body) => {
      const answers = await answersOf(service, [
        readActive(),
        { id: "2", method: "POST", url: operations, body, dependsOn: ["1"] },
      ]);

      const resourceLocation = `${world.names["root"]}/customers/${world.names["active"]}`;
      expect(answers["2"]).toMatchObject({ status: 201, body: { status: "succeeded", resourceLocation } });
    },
  );

  test("that is an upsert, by the URL of what it made or changed", async () => {
    const path = `/customers(externalId='${newDomain().slice(0, 20)}')`;
    const body = { companyProfile: { domain: newDomain() }, billingProfile: {} };

    const answers = await answersOf(service, [
      { id: "1", method: "PATCH", url: path, body },
      { id: "2", method: "PATCH", url: path, body: { metadata: { a: "b" } }, dependsOn: ["1"] },
      { id: "3", method: "GET", url: "$1", dependsOn: ["1", "2"] },
      { id: "4", method: "GET", url: "$2?$select=metadata", dependsOn: ["2"] },
    ]);

    expect([answers["1"].status, answers["2"].status]).toEqual([201, 200]);
    expect(answers["3"].body.id).toBe(answers["1"].body.id);
    expect(answers["4"].body.metadata).toEqual({ a: "b" });
  });

  test("whose id has a space in it, and is written in another case", async () => {
    const answers = await answersOf(service, [
      readActive("My request é"),
      { id: "2", method: "GET", url: "$my request É?$select=id", dependsOn: ["MY REQUEST É"] },
      { id: "3", method: "GET", url: "/$My%20request%20%C3%A9", dependsOn: ["My request é"] },
    ]);

    expect([answers["2"].status, answers["3"].status]).toEqual([200, 200]);
    expect(answers["2"].body.id).toBe(world.names["active"]);
  });

  test("and means a system resource where the name is that of one", async () => {
    const answers = await answersOf(service, [
      readActive("metadata"),
      { id: "2", method: "GET", url: "$metadata" },
      { id: "3", method: "GET", url: "/$metadata", dependsOn: ["metadata"] },
    ]);

    expect([answers["2"].status, answers["3"].status]).toEqual([200, 200]);
    expect(answers["3"].headers["Content-Type"]).toBe("application/xml");
  });

  test("and leaves texts that begin so as they are", async () => {
    const metadata = { a: "$1", b: "$1/id", c: '"@odata.id": "$1"' };

    const answers = await answersOf(service, [
      readActive(),
      { id: "2", method: "PATCH", url: `/customers/${world.names["active"]}`, body: { metadata }, dependsOn: ["1"] },
    ]);

    expect(answers["2"].body.metadata).toMatchObject(metadata);
  });

  test("and is refused when it does not depend on it", async () => {
    const before = await service.changes();

    const answers = await answersOf(service, [
      readActive(),
      { id: "2", method: "POST", url: operations, body: { "customer@odata.bind": ["$1"] } },
      { id: "3", method: "POST", url: operations, body: { "customer@odata.bind": ["$nobody"] }, dependsOn: ["1"] },
    ]);

    expect(answers["2"]).toMatchObject({ status: 400, body: { error: { message: /'dependsOn'/ } } });
    expect(answers["3"]).toMatchObject({ status: 400, body: { error: { target: "customer" } } });
    expect(await service.changes()).toEqual(before);
  });

  test("and is not carried out when that has failed", async () => {
    const answers = await answersOf(service, [
      { id: "1", method: "GET", url: `/customers/${world.names["nothing"]}` },
      { id: "2", method: "POST", url: operations, body: { "customer@odata.bind": ["$1"] }, dependsOn: ["1"] },
    ]);

    expect([answers["1"].status, answers["2"].status]).toEqual([404, 424]);
  });

  test("in a change set, by its Content-ID", async () => {
    const part = (id: string, method: string, url: string, body: object) =>
      `--s\r\nContent-Type: application/http\r\nContent-ID: ${id}\r\n\r\n${method} ${url} HTTP/1.1\r\n` +
      `Content-Type: application/json\r\n\r\n${JSON.stringify(body)}\r\n`;
    const set =
      part("new", "PATCH", `customers/${world.names["active"]}`, { metadata: { set: "é" } }) +
      part("2", "POST", "customerCreationOperations", { "customer@odata.bind": ["$new"], externalId: "op-9" });

    const answer = await service.post(
      "/$batch",
      `--b\r\nContent-Type: multipart/mixed; boundary=s\r\n\r\n${set}--s--\r\n--b--\r\n`,
      { headers: { "content-type": "multipart/mixed; boundary=b", accept: "application/json" } },
    );

    expect(answer.json.responses).toMatchObject([
      { id: "new", status: 200, body: { metadata: { set: "é" } } },
      { id: "2", status: 201, body: { status: "succeeded", externalId: "op-9" } },
    ]);
  });
});
