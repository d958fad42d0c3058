import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Provisioner, type ProvisioningStage, provisioningStages } from "../../src/onboarding/provisioner.ts";
import type { Database } from "../../src/store/database.ts";
import { type Loop, startLoop } from "../../src/work/loop.ts";
import { type ProvisionerWorld, provisionerWorlds } from "../support/provisioner-worlds.ts";
import { engines, eventually, type Json, newDomain, type Service, startService } from "../support/service.ts";

const set = "/customerCreationOperations";
const names = ["local", "http", "partner-center"] as const;
const faults = ["timeout", "lost", "transient"] as const;
const billingProfile = { companyName: "Contoso", defaultAddress: { country: "PT", city: "Lisboa" } };
const cases = engines.flatMap((engine) => names.map((name) => [name, engine] as const));

// One service for all cases of a provisioner: each has an operation of its own.
describe.each(cases)("the provisioner %s on %s", (name, engine) => {
  let service: Service;
  let world: ProvisionerWorld;
  beforeAll(async () => {
    service = await startService(engine, { log: () => undefined, limits: { pollMilliseconds: 20 } });
    world = await provisionerWorlds[name](service);
  });
  afterAll(async () => {
    await world[Symbol.asyncDispose]();
    await service[Symbol.asyncDispose]();
  });

  test("makes all that there is to be made, and makes it once", async () => {
    const operation = await begin(service);

    const done = await carryOn(service, operation, world.provisioner);

    await expectMadeOnce(service, world, operation, done);
  });

  describe.each(provisioningStages)("at %s", (stage) => {
    test.each(faults)("succeeds after %s, and nothing is made twice", async (fault) => {
      const operation = await begin(service);
      world.faults.push({ stage, fault, times: fault === "transient" ? 2 : 1 });

      const done = await carryOn(service, operation, world.provisioner);

      await expectMadeOnce(service, world, operation, done);
      expect(world.faults.filter(({ times }) => times > 0)).toEqual([]);
    });

    test.each(["before", "after"] as const)(
      "succeeds after a crash %s the call, and nothing is made twice",
      async (when) => {
        const operation = await begin(service);

        await crash(service, operation, world.provisioner, stage, when);
        const { json: between } = await service.get(`${set}/${operation.id}`);
        const done = await carryOn(service, operation, world.provisioner);

        expect(between).toMatchObject({ status: "running", stage });
        await expectMadeOnce(service, world, operation, done);
      },
    );

    test("fails for good when it is refused; the domain is held, and free at the end with nothing left behind", async () => {
      const operation = await begin(service);
      world.faults.push({ stage, fault: "permanent", times: 1 });

      const failed = await carryOn(service, operation, world.provisioner);
      const held = await service.post(set, { domain: operation.domain });
      service.advance(25 * 3600);
      const released = await carryOn(service, operation, world.provisioner);
      const free = await service.post(set, { domain: operation.domain });

      expect(failed).toMatchObject({
        status: "failed",
        stage,
        isRetryable: false,
        error: { code: expect.any(String) },
      });
      expect(held).toMatchObject({ status: 409, json: { error: { innerError: { code: "domainAlreadyInUse" } } } });
      expect(released).toMatchObject({ status: "failed", error: failed.error });
      expect(await world.left(operation)).toBe(0);
      expect(free.status).toBe(201);
    });

    test("is tried again by a retry after it failed in passing each time, and then succeeds", async () => {
      const operation = await begin(service);
      world.faults.push({ stage, fault: "lost", times: 3 });

      const failed = await carryOn(service, operation, world.provisioner);
      const retried = await service.post(`${set}/${operation.id}/retry`);
      const done = await carryOn(service, operation, world.provisioner);

      expect(failed).toMatchObject({ status: "failed", stage, isRetryable: true, attempts: 3 });
      expect(retried.status).toBe(202);
      await expectMadeOnce(service, world, operation, done);
    });

    test("leaves nothing behind when the operation is canceled after an answer was lost, and frees the domain", async () => {
      const operation = await begin(service);
      await crash(service, operation, world.provisioner, stage, "after");

      await service.patch(`${set}/${operation.id}`, { status: "canceled" });
      const canceled = await carryOn(service, operation, world.provisioner);

      expect(canceled).toMatchObject({ status: "canceled", error: { innerError: { code: "canceledByClient" } } });
      expect(await world.left(operation)).toBe(0);
      expect((await service.post(set, { domain: operation.domain })).status).toBe(201);
    });
  });
});

async function begin(service: Service): Promise<Json> {
  const { json } = await service.post(set, { domain: newDomain() });
  await service.post(`${set}/${json.id}/customer/$ref`, { companyProfile: {}, billingProfile });
  return json;
}

async function expectMadeOnce(service: Service, world: ProvisionerWorld, operation: Json, done: Json): Promise<void> {
  const { json } = await service.get(`${set}/${operation.id}/customer`);
  const claimed = await service.post(`${set}/${operation.id}/claimCredentials`);
  expect(done).toMatchObject({ status: "succeeded", percentComplete: 100, error: null });
  expect(json.value).toMatchObject([{ lifecycleState: "active", relationshipToPartner: "reseller" }]);
  expect(json.value[0].tenantId).toMatch(/^[0-9a-f-]{36}$/);
  expect(claimed).toMatchObject({ status: 200, json: { password: expect.any(String) } });
  expect(new Set(Object.values(await world.made(operation)))).toEqual(new Set([1]));
}

/** Lets a worker carry an operation on until it has nothing left to do but to wait for its release; time passes as it must. */
async function carryOn(service: Service, operation: Json, provisioner: Provisioner): Promise<Json> {
  const loop = startLoop({ context: service.context, provisioner });
  try {
    await eventually(async () => ((await passTime(service, operation, loop)) ? true : undefined));
  } finally {
    await loop.close();
  }
  return (await service.get(`${set}/${operation.id}`)).json;
}

async function passTime(service: Service, { id }: Json, loop: Loop): Promise<boolean> {
  const [row] = await service.rows(
    `select "work", "dueDateTime", "leaseOwner" from "customerCreationOperations" where "id" = '${id}'`,
  );
  const seconds = (Date.parse(row.dueDateTime) - Date.parse(service.context.clock())) / 1000;
  if (row.work === null || (row.work === "release" && seconds > 0)) return true;
  if (row.leaseOwner === null && seconds > 0) {
    service.advance(seconds);
    loop.nudge();
  }
  return false;
}

/** A worker dies when it is about to call for a stage, or when it was answered: nothing that it writes then arrives. */
async function crash(
  service: Service,
  operation: Json,
  provisioner: Provisioner,
  stage: ProvisioningStage,
  when: "before" | "after",
): Promise<void> {
  const died = Promise.withResolvers<void>();
  let dead = false;
  const { database } = service;
  const mortal: Database = {
    ...database,
    write: (...asked) => (dead ? Promise.reject(new Error("The process died.")) : database.write(...asked)),
  };
  const die = () => {
    dead = true;
    died.resolve();
    return Promise.reject(new Error("The process died."));
  };
  const watched: Provisioner = {
    async provision(asked, order) {
      if (asked === stage && order.operationId === operation.id && when === "before") return die();
      const made = await provisioner.provision(asked, order);
      if (asked !== stage || order.operationId !== operation.id || "pendingSeconds" in made) return made;
      return die();
    },
    undo: (order) => provisioner.undo(order),
  };
  const loop = startLoop({ context: { ...service.context, database: mortal }, provisioner: watched });
  const ticking = setInterval(() => void passTime(service, operation, loop), 20);
  await died.promise;
  clearInterval(ticking);
  await loop.close();
  service.advance(service.context.limits.leaseSeconds + 1);
}
