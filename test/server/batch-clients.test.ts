import { BatchRequestContent, BatchResponseContent, Client } from "@microsoft/microsoft-graph-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createStorage, type ServerProcess, type Storage, startProcess } from "../support/process.ts";
import { engines, newDomain } from "../support/service.ts";

const json = { "Content-Type": "application/json" } as const;

describe.each(engines)("the clients of Microsoft Graph send batches to a real server on %s", (engine) => {
  let storage: Storage;
  let server: ServerProcess;
  let client: Client;
  beforeAll(async () => {
    storage = await createStorage(engine);
    server = await startProcess(storage.flags);
    client = Client.init({
      baseUrl: `${server.origins[0]}/`,
      authProvider: (done) => done(null, server.token),
      // On plain http the client takes its own header away and leaves one in lower case alone.
      fetchOptions: { headers: { authorization: `Bearer ${server.token}` } },
    });
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await storage[Symbol.asyncDispose]();
  });

  test("the JavaScript client chains requests and reads every answer", async () => {
    const domain = newDomain();
    const root = `${server.origins[0]}/v1.0`;
    const body = JSON.stringify({ companyProfile: {}, billingProfile: { companyName: "Contoso" } });
    const content = new BatchRequestContent([
      {
        id: "1",
        request: new Request(`${root}/customerCreationOperations`, {
          method: "POST",
          headers: json,
          body: JSON.stringify({ domain }),
        }),
      },
      {
        id: "2",
        dependsOn: ["1"],
        request: new Request(`${root}/$1/customer/$ref`, { method: "POST", headers: json, body }),
      },
      { id: "3", dependsOn: ["2"], request: new Request(`${root}/$2?$select=billingProfile`, { method: "GET" }) },
      { id: "4", dependsOn: ["3"], request: new Request(`${root}/customers/nothing`, { method: "GET" }) },
      { id: "5", dependsOn: ["4"], request: new Request(`${root}/customers`, { method: "GET" }) },
    ]);

    const answer = await client.api("/$batch").post(await content.getContent());
    const responses = new BatchResponseContent(answer);

    const read = (id: string) => responses.getResponseById(id);
    expect(["1", "2", "3", "4", "5"].map((id) => read(id).status)).toEqual([201, 204, 200, 404, 424]);
    expect(await read("1").json()).toMatchObject({ domain, status: "notStarted" });
    expect(await read("2").text()).toBe("");
    expect(read("2").headers.get("Location")).toMatch(new RegExp(`^${root}/customers/`));
    expect(await read("3").json()).toMatchObject({ billingProfile: { companyName: "Contoso" } });
    expect(await read("4").json()).toMatchObject({ error: { code: "notFound" } });
  });

  test("kiota's wire form is understood: a body in base64 and no headers", async () => {
    const domain = newDomain();
    const body = Buffer.from(JSON.stringify({ domain })).toString("base64");

    const answer = await server.send("POST", "/v1.0/$batch", {
      requests: [{ id: "2", method: "POST", url: "/customerCreationOperations", body }],
    });

    expect(answer.status).toBe(200);
    expect(answer.json.responses).toMatchObject([{ id: "2", status: 201, body: { domain } }]);
  });

  test("multipart passes the network in both directions", async () => {
    const text = "--b\r\nContent-Type: application/http\r\n\r\nGET customers/$count HTTP/1.1\r\n\r\n\r\n--b--\r\n";

    const response = await fetch(`${server.origins[0]}/v1.0/$batch`, {
      method: "POST",
      headers: { authorization: `Bearer ${server.token}`, "content-type": "multipart/mixed;boundary=b" },
      body: text,
    });

    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toMatch(/^multipart\/mixed; boundary=/);
    expect(await response.text()).toContain("HTTP/1.1 200 OK");
  });
});
