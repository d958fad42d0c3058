import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ProvisioningFailure } from "../../src/onboarding/provisioner.ts";
import { everyPartner } from "../../src/store/database.ts";
import { readDueWork, readWaitingNotifications } from "../../src/store/due-work.ts";
import { sql } from "../../src/store/sql.ts";
import { startReceiver, subscribe } from "../support/receiver.ts";
import { parseScrape, type Sample, sum } from "../support/scrape.ts";
import { engines, eventually, newDomain, type Service, startService } from "../support/service.ts";

const durations = "tenantry_http_request_duration_seconds_count";
const stages = "tenantry_provisioning_stage_duration_seconds_count";
const requests = "tenantry_notification_requests_total";
const body = { companyProfile: {}, billingProfile: { companyName: "Contoso" } };

async function scrape(service: Service): Promise<readonly Sample[]> {
  return parseScrape((await service.context.metrics.print()).text);
}

/** Opens an operation and adds its customer; gives the operation's path. */
async function addCustomer(service: Service): Promise<string> {
  const { json } = await service.post("/customerCreationOperations", { domain: newDomain() });
  const path = `/customerCreationOperations/${json.id}`;
  await service.post(`${path}/customer/$ref`, body);
  return path;
}

/** Waits until it is counted that an operation has ended: that it has can be read a moment before. */
async function ended(service: Service, status: "succeeded" | "failed"): Promise<void> {
  await eventually(async () => {
    const count = sum(await scrape(service), "tenantry_operations_ended_total", { status });
    return count === 0 ? undefined : true;
  });
}

describe.each(engines)("the metrics of requests on %s", (engine) => {
  let service: Service;
  beforeEach(async () => {
    service = await startService(engine);
  });
  afterEach(() => service[Symbol.asyncDispose]());

  test("count each request by its offer and the class of its status, and take its time", async () => {
    const path = await addCustomer(service);
    await service.get(path);
    await service.get(`${path}?$select=nothing`);
    await service.get("/customers", { token: null });
    await service.get("/$metadata");

    const samples = await scrape(service);

    const count = (method: string, template: string, status: string) =>
      sum(samples, durations, { method, path: template, status });
    const attach = "/customerCreationOperations/{id}/customer/$ref";
    expect(count("POST", "/customerCreationOperations", "2xx")).toBe(1);
    expect(count("POST", attach, "2xx")).toBe(1);
    expect(count("GET", "/customerCreationOperations/{id}", "2xx")).toBe(1);
    expect(count("GET", "/customerCreationOperations/{id}", "4xx")).toBe(1);
    expect(count("GET", "/customers", "4xx")).toBe(1);
    expect(count("GET", "/$metadata", "2xx")).toBe(1);
    expect(sum(samples, "tenantry_http_request_duration_seconds_sum", { path: attach })).toBeGreaterThan(0);
    expect(sum(samples, "tenantry_http_requests_under_way")).toBe(0);
  });

  test("count the requests in a batch by their own offers too", async () => {
    const requests = [
      { id: "1", method: "GET", url: "/customers" },
      { id: "2", method: "GET", url: "/customers/none" },
    ];
    await service.post("/$batch", { requests });

    const samples = await scrape(service);

    expect(sum(samples, durations, { path: "/$batch", status: "2xx" })).toBe(1);
    expect(sum(samples, durations, { path: "/customers", status: "2xx" })).toBe(1);
    expect(sum(samples, durations, { path: "/customers/{id}", status: "4xx" })).toBe(1);
  });

  test("have one series for all that leads nowhere, whatever is asked", async () => {
    await service.get("/nothing/of/the/kind");
    await service.get("!/wp-login.php");
    await service.send("BREW", "/coffee");

    const samples = await scrape(service);

    const others = samples.filter(({ name, labels }) => name === durations && labels["path"] === "none");
    expect(others.map(({ labels, value }) => [labels["method"], labels["status"], value])).toEqual([
      ["GET", "4xx", 2],
      ["other", "4xx", 1],
    ]);
  });

  test("count what was refused with 429", async () => {
    await using throttled = await startService(engine, { limits: { requestsPerMinuteMax: 1 } });
    throttled.advance(60 - ((Date.now() / 1000) % 60));
    await throttled.get("/customers");
    await throttled.get("/customers");

    const samples = await scrape(throttled);

    expect(sum(samples, "tenantry_http_requests_throttled_total")).toBe(1);
    expect(sum(samples, durations, { path: "/customers", status: "4xx" })).toBe(1);
  });
});

describe.each(engines)("the metrics of the work on %s", (engine) => {
  const watch = (service: Service) =>
    service.context.metrics.watch({
      readDueWork: () => readDueWork(service.context.database, service.context.clock()),
      readWaitingNotifications: () => readWaitingNotifications(service.context.database, service.context.clock()),
      databaseLoad: () => ({ connections: 1, pending: 0 }),
    });

  test("tell how much is due and for how long, and that it is done", async () => {
    await using service = await startService(engine);
    watch(service);
    await addCustomer(service);
    await addCustomer(service);
    await service.post("/customerCreationOperations", { domain: newDomain() });
    service.advance(100);

    const samples = await scrape(service);

    expect(sum(samples, "tenantry_operations_due", { work: "provision" })).toBe(2);
    expect(sum(samples, "tenantry_operations_due", { work: "expire" })).toBe(0);
    const seconds = sum(samples, "tenantry_operations_due_age_seconds", { work: "provision" });
    expect(Math.floor(seconds / 10)).toBe(10);
  });

  test("time each stage, and count the operations that succeed", async () => {
    await using service = await startService(engine, { work: true });
    watch(service);
    await addCustomer(service);
    await ended(service, "succeeded");

    const samples = await scrape(service);

    const done = samples.filter(({ name, labels }) => name === stages && labels["outcome"] === "done");
    expect(done.map(({ labels, value }) => [labels["stage"], value])).toEqual([
      ["provisioningTenant", 1],
      ["linkingPartner", 1],
      ["creatingBillingAccount", 1],
      ["issuingCredentials", 1],
    ]);
    expect(sum(samples, "tenantry_operations_ended_total", { status: "succeeded" })).toBe(1);
    expect(sum(samples, "tenantry_operations_ended_total", { status: "failed" })).toBe(0);
    expect(sum(samples, "tenantry_operations_due")).toBe(0);
  });

  test("count what receivers are sent and what came of it, and how long after the change they had it", async () => {
    await using receiver = await startReceiver();
    const limits = { notificationRetryMillisecondsMin: 20, pollMilliseconds: 50 };
    await using service = await startService(engine, { work: true, limits });
    watch(service);
    const { id } = await subscribe(service, receiver, {
      resource: "customerCreationOperations",
      changeType: "created",
    });
    await service.post(`/subscriptions/${id}/sendTestNotification`, {});
    receiver.answer = async () => ({ status: receiver.requests.length === 2 ? 500 : 202 });
    await service.post("/customerCreationOperations", { domain: newDomain() });
    await eventually(async () => (receiver.taken.length === 2 ? true : undefined));

    const told = "tenantry_notification_lag_seconds";
    const samples = await eventually(async () => {
      const found = await scrape(service);
      return sum(found, `${told}_count`) === 1 ? found : undefined;
    });

    expect(sum(samples, requests, { result: "taken" })).toBe(2);
    expect(sum(samples, requests, { result: "refused" })).toBe(1);
    expect(sum(samples, requests)).toBe(3);
    expect(sum(samples, `${told}_sum`)).toBeGreaterThan(0);
    expect(sum(samples, "tenantry_notifications_waiting")).toBe(0);
  });

  test("tell how many subscriptions wait, and for how long, apart from those whose receivers fail", async () => {
    await using receiver = await startReceiver();
    await using service = await startService(engine);
    watch(service);
    const before = await scrape(service);
    await subscribe(service, receiver);
    const { id } = await subscribe(service, receiver);
    await addCustomer(service);
    const failing = sql`update "notificationLanes" set "failingSinceDateTime" = ${service.context.clock()}
      where "subscriptionId" = ${id}`;
    await service.database.write(everyPartner, [failing]);
    service.advance(100);

    const after = await scrape(service);

    for (const receiver of ["answering", "failing"]) {
      expect(sum(before, "tenantry_notifications_waiting", { receiver })).toBe(0);
      expect(sum(after, "tenantry_notifications_waiting", { receiver })).toBe(1);
      const seconds = sum(after, "tenantry_notifications_waiting_age_seconds", { receiver });
      expect(Math.floor(seconds / 10)).toBe(10);
    }
  });

  test("count the stages that fail, and the operations that do", async () => {
    const provision = () => Promise.reject(new ProvisioningFailure("It will not.", { passing: false }));
    const provisioner = { provision, undo: () => Promise.resolve() };
    await using service = await startService(engine, { work: true, provisioner });
    await addCustomer(service);
    await ended(service, "failed");

    const samples = await scrape(service);

    expect(sum(samples, stages, { stage: "provisioningTenant", outcome: "failed" })).toBe(1);
    expect(sum(samples, "tenantry_operations_ended_total", { status: "failed" })).toBe(1);
  });
});
