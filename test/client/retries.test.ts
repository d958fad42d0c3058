import { expect, test } from "vitest";
import { type Client, createClient, odata, ServiceError } from "../../src/client/client.ts";
import { startBeforeAll } from "../support/own-server.ts";
import { newDomain } from "../support/service.ts";
import { type Fate, startUnsteadyProxy } from "./unsteady-proxy.ts";

const { server } = startBeforeAll("sqlite");

const busy = { status: 429, retryAfter: "0" } as const;

test("a customer whose answers are lost again and again is created once", async () => {
  await using unsteady = await startClient(["losesAnswer", busy, "losesAnswer", { status: 503 }]);
  const domain = newDomain();

  const created = await unsteady.client.customers.create({ companyProfile: { domain }, billingProfile: {} });
  const count = await unsteady.client.customers.count({ filter: odata`companyProfile/domain eq ${domain}` });

  const keys = unsteady.seen.slice(0, 5).map(({ headers }) => headers["repeatability-request-id"]);
  expect(created.companyProfile.domain).toBe(domain);
  expect(count).toBe(1);
  expect(new Set(keys).size).toBe(1);
  expect(keys[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("a batch whose answer is lost creates each of its customers once", async () => {
  await using unsteady = await startClient(["losesAnswer"]);
  const name = newDomain();

  const settled = await unsteady.client.batch((each) =>
    Array.from({ length: 5 }, () => each.customers.create(newCustomer(name))),
  );
  const count = await unsteady.client.customers.count({ filter: odata`billingProfile/companyName eq ${name}` });

  expect(settled.map(({ status }) => status)).toEqual(Array(5).fill("fulfilled"));
  expect(count).toBe(5);
});

test("a batch that cannot be sent is tried as often as a request, and then each of its requests has failed", async () => {
  await using failing = await startClient(Array(10).fill(busy), 3);

  const settled = await failing.client.batch((each) => [each.customers.count(), each.customers.get("x")]);

  expect(settled.map((each) => each.status === "rejected" && each.reason)).toMatchObject([
    { status: 429, path: "/$batch" },
    { status: 429, path: "/$batch" },
  ]);
  expect(failing.seen.map(({ url }) => url)).toEqual(Array(3).fill("/v1.0/$batch"));
});

test("a signal ends a batch", async () => {
  await using waiting = await startClient([{ status: 429, retryAfter: "60" }]);
  const signal = AbortSignal.timeout(200);

  const settled = await waiting.client.batch((each) => [each.customers.count()], { signal });

  expect(settled).toMatchObject([{ status: "rejected", reason: { name: "TimeoutError" } }]);
});

test("Retry-After is waited for, in seconds and as a date", async () => {
  const soon = new Date(Date.now() + 2_000).toUTCString();
  await using unsteady = await startClient([
    { status: 429, retryAfter: "1" },
    { status: 503, retryAfter: soon },
  ]);
  const began = performance.now();

  await unsteady.client.customers.count();

  expect(performance.now() - began).toBeGreaterThan(1_000);
  expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(soon));
  expect(unsteady.seen).toHaveLength(3);
});

test("a request that goes on failing is told after the last attempt, and one that asks for too long a wait at once", async () => {
  await using failing = await startClient([busy, busy, busy], 3);
  await using patient = await startClient([{ status: 429, retryAfter: "3600" }]);

  const [last, once] = await Promise.all([refusalOf(failing.client), refusalOf(patient.client)]);

  expect(last).toMatchObject({ status: 429, code: "unknown", retryAfterSeconds: 0 });
  expect(once).toMatchObject({ status: 429, retryAfterSeconds: 3600 });
  expect([failing.seen.length, patient.seen.length]).toEqual([3, 1]);
});

test("a refusal that would be the same the next time is not asked for again", async () => {
  await using steady = await startClient([]);

  const error = await steady.client.customers.get("no-such-customer").catch((failure: unknown) => failure);

  expect(error).toBeInstanceOf(ServiceError);
  expect(steady.seen).toHaveLength(1);
});

test("a signal ends a request that waits for its next attempt, with the signal's own reason", async () => {
  await using waiting = await startClient([{ status: 429, retryAfter: "60" }]);
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error("enough")), 200);

  const ended = waiting.client.customers.count({}, { signal: controller.signal });

  await expect(ended).rejects.toThrow("enough");
  expect(waiting.seen).toHaveLength(1);
});

test("a token that is made anew is asked for before each attempt", async () => {
  await using proxy = await startUnsteadyProxy(server.origins[0] ?? "", [busy]);
  let asked = 0;
  const token = async () => {
    asked += 1;
    return server.token;
  };

  await createClient({ url: `${proxy.origin}/v1.0`, token }).customers.count();

  expect(asked).toBe(2);
});

test("the token goes to the service alone, whatever a link says", async () => {
  await using service = await startUnsteadyProxy(server.origins[0] ?? "", []);
  await using stranger = await startUnsteadyProxy(server.origins[0] ?? "", []);
  const client = createClient({ url: `${service.origin}/v1.0`, token: server.token });

  await Array.fromAsync(
    client.customers.delta({ link: `${stranger.origin}/v1.0/customers/delta()?$deltatoken=latest` }),
  );

  expect(stranger.seen).toEqual([]);
  expect(service.seen.map(({ url }) => url)).toEqual(["/v1.0/customers/delta()?$deltatoken=latest"]);
});

async function startClient(fates: readonly Fate[], attemptsMax = 5) {
  const proxy = await startUnsteadyProxy(server.origins[0] ?? "", fates);
  const client = createClient({ url: `${proxy.origin}/v1.0`, token: server.token, attemptsMax });
  return { ...proxy, client };
}

function refusalOf(client: Client): Promise<unknown> {
  return client.customers.count().catch((error: unknown) => error);
}

function newCustomer(companyName: string) {
  return { companyProfile: { domain: newDomain() }, billingProfile: { companyName } };
}
