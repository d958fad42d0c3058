import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { type Provisioner, ProvisioningFailure } from "../../src/onboarding/provisioner.ts";
import { startLoop } from "../../src/work/loop.ts";
import { engines, eventually, type Json, newDomain, type Service, startService } from "../support/service.ts";
import { attachedBody, watchedProvisioner } from "../support/watched-world.ts";

const set = "/customerCreationOperations";
const stage = "linkingPartner";
const passing = new ProvisioningFailure("The password is hunter2.", { passing: true });
const lasting = new ProvisioningFailure("The password is hunter2.", { passing: false });

describe.each(engines)("a provisioner on %s that fails", (engine) => {
  test("twice in passing is asked again after a time that doubles, and the operation succeeds", async () => {
    const { provisioner, calls } = failingProvisioner([passing, new Error("The line is dead.")]);
    await using service = await startService(engine, { work: true, provisioner, limits: { retrySecondsMin: 600 } });
    const operation = await begin(service);

    const firstWait = await untilWaiting(service, operation);
    const { json: first } = await service.get(`${set}/${operation.id}`);
    const other = await begin(service);
    await until(service, other, "status", "succeeded");
    const callsAfterFirst = [...calls];
    service.advance(901);
    service.context.nudge();
    await until(service, operation, "attempts", 2);
    const secondWait = await untilWaiting(service, operation);
    const { json: second } = await service.get(`${set}/${operation.id}`);
    service.advance(1801);
    service.context.nudge();
    const done = await until(service, operation, "status", "succeeded");

    expect(first).toMatchObject({ status: "running", stage, percentComplete: 40, attempts: 1, error: null });
    expect(second).toMatchObject({ status: "running", stage, percentComplete: 40, attempts: 2, error: null });
    // Longer by up to a half: what failed together does not come back together.
    expect([Math.floor(firstWait / 600), Math.floor(secondWait / 1200)]).toEqual([1, 1]);
    expect([firstWait, secondWait]).toEqual([
      expect.toSatisfy((each) => each < 900),
      expect.toSatisfy((each) => each < 1800),
    ]);
    // While the loop carried another operation to its end, this one was left alone.
    expect(callsAfterFirst.filter((each) => each === `${operation.id} ${stage}`)).toHaveLength(1);
    expect(calls.filter((each) => each.startsWith(operation.id))).toEqual(
      ["provisioningTenant", stage, stage, stage, "creatingBillingAccount", "issuingCredentials"].map(
        (each) => `${operation.id} ${each}`,
      ),
    );
    expect(done.percentComplete).toBe(100);
    expect(done.history.filter((step: Json) => step.stage === stage)).toHaveLength(1);
  });

  test("for good fails the operation and its customer, and says which stage and not why", async () => {
    const { provisioner, calls } = failingProvisioner([lasting]);
    await using service = await startService(engine, { work: true, provisioner });
    const operation = await begin(service);

    const failed = await until(service, operation, "status", "failed");
    const { json: customer } = await service.get(`/customers/${operation.customerId}`);

    expect(failed).toMatchObject({ stage, percentComplete: 40, attempts: 1, isRetryable: false });
    expect(failed).toMatchObject({ resourceLocation: null, error: { innerError: { code: "relationshipLinkFailed" } } });
    expect(failed.error).toEqual({
      code: "internalServerError",
      message: expect.stringContaining(stage),
      target: null,
      details: [],
      innerError: { code: "relationshipLinkFailed" },
    });
    expect(JSON.stringify([failed, customer])).not.toContain("hunter2");
    expect(customer).toMatchObject({ lifecycleState: "failed", tenantId: expect.any(String) });
    expect(calls.at(-1)).toBe(`${operation.id} ${stage}`);
  });

  test("in passing each time fails the operation in the end, and it may be tried again", async () => {
    const { provisioner, calls } = failingProvisioner([passing, passing, passing]);
    await using service = await startService(engine, {
      work: true,
      provisioner,
      limits: { retrySecondsMin: 0.01, pollMilliseconds: 20 },
    });
    const operation = await begin(service);

    const failed = await until(service, operation, "status", "failed");
    const { json: customer } = await service.get(`/customers/${operation.customerId}`);

    expect(failed).toMatchObject({ stage, attempts: 3, isRetryable: true, percentComplete: 40 });
    expect(customer.lifecycleState).toBe("failed");
    expect(calls.filter((each) => each.endsWith(stage))).toHaveLength(3);
  });

  test("at a stage that was canceled meanwhile is undone without waiting for the lease to end", async () => {
    const { provisioner, calls, reached, go } = stoppedProvisioner(async () => {
      throw lasting;
    });
    await using service = await startService(engine, { work: true, provisioner, limits: { leaseSeconds: 3600 } });
    const operation = await begin(service);
    await reached;

    await service.patch(`${set}/${operation.id}`, { status: "canceled" });
    go();
    const undone = await eventually(async () => (calls.includes("undo") ? true : undefined), 8);

    expect(undone).toBe(true);
  });
});

describe.each(engines)("the work on %s", (engine) => {
  test("of one operation that takes long does not hold up the others", async () => {
    const { provisioner, reached, go } = stoppedProvisioner(async () => ({}));
    await using service = await startService(engine, { work: true, provisioner });
    await using _gone = { [Symbol.asyncDispose]: async () => go() };
    const slow = await begin(service);
    await reached;

    const quick = await begin(service);
    const done = await until(service, quick, "status", "succeeded");

    expect(done.percentComplete).toBe(100);
    expect((await service.get(`${set}/${slow.id}`)).json.status).toBe("running");
  });

  test.each([
    ["ends its stage", async () => ({ tenantId: randomUUID() })],
    ["fails for good", async () => Promise.reject(lasting)],
    ["fails in passing", async () => Promise.reject(passing)],
  ])("of a worker that lost its lease and then %s changes nothing any more", async (_what, end) => {
    await using service = await startService(engine);
    const operation = await begin(service);
    const { provisioner, reached, go } = stoppedProvisioner(end);
    const first = startLoop({ context: service.context, provisioner });
    await reached;
    service.advance(service.context.limits.leaseSeconds + 1);

    const successor = watchedProvisioner();
    const stop = successor.stopAt("creatingBillingAccount");
    const second = startLoop({
      context: service.context,
      provisioner: successor.provisioner,
    });
    await stop.reached;
    const before = await everythingOf(service, operation);
    go();
    await first.close();
    const after = await everythingOf(service, operation);
    stop.go();
    const done = await until(service, operation, "status", "succeeded");
    await second.close();

    expect(before.customer).toMatchObject({ lifecycleState: "provisioning", tenantId: expect.any(String) });
    expect(after).toEqual(before);
    expect(done.history).toHaveLength(8);
  });
});

/** A provisioner that fails with the given errors, one after the other, at one stage of the first operation. */
function failingProvisioner(errors: readonly Error[]) {
  const calls: string[] = [];
  const left = [...errors];
  const provisioner: Provisioner = {
    async provision(asked, { operationId }) {
      calls.push(`${operationId} ${asked}`);
      const error = asked === stage && calls[0]?.startsWith(operationId) ? left.shift() : undefined;
      if (error !== undefined) throw error;
      return asked === "provisioningTenant" ? { tenantId: randomUUID() } : {};
    },
    undo: async () => undefined,
  };
  return { provisioner, calls };
}

/** A provisioner whose first call waits until it may go on, and then ends as it is told to. */
function stoppedProvisioner(end: () => ReturnType<Provisioner["provision"]>) {
  const reached = Promise.withResolvers<void>();
  const passed = Promise.withResolvers<void>();
  const calls: string[] = [];
  const provisioner: Provisioner = {
    async provision(asked) {
      calls.push(asked);
      if (calls.length > 1) return {};
      reached.resolve();
      await passed.promise;
      return end();
    },
    async undo() {
      calls.push("undo");
    },
  };
  return { provisioner, calls, reached: reached.promise, go: passed.resolve };
}

/** Opens an operation and attaches a customer; gives both ids. */
async function begin(service: Service): Promise<{ readonly id: string; readonly customerId: string }> {
  const { json } = await service.post(set, { domain: newDomain() });
  const { headers } = await service.post(`${set}/${json.id}/customer/$ref`, attachedBody);
  return { id: json.id, customerId: String(headers["Location"]?.split("/").at(-1)) };
}

/** Waits until a property of an operation has a value, and gives the operation. */
function until(service: Service, { id }: { readonly id: string }, name: string, value: unknown): Promise<Json> {
  return eventually(async () => {
    const { json } = await service.get(`${set}/${id}`);
    return json[name] === value ? json : undefined;
  });
}

/** Waits until an operation is due again later, and tells how many seconds after its last action that is. */
function untilWaiting(service: Service, { id }: { readonly id: string }): Promise<number> {
  return eventually(async () => {
    const [row] = await service.rows(
      `select "dueDateTime", "lastActionDateTime" from "customerCreationOperations" where "id" = '${id}'`,
    );
    const seconds = (Date.parse(row.dueDateTime) - Date.parse(row.lastActionDateTime)) / 1000;
    return seconds > 1 ? seconds : undefined;
  });
}

async function everythingOf(service: Service, ids: { readonly id: string; readonly customerId: string }) {
  const [operations, customers, changes] = await Promise.all([
    service.rows(`select * from "customerCreationOperations" where "id" = '${ids.id}'`),
    service.rows(`select * from "customers" where "id" = '${ids.customerId}'`),
    service.rows(`select count(*) as "count" from "changes"`),
  ]);
  return { operation: operations[0], customer: customers[0], changes };
}
