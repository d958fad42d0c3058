import {
  BatchRequestContent,
  BatchResponseContent,
  type Client,
  type GraphError,
} from "@microsoft/microsoft-graph-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually, type Json, newDomain } from "../support/service.ts";
import { startBusyProxy } from "./busy-proxy.ts";
import { newName, openClient } from "./graph-client.ts";
import { places, type RunningServer, startRunningServer } from "./running-server.ts";

describe.each(places)("Graph's client for JavaScript over $scheme, on $engine,", (place) => {
  let server: RunningServer;
  let client: Client;
  beforeAll(async () => {
    server = await startRunningServer(place);
    client = openClient(server.origin, server.token);
  });
  afterAll(() => server[Symbol.asyncDispose]());

  test("creates, reads, changes, lists, counts and deletes", async () => {
    const externalId = newName();
    const body = { externalId, companyProfile: { domain: newDomain() }, billingProfile: { companyName: "Contoso" } };

    const created = await client.api("/customers").post(body);
    const read = await client.api(`/customers/${created.id}`).select("id,billingProfile").get();
    const changed = await client.api(`/customers/${created.id}`).patch({ billingProfile: { companyName: "Fabrikam" } });
    const query = client.api("/customers").filter(`externalId eq '${externalId}'`).orderby("id desc").count(true);
    const listed = await query.select(["id"]).top(5).get();
    const counted = await client.api("/customers/$count").filter(`externalId eq '${externalId}'`).get();
    await settled(created.id);
    const deleted = await client.api(`/customers/${created.id}`).delete();
    const gone = await refusal(client.api(`/customers/${created.id}`).get());

    expect(created).toMatchObject(body);
    expect(read).toMatchObject({ id: created.id, billingProfile: { companyName: "Contoso" } });
    expect(read).not.toHaveProperty("companyProfile");
    expect(changed).toMatchObject({ id: created.id, billingProfile: { companyName: "Fabrikam" } });
    expect(listed).toMatchObject({ "@odata.count": 1, value: [{ id: created.id }] });
    expect(String(counted)).toBe("1");
    expect(deleted).toBeUndefined();
    expect(gone).toMatchObject({ statusCode: 404, code: "notFound" });
  });

  test("adds a customer by $ref, lists the reference, and adopts it on another operation by its URL", async () => {
    const operation = await client.api("/customerCreationOperations").post({ domain: newDomain() });
    const path = `/customerCreationOperations/${operation.id}`;
    const other = await client.api("/customerCreationOperations").post({ domain: newDomain() });

    const added = await client.api(`${path}/customer/$ref`).post({ companyProfile: {}, billingProfile: {} });
    const references = await client.api(`${path}/customer/$ref`).get();
    const succeeded = await eventually(async () => {
      const now = await client.api(path).expand("customer").get();
      return now.status === "succeeded" ? now : undefined;
    });
    const reference = { "@odata.id": references.value[0]["@odata.id"] };
    await client.api(`/customerCreationOperations/${other.id}/customer/$ref`).post(reference);
    const adopted = await client.api(`/customerCreationOperations/${other.id}`).expand("customer").get();
    const kept = await refusal(client.api(`${path}/customer/${succeeded.customer[0].id}/$ref`).delete());

    expect(added).toBeUndefined();
    expect(references.value).toEqual([{ "@odata.id": expect.stringContaining(`${server.origin}/v1.0/customers`) }]);
    expect(succeeded.customer).toMatchObject([{ lifecycleState: "active" }]);
    expect(adopted).toMatchObject({ status: "succeeded", customer: [{ id: succeeded.customer[0].id }] });
    expect(kept).toMatchObject({ statusCode: 409, code: "conflict" });
  });

  test("is answered by preference, and without a body when it prefers so", async () => {
    const operation = await client.api("/customerCreationOperations").post({ domain: newDomain() });
    const customers = client.api(`/customerCreationOperations/${operation.id}/customer/$ref`);

    const customer = await customers
      .header("Prefer", "return=representation")
      .post({ companyProfile: {}, billingProfile: {} });
    const minimal = await client
      .api(`/customers/${customer.id}`)
      .header("Prefer", "return=minimal")
      .patch({ billingProfile: { companyName: "Contoso" } });
    const read = await client.api(`/customers/${customer.id}`).get();

    expect(customer).toMatchObject({ companyProfile: { domain: operation.domain } });
    expect(minimal).toBeUndefined();
    expect(read.billingProfile).toMatchObject({ companyName: "Contoso" });
  });

  test("sends what depends on an earlier request in one batch and reads every answer", async () => {
    const domain = newDomain();
    const root = `${server.origin}/v1.0`;
    const post = (path: string, body: object) =>
      new Request(`${root}${path}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      });
    const content = new BatchRequestContent([
      { id: "1", request: post("/customerCreationOperations", { domain }) },
      {
        id: "2",
        dependsOn: ["1"],
        request: post("/$1/customer/$ref", { companyProfile: {}, billingProfile: { companyName: "Contoso" } }),
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

  test("finds in its error the code, the request's id and the time", async () => {
    const before = Date.now();

    const error = await refusal(client.api("/customers").post({ companyProfile: { domain: "a b" }, surprise: 1 }));

    const body = JSON.parse(error.body);
    expect(error).toMatchObject({ statusCode: 400, code: "badRequest", message: expect.stringMatching(/faults/) });
    expect(error.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(error.date.getTime()).toBeGreaterThan(before - 5000);
    expect(error.date.getTime()).toBeLessThan(Date.now() + 5000);
    expect(body.innerError["request-id"]).toBe(error.requestId);
    expect(body.details.map((detail: Json) => detail.target).sort()).toEqual([
      "billingProfile",
      "companyProfile/domain",
      "surprise",
    ]);
  });

  test("is told of a change that came in between by 412, and nothing of its own is kept", async () => {
    const body = { companyProfile: { domain: newDomain() }, billingProfile: { companyName: "First" } };
    const created = await client.api("/customers").post(body);
    await settled(created.id);
    const path = `/customers/${created.id}`;
    const { "@odata.etag": old } = await client.api(path).get();

    const second = await client
      .api(path)
      .header("If-Match", old)
      .patch({ billingProfile: { companyName: "Second" } });
    const third = client.api(path).header("If-Match", old);
    const error = await refusal(third.patch({ billingProfile: { companyName: "Third" } }));

    const read = await client.api(path).get();
    expect(error).toMatchObject({ statusCode: 412, code: "preconditionFailed" });
    expect(read.billingProfile.companyName).toBe("Second");
    expect(read["@odata.etag"]).toBe(second["@odata.etag"]);
  });

  test("comes again by itself after 429, and everything is done once", async () => {
    await using proxy = await startBusyProxy(server.origin);
    const busy = openClient(proxy.origin, server.token);
    const externalId = newName();

    const created = await busy
      .api("/customers")
      .post({ externalId, companyProfile: { domain: newDomain() }, billingProfile: {} });
    const read = await busy.api(`/customers/${created.id}`).get();
    const listed = await client.api("/customers").filter(`externalId eq '${externalId}'`).get();

    expect(proxy.seen).toEqual([
      "POST /v1.0/customers 0 429",
      "POST /v1.0/customers 1 201",
      `GET /v1.0/customers/${created.id} 0 429`,
      `GET /v1.0/customers/${created.id} 1 200`,
    ]);
    expect(read.id).toBe(created.id);
    expect(listed.value.map(({ id }: Json) => id)).toEqual([created.id]);
  });

  async function settled(id: string) {
    await eventually(async () => {
      const { lifecycleState } = await client.api(`/customers/${id}`).get();
      return lifecycleState === "active" ? true : undefined;
    });
  }
});

async function refusal(answer: Promise<unknown>): Promise<GraphError> {
  return answer.then(
    () => {
      throw new Error("It was not refused.");
    },
    (error) => error,
  );
}
