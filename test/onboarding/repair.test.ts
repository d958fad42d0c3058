import { describe, expect, test } from "vitest";
import { type Provisioner, ProvisioningFailure } from "../../src/onboarding/provisioner.ts";
import type { Database } from "../../src/store/database.ts";
import { startLoop } from "../../src/work/loop.ts";
import { finishWork, refusingProvisioner } from "../server/world.ts";
import { settle } from "../support/delta.ts";
import { engines, eventually, type Json, newDomain, type Service, startService } from "../support/service.ts";
import { startWatchedWorld } from "../support/watched-world.ts";

const set = "/customerCreationOperations";
const dayAndMore = 25 * 3600;
const body = { companyProfile: {}, billingProfile: { companyName: "Contoso" } };
const correction = { customer: { billingProfile: { email: "ana@contoso.example" } } };

describe.each(engines)("a failed operation on %s", (engine) => {
  test("is retried with a corrected customer at the stage that failed, and succeeds with its domain", async () => {
    await using world = await startWatchedWorld(engine);
    const { operation, customerId } = await failAt(world, "creatingBillingAccount");
    const failed = await world.read(operation);
    delete world.script.failAt;
    world.calls.length = 0;

    const retried = await world.service.post(`${set}/${operation.id}/retry`, correction);
    const done = await world.until(operation, "succeeded");

    expect(failed).toMatchObject({ status: "failed", isRetryable: false, expirationDateTime: expect.any(String) });
    expect(retried.status).toBe(202);
    expect(retried.headers).toMatchObject({ "Retry-After": "1", Location: expect.stringContaining(operation.id) });
    expect(retried.json).toMatchObject({ status: "running", error: null, isRetryable: null, expirationDateTime: null });
    expect(world.calls).toEqual(["creatingBillingAccount", "issuingCredentials"]);
    expect(done).toMatchObject({ domain: operation.domain, percentComplete: 100 });
    expect(done.history.map(({ status, stage }: Json) => `${status} ${stage}`).slice(-6)).toEqual([
      "running creatingBillingAccount",
      "failed creatingBillingAccount",
      "running creatingBillingAccount",
      "running issuingCredentials",
      "running publishing",
      "succeeded completed",
    ]);
    expect((await world.service.get(`/customers/${customerId}`)).json).toMatchObject({
      lifecycleState: "active",
      billingProfile: { email: "ana@contoso.example", companyName: "Contoso" },
    });
  });

  test("for good is not retried when nothing is corrected, and a wrong correction changes nothing", async () => {
    await using world = await startWatchedWorld(engine);
    const { operation } = await failAt(world, "linkingPartner");
    const [before, changes] = [await world.read(operation), await world.service.changes()];

    const answers = [
      await world.service.post(`${set}/${operation.id}/retry`),
      await world.service.post(`${set}/${operation.id}/retry`, { customer: { billingProfile: body.billingProfile } }),
      await world.service.post(`${set}/${operation.id}/retry`, { customer: { billingProfile: { email: "nobody" } } }),
      await world.service.post(`${set}/${operation.id}/retry`, { customers: {} }),
    ];

    expect(answers.map(({ status, json }) => [status, json.error.innerError.code, json.error.target])).toEqual([
      [409, "operationNotModifiable", undefined],
      [409, "operationNotModifiable", undefined],
      [400, "malformedValue", "customer/billingProfile/email"],
      [400, "unknownProperty", "customers"],
    ]);
    expect(await world.read(operation)).toEqual(before);
    expect(await world.service.changes()).toEqual(changes);
  });

  test("is retried with what the rules of the country make of the correction, and not with what they refuse", async () => {
    await using world = await startWatchedWorld(engine);
    const { operation, customerId } = await failAt(world, "creatingBillingAccount");
    const [before, changes] = [await world.read(operation), await world.service.changes()];
    const correct = (billingProfile: object) =>
      world.service.post(`${set}/${operation.id}/retry`, { customer: { billingProfile } });

    const refused = await correct({ email: "ana@microsoft.com", defaultAddress: { country: "UK" } });
    const [kept, unchanged] = [await world.read(operation), await world.service.changes()];
    const retried = await correct({ culture: "PT-pt", defaultAddress: { country: "pt", phoneNumber: "210 000 000" } });

    expect(refused.status).toBe(400);
    expect(refused.json.error.details.map(({ code, target }: Json) => [code, target])).toEqual([
      ["emailDomainNotAllowed", "customer/billingProfile/email"],
      ["invalidAddress", "customer/billingProfile/defaultAddress/country"],
    ]);
    expect([kept, unchanged]).toEqual([before, changes]);
    expect(retried.status).toBe(202);
    expect((await world.service.get(`/customers/${customerId}`)).json.billingProfile).toMatchObject({
      culture: "pt-PT",
      defaultAddress: { country: "PT", phoneNumber: "+351210000000" },
    });
  });

  test("keeps its domain for the time that it can be repaired, then gives it free and is not retried any more", async () => {
    await using world = await startWatchedWorld(engine);
    const { operation, customerId } = await failAt(world, "creatingBillingAccount");

    const held = await world.tryOpen(operation.domain);
    world.service.advance(dayAndMore);
    world.service.context.nudge();
    await world.untilFree(operation.domain);
    const retried = await world.service.post(`${set}/${operation.id}/retry`, correction);

    expect(held).toEqual([409, "domainAlreadyInUse"]);
    expect(world.calls.at(-1)).toBe("undo");
    expect(retried).toMatchObject({ status: 410, json: { error: { innerError: { code: "reservationExpired" } } } });
    expect(await world.read(operation)).toMatchObject({ status: "failed", isRetryable: false });
    expect((await world.service.get(`/customers/${customerId}`)).json).toMatchObject({
      lifecycleState: "failed",
      tenantId: null,
      relationshipToPartner: "none",
    });
  });

  test.each(["notStarted", "running", "succeeded"])(
    "is the only one that is retried: not one that is %s",
    async (status) => {
      await using service = await startService(engine);
      const { json: operation } = await service.post(set, { domain: newDomain() });
      if (status !== "notStarted") await service.post(`${set}/${operation.id}/customer/$ref`, body);
      if (status === "succeeded") await finishWork(service);
      const changes = await service.changes();

      const answer = await service.post(`${set}/${operation.id}/microsoft.graph.retry`, correction);

      expect(answer).toMatchObject({
        status: 409,
        json: { error: { innerError: { code: "operationNotModifiable" } } },
      });
      expect(await service.changes()).toEqual(changes);
    },
  );
});

describe.each(engines)("a process on %s that dies", (engine) => {
  test("in a stage again and again does so a counted number of times; then the operation fails and can be retried", async () => {
    await using service = await startService(engine);
    const operation = await begin(service);

    const seen: number[] = [];
    for (let deaths = 0; deaths < service.context.limits.attemptsLostMax; deaths++) {
      await dieIn(service, "provisioningTenant");
      seen.push((await service.get(`${set}/${operation.id}`)).json.attempts);
      service.advance(16);
    }
    await finishWork(service);
    const { json: failed } = await service.get(`${set}/${operation.id}`);
    const retried = await service.post(`${set}/${operation.id}/retry`);
    await finishWork(service);

    expect(seen).toEqual([1, 2, 3, 4, 5]);
    expect(failed).toMatchObject({ status: "failed", isRetryable: true });
    expect(failed.error).toMatchObject({ code: "gatewayTimeout", innerError: { code: "provisioningTimeout" } });
    expect(retried.status).toBe(202);
    expect((await service.get(`${set}/${operation.id}`)).json).toMatchObject({ status: "succeeded" });
  });
});

describe.each(engines)("what cannot be undone on %s", (engine) => {
  test("is tried again after pauses that grow, and given up in the end: the domain is free all the same", async () => {
    await using service = await startService(engine, { limits: { undoAttemptsMax: 4 } });
    const operation = await begin(service);
    await finishWork(service, refusingProvisioner);
    let undone = 0;
    const stubborn: Provisioner = {
      provision: () => Promise.resolve({}),
      undo: () => {
        undone++;
        return Promise.reject(new ProvisioningFailure("It stays.", { passing: true }));
      },
    };
    await service.patch(`${set}/${operation.id}`, { status: "canceled" });

    const pauses: number[] = [];
    const log = { ...service.context.log, error: () => undefined };
    const context = { ...service.context, log };
    const loop = startLoop({ context, provisioner: stubborn });
    for (let each = 1; each < 4; each++) {
      await eventually(async () => (undone === each ? true : undefined));
      pauses.push(await eventually(() => pauseOf(service, operation)));
      service.advance(60);
      loop.nudge();
    }
    const ended = await eventually(async () => {
      const { json } = await service.get(`${set}/${operation.id}`);
      return json.error.innerError.code === "compensationFailed" ? json : undefined;
    });
    await loop.close();

    expect(undone).toBe(4);
    expect(pauses.map((seconds, index) => Math.floor(seconds / 2 ** (index + 1)))).toEqual([1, 1, 1]);
    expect(ended).toMatchObject({ status: "canceled", isRetryable: false });
    expect((await service.post(set, { domain: operation.domain })).status).toBe(201);
  });
});

describe.each(engines)("what was deleted on %s", (engine) => {
  test("is purged after its time, its domain free with it, and not before (D18)", async () => {
    await using service = await startService(engine);
    const [deleted, kept] = [await begin(service), await begin(service)];
    await finishWork(service);
    const customerId = (await service.get(`${set}/${deleted.id}/customer`)).json.value[0].id;
    await service.delete(`/customers/${customerId}`);
    await service.delete(`${set}/${deleted.id}`);

    service.advance(29 * 86_400);
    await finishWork(service);
    const early = await countsOf(service);
    const held = await service.post(set, { domain: deleted.domain });
    service.advance(2 * 86_400);
    await finishWork(service);
    const late = await countsOf(service);
    const free = await service.post(set, { domain: deleted.domain });

    expect(early).toEqual({ customers: 2, operations: 2, credentials: 1 });
    expect(held.status).toBe(409);
    expect(late).toEqual({ customers: 1, operations: 1, credentials: 1 });
    expect(free.status).toBe(201);
    expect((await service.post(set, { domain: kept.domain })).status).toBe(409);
    expect((await service.get(`${set}/${kept.id}`)).json.status).toBe("succeeded");
  });

  test("and purged is told to delta as removed, as long as its changes are kept", async () => {
    await using service = await startService(engine, { limits: { deletedDays: 1 } });
    await begin(service);
    await finishWork(service);
    await settle(service);
    const { json: first } = await service.get("/customers/delta()");
    const [{ id }] = first.value;
    await service.delete(`/customers/${id}`);
    service.advance(2 * 86_400);
    await finishWork(service);
    const { customers } = await countsOf(service);
    await settle(service);

    const told = await service.get(first["@odata.deltaLink"].replace(/^.*\/v1\.0/, ""));

    expect(customers).toBe(0);
    expect(told.json.value).toEqual([expect.objectContaining({ id, "@removed": { reason: "deleted" } })]);
  });
});

type World = Awaited<ReturnType<typeof startWatchedWorld>>;

async function failAt(world: World, stage: NonNullable<World["script"]["failAt"]>) {
  const operation = await world.open();
  world.script.failAt = stage;
  const customerId = await world.attach(operation);
  await world.until(operation, "failed");
  return { operation, customerId };
}

async function begin(service: Service): Promise<Json> {
  const { json } = await service.post(set, { domain: newDomain() });
  await service.post(`${set}/${json.id}/customer/$ref`, body);
  return json;
}

/** A worker that takes an operation up, reaches a stage, and is never heard of again. */
async function dieIn(service: Service, stage: string): Promise<void> {
  const reached = Promise.withResolvers<void>();
  const { database } = service;
  // What a dead process would still write is lost: only what it wrote before its call counts.
  let dead = false;
  const mute: Database = {
    ...database,
    write: (...asked) => (dead ? Promise.reject(new Error("The process died.")) : database.write(...asked)),
  };
  const provisioner: Provisioner = {
    provision(asked) {
      dead = asked === stage;
      if (dead) reached.resolve();
      return Promise.reject(new Error("The process died."));
    },
    undo: () => Promise.resolve(),
  };
  const log = { ...service.context.log, error: () => undefined };
  const context = { ...service.context, database: mute, log };
  const loop = startLoop({ context, provisioner });
  await reached.promise;
  await loop.close();
}

async function pauseOf(service: Service, { id }: Json): Promise<number | undefined> {
  const [row] = await service.rows(
    `select "dueDateTime", "leaseOwner" from "customerCreationOperations" where "id" = '${id}'`,
  );
  const seconds = (Date.parse(row.dueDateTime) - Date.parse(service.context.clock())) / 1000;
  return row.leaseOwner === null && seconds > 0 ? seconds + 0.5 : undefined;
}

async function countsOf(service: Service) {
  const [row] = await service.rows(
    `select (select count(*) from "customers") as "customers",
      (select count(*) from "customerCreationOperations") as "operations",
      (select count(*) from "credentials") as "credentials"`,
  );
  return { customers: Number(row.customers), operations: Number(row.operations), credentials: Number(row.credentials) };
}
