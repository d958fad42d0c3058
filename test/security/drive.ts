import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { offers } from "../../src/onboarding/offers.ts";
import { permissions } from "../../src/onboarding/permissions.ts";
import { localProvisioner } from "../../src/provisioners/local.ts";
import { readDueWork, readWaitingNotifications } from "../../src/store/due-work.ts";
import { beginCall, endCall, findCall, removeCalls } from "../../src/store/provisioner-calls.ts";
import { startLoop } from "../../src/work/loop.ts";
import { finishWork, openOperation, type World } from "../server/world.ts";
import { keepsAnswer, type Meddling } from "../support/failing-database.ts";
import { type Receiver, startReceiver } from "../support/receiver.ts";
import { idempotent } from "../support/repeatable.ts";
import { type Answer, eventually, type Json, newDomain, partner, type Service, signToken } from "../support/service.ts";
import { idsOf, requestOf } from "./offer-request.ts";
import { watch } from "./watch.ts";

/** Has the service do everything that it has a statement for. */
export async function driveEverything(world: World, meddling: Meddling): Promise<void> {
  await using receiver = await startReceiver();
  await driveRequests(world, receiver);
  await driveRepetitions(world.service, meddling);
  await driveTheClock(world.service);
  await driveInterruptions(world.service);
  await driveSubscriptions(world.service, receiver);
  await driveCalls(world.service);
  await driveGauges(world.service);
}

/** Everything that is offered, on entities in each state. */
async function driveRequests(world: World, receiver: Receiver): Promise<void> {
  const { service, names } = world;
  const ids = { ...(await idsOf(world)), ...(await watch(service, receiver)) };
  const token = await signToken({ roles: permissions });
  for (const offer of offers.filter(({ method }) => method === "GET")) {
    const { method, path } = requestOf(offer, ids);
    const answer = await service.send(method, path, { token });
    expect(answer.status, path).toBe(200);
  }
  await drive(
    service,
    "GET",
    "/customerCreationOperations?$filter=customer/any(c:c/externalId eq 'crm-1')&$expand=customer&$count=true&$top=1&$orderby=domain",
  );
  const { json } = await service.get("/customers/delta()");
  await drive(service, "GET", json["@odata.deltaLink"].replace(names["origin"], "!"));
  await drive(service, "POST", `/customerCreationOperations/${names["open"]}/customer/$ref`, {
    "@odata.id": `customers/${names["active"]}`,
  });
  await drive(service, "DELETE", `/customerCreationOperations/${names["canceled"]}`);
  await drive(service, "DELETE", `/customerCreationOperations/${names["running"]}`);
  await drive(service, "POST", `/customerCreationOperations/${names["done"]}/claimCredentials`);
  await drive(service, "POST", `/customerCreationOperations/${names["failed"]}/retry`, {
    customer: { billingProfile: { culture: "pt-PT" } },
  });
  await drive(service, "GET", "/customers(externalId='crm-1')");
  await drive(service, "PATCH", `/customers/${names["active"]}`, { metadata: { a: "b" } });
  await drive(service, "DELETE", `/customers/${names["failedCustomer"]}`);
}

/** Subscriptions in each state: told, told again, told late, told nothing for too long, renewed, and ended. */
async function driveSubscriptions(service: Service, receiver: Receiver): Promise<void> {
  const { subscriptions: id } = await watch(service, receiver);
  const isTold = (each: Json) => isChange(each) && each.subscriptionId === id;
  await drive(service, "PATCH", `/subscriptions/${id}`, { latestSupportedTlsVersion: "v1_3" });
  await drive(service, "POST", `/subscriptions/${id}/reauthorize`);
  receiver.answer = async () => sleep(100, { status: 202 });
  await openOperation(service);
  await tell(service, () => receiver.taken.some(isTold));
  await drive(service, "POST", `/subscriptions/${id}/redeliver`, { fromDateTime: "2026-01-01T00:00:00Z" });
  const { id: fromNotificationId } = receiver.taken.find(isTold);
  await drive(service, "POST", `/subscriptions/${id}/redeliver`, { fromNotificationId });
  receiver.answer = async () => ({ status: 503 });
  await openOperation(service);
  const before = receiver.told.length;
  await tell(service, () => receiver.told.length > before);
  service.advance(5 * 3600);
  await tell(service, () => receiver.told.some(({ lifecycleEvent }) => lifecycleEvent === "missed"));
  receiver.answer = async () => ({ status: 202 });
  await drive(service, "DELETE", `/subscriptions/${(await watch(service, receiver))["subscriptions"]}`);
}

/** Lets the work loop, which must renew its leases meanwhile, tell of changes until something holds. */
async function tell({ context, database }: Service, holds: () => boolean): Promise<void> {
  const impatient = { ...context, limits: { ...context.limits, leaseSeconds: 0.06 } };
  const provisioner = localProvisioner({ ...context, database, newId: randomUUID });
  const loop = startLoop({ context: impatient, provisioner });
  await eventually(async () => (holds() ? true : undefined));
  await loop.close();
}

/** Tells a notification of a change from a test, and from an event of the subscription's own life. */
function isChange({ id = "_test" }: Json): boolean {
  return !id.endsWith("_test");
}

/** Requests that are sent twice, lost on the way, found as they ask for, and forgotten. */
async function driveRepetitions(service: Service, meddling: Meddling): Promise<void> {
  const body = () => ({ companyProfile: { domain: newDomain() }, billingProfile: {} });
  const [lost, kept] = [idempotent(), idempotent()];
  const [first, second] = [body(), body()];
  await drive(service, "POST", "/customers", first, kept.headers);
  const { beforeWrite } = meddling;
  meddling.beforeWrite = (statements) => {
    if (keepsAnswer(statements)) throw new Error("The process dies.");
    return beforeWrite(statements);
  };
  const died = await service.post("/customers", second, lost);
  meddling.beforeWrite = beforeWrite;
  const again = await drive(service, "POST", "/customers", second, lost.headers);
  expect([died.status, again.headers["Idempotency-Replayed"]]).toEqual([503, "true"]);
  const { id, domain } = await openOperation(service);
  await drive(service, "PATCH", `/customerCreationOperations/${id}`, { domain }, idempotent().headers);
  await drive(service, "PATCH", `/customerCreationOperations/${id}`, { domain: newDomain() });
  service.advance(25 * 3600);
  await drive(service, "POST", "/customers", { ...body() }, kept.headers);
}

/** What the work loop does: it renews its leases, provisions, undoes what was canceled, and forgets what is past. */
async function driveTheClock(service: Service): Promise<void> {
  const { context } = service;
  const local = localProvisioner({ database: context.database, clock: context.clock, newId: randomUUID });
  const failing = {
    provision: (...order: Parameters<typeof local.provision>) => sleep(30).then(() => local.provision(...order)),
    undo: () => Promise.reject(new Error("It cannot be undone now.")),
  };
  const impatient = { ...context, limits: { ...context.limits, leaseSeconds: 0.06 } };
  const loop = startLoop({ context: impatient, provisioner: failing });
  await sleep(200);
  await loop.close();
  await openOperation(service);
  service.advance(25 * 3600);
  await finishWork(service);
  service.advance(40 * 24 * 3600);
  await finishWork(service);
}

/** A stage that comes a second time, and in the middle of which the operation is canceled. */
async function driveInterruptions(service: Service): Promise<void> {
  const { context } = service;
  const local = localProvisioner({ database: context.database, clock: context.clock, newId: randomUUID });
  const { headers } = await drive(service, "POST", "/customers", {
    companyProfile: { domain: newDomain() },
    billingProfile: {},
  });
  const path = `/customerCreationOperations/${headers["Operation-Location"]?.split("/").at(-1)}`;
  const interrupted = {
    async provision(...order: Parameters<typeof local.provision>) {
      await local.provision(...order);
      const again = await local.provision(...order);
      await drive(service, "POST", `${path}/cancel`);
      return again;
    },
    undo: local.undo,
  };
  const loop = startLoop({ context, provisioner: interrupted });
  await eventually(async () => ((await service.get(`${path}/customer/$count`)).text === "0" ? true : undefined));
  await loop.close();
}

/** What a provisioner outside is asked: none is at hand here. */
async function driveCalls({ context: { database, clock, newId } }: Service): Promise<void> {
  const key = { partnerId: partner, operationId: newId(), stage: "provisioningTenant" };
  await beginCall(database, key, { requestId: newId(), callDateTime: clock() });
  await endCall(database, key, { outcome: "made" });
  expect(await findCall(database, key)).toMatchObject({ outcome: "made" });
  await removeCalls(database, key);
}

/** What is counted when somebody asks for the metrics. */
async function driveGauges({ context: { database, clock } }: Service): Promise<void> {
  await readDueWork(database, clock());
  await readWaitingNotifications(database, clock());
}

/** A request that is carried out. */
async function drive(service: Service, method: string, path: string, body?: object, headers = {}): Promise<Answer> {
  const answer = await service.send(method, path, { headers, ...(body === undefined ? {} : { body }) });
  expect(answer.status, `${method} ${path}: ${answer.text}`).toBeLessThan(300);
  return answer;
}
