import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Collector, type Span, startCollector } from "../support/collector.ts";
import { type Outside, type OutsideRequest, startOutside } from "../support/outside.ts";
import { createStorage, type ServerProcess, type Storage, startProcess } from "../support/process.ts";
import { type Receiver, startReceiver, subscriptionBody } from "../support/receiver.ts";
import { engines, eventually, newDomain } from "../support/service.ts";

const operationsPath = "/v1.0/customerCreationOperations";
const customer = { companyProfile: {}, billingProfile: { companyName: "Contoso" } };
const traceId = "0af7651916cd43dd8448eb211c80319c";
const parentSpanId = "b7ad6b7169203331";

describe.each(engines)("the traces of a server on %s", (engine) => {
  let collector: Collector;
  let outside: Outside;
  let receiver: Receiver;
  let storage: Storage;
  let folder: string;
  const asked: OutsideRequest[] = [];
  beforeAll(async () => {
    collector = await startCollector();
    outside = await startOutside(async (request) => {
      asked.push(request);
      return { status: 204 };
    });
    receiver = await startReceiver();
    storage = await createStorage(engine);
    folder = mkdtempSync(join(tmpdir(), "tenantry-secret-"));
    writeFileSync(join(folder, "secret"), randomBytes(24).toString("base64"));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await storage[Symbol.asyncDispose]();
    await outside[Symbol.asyncDispose]();
    await receiver[Symbol.asyncDispose]();
    await collector[Symbol.asyncDispose]();
  });

  const start = (environment: Readonly<Record<string, string>>) =>
    startProcess(
      [
        ...storage.flags,
        ...["--provisioner", "http", "--provisioner-url", outside.origin],
        ...["--provisioner-secret-file", join(folder, "secret")],
      ],
      environment,
    );

  /** Adds a customer and waits for it; the request that adds it comes with a trace of its sender. */
  async function addCustomer(server: ServerProcess): Promise<void> {
    const { json } = await server.send("POST", operationsPath, { domain: newDomain() });
    const { status } = await fetch(`${server.origins[0]}${operationsPath}/${json.id}/customer/$ref`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${server.token}`,
        "content-type": "application/json",
        traceparent: `00-${traceId}-${parentSpanId}-01`,
      },
      body: JSON.stringify(customer),
    });
    expect(status).toBe(204);
    await eventually(async () => {
      const operation = await server.send("GET", `${operationsPath}/${json.id}`);
      return operation.json.status === "succeeded" ? true : undefined;
    });
  }

  test("lead from the sender's request through the stages to the calls of the provisioner", async () => {
    const server = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.origin });
    await addCustomer(server);
    const { code } = await server.end("SIGTERM");

    const trace = collector.spans.filter((span) => span.traceId === traceId);
    const named = (name: string) => trace.find((span) => span.name === name);
    const parentOf = (span: Span | undefined) => trace.find(({ spanId }) => spanId === span?.parentSpanId);
    const request = named("POST /customerCreationOperations/{id}/customer/$ref");
    const work = named("provision operation");
    const stage = named("provisioningTenant");
    const call = trace.find((span) => span.parentSpanId === stage?.spanId);
    expect(code).toBe(0);
    expect(request?.parentSpanId).toBe(parentSpanId);
    expect(request?.attributes).toMatchObject({ "http.response.status_code": 204 });
    expect(parentOf(work)).toBe(request);
    expect(parentOf(stage)).toBe(work);
    expect(call?.name).toBe("POST");
    const headers = asked.find(({ url }) => url === "/provisioningTenant")?.headers;
    expect(headers?.["traceparent"]).toBe(`00-${traceId}-${call?.spanId}-01`);
    const stages = trace.filter((span) => span.parentSpanId === work?.spanId).map(({ name }) => name);
    expect(stages).toEqual(["provisioningTenant", "linkingPartner", "creatingBillingAccount", "issuingCredentials"]);
    expect(JSON.stringify(collector.spans)).not.toMatch(/Contoso|onmicrosoft|Bearer|\?/);
  });

  test("lead on from a change to the request that tells its receiver, whoever made it", async () => {
    const before = collector.spans.length;
    const server = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.origin });
    await server.send("POST", "/v1.0/subscriptions", subscriptionBody(receiver.url));
    await addCustomer(server);
    await eventually(async () => (receiver.taken.length >= 2 ? true : undefined));
    await server.end("SIGTERM");

    const trace = collector.spans.slice(before).filter((span) => span.traceId === traceId);
    const parentOf = (span: Span | undefined) => trace.find(({ spanId }) => spanId === span?.parentSpanId);
    const notices = trace.filter(({ name }) => name === "notify changes");
    const calls = trace.filter((span) => notices.some(({ spanId }) => spanId === span.parentSpanId));
    const work = trace.filter((span) => parentOf(span)?.name === "provision operation");
    const stages = work.filter((span) => !notices.includes(span)).map(({ name }) => name);
    expect(parentOf(notices[0])?.name).toBe("POST /customerCreationOperations/{id}/customer/$ref");
    expect(notices.map((each) => parentOf(each)?.traceId)).toEqual(notices.map(() => traceId));
    expect(calls.map(({ name }) => name)).toEqual(notices.map(() => "POST"));
    expect(stages).toEqual(["provisioningTenant", "linkingPartner", "creatingBillingAccount", "issuingCredentials"]);
    expect(calls[0]?.attributes).toMatchObject({ "http.response.status_code": 202 });
    expect(receiver.requests[0]?.headers["traceparent"]).toBe(`00-${traceId}-${calls[0]?.spanId}-01`);
    expect(JSON.stringify(calls)).not.toContain(new URL(receiver.url).host);
  });

  test("do not exist where no endpoint is set, and nothing of them is sent on", async () => {
    const [spans, calls] = [collector.spans.length, asked.length];
    await using server = await start({});
    await addCustomer(server);

    await server.end("SIGTERM");

    const headers = asked.slice(calls).map((request) => request.headers["traceparent"]);
    expect(headers).toEqual([undefined, undefined, undefined, undefined]);
    expect(collector.spans.length).toBe(spans);
  });
});
