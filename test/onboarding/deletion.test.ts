import { describe, expect, test } from "vitest";
import { engines, eventually, type Json } from "../support/service.ts";
import { startWatchedWorld } from "../support/watched-world.ts";

type World = Awaited<ReturnType<typeof startWatchedWorld>>;

const inUse = [409, "domainAlreadyInUse"];

/** Brings a new operation into a state, and gives it and its customer, if it has one. */
const ways = {
  async notStarted(world: World) {
    return { operation: await world.open() };
  },
  async running(world: World) {
    const operation = await world.open();
    const stop = world.stopAt("linkingPartner");
    const customerId = await world.attach(operation);
    await stop.reached;
    return { operation, customerId, go: stop.go };
  },
  async failed(world: World) {
    const operation = await world.open();
    world.script.failAt = "linkingPartner";
    const customerId = await world.attach(operation);
    await world.until(operation, "failed");
    return { operation, customerId };
  },
  async expired(world: World) {
    const operation = await world.open();
    world.expire();
    await world.until(operation, "failed");
    return { operation };
  },
  async canceled(world: World) {
    const operation = await world.open();
    await world.patch(operation, { status: "canceled" });
    return { operation };
  },
  async succeeded(world: World) {
    const operation = await world.open();
    const customerId = await world.attach(operation);
    await world.until(operation, "succeeded");
    return { operation, customerId };
  },
} satisfies Record<
  string,
  (world: World) => Promise<{ readonly operation: Json; readonly customerId?: string; readonly go?: () => void }>
>;

describe.each(engines)("deleting an operation on %s", (engine) => {
  test.each(["notStarted", "expired", "canceled"] as const)(
    "that is %s takes it away, and its domain is free at once",
    async (state) => {
      await using world = await startWatchedWorld(engine);
      const { operation } = await ways[state](world);

      const deleted = await world.remove(operation);

      expect(deleted.status).toBe(204);
      expect((await world.service.get(`/customerCreationOperations/${operation.id}`)).status).toBe(404);
      expect((await world.service.get("/customerCreationOperations/$count")).text).toBe("0");
      expect(await world.tryOpen(operation.domain)).toEqual([201, undefined]);
      expect((await world.changesOf(operation.id)).filter((change) => change === "deleted")).toHaveLength(1);
      expect(world.calls).toEqual([]);
    },
  );

  test("that is running takes it away at once, and its customer when the stage in hand is undone", async () => {
    await using world = await startWatchedWorld(engine);
    const { operation, customerId, go } = await ways.running(world);

    const deleted = await world.remove(operation);
    const gone = await world.service.get(`/customerCreationOperations/${operation.id}`);
    const removing = await world.service.get(`/customers/${customerId}`);
    const held = await world.tryOpen(operation.domain);
    go();
    await world.untilFree(operation.domain);

    expect([deleted.status, gone.status]).toEqual([204, 404]);
    expect(removing).toMatchObject({ status: 200, json: { lifecycleState: "removing" } });
    expect(held).toEqual(inUse);
    expect(world.calls.slice(-2)).toEqual(["linkingPartner ended", "undo"]);
    expect((await world.service.get(`/customers/${customerId}`)).status).toBe(404);
    expect((await world.changesOf(operation.id)).filter((change) => change === "deleted")).toHaveLength(1);
    expect((await world.changesOf(customerId)).at(-1)).toBe("deleted");
  });

  test("that has failed takes it away with its customer and undoes what was made", async () => {
    await using world = await startWatchedWorld(engine);
    const { operation, customerId } = await ways.failed(world);

    const deleted = await world.remove(operation);
    await world.untilFree(operation.domain);

    expect(deleted.status).toBe(204);
    expect(world.calls).toEqual(["provisioningTenant", "linkingPartner", "undo"]);
    expect((await world.service.get(`/customers/${customerId}`)).status).toBe(404);
  });

  test("that has succeeded takes it away and leaves the customer and its domain as they are", async () => {
    await using world = await startWatchedWorld(engine);
    const { operation, customerId } = await ways.succeeded(world);
    const before = await world.service.get(`/customers/${customerId}`);

    const deleted = await world.remove(operation);

    expect(deleted.status).toBe(204);
    expect((await world.service.get(`/customerCreationOperations/${operation.id}`)).status).toBe(404);
    expect((await world.service.get(`/customers/${customerId}`)).json).toEqual(before.json);
    expect(before.json.lifecycleState).toBe("active");
    expect(await world.tryOpen(operation.domain)).toEqual(inUse);
    expect(world.calls).not.toContain("undo");
  });
});

describe.each(engines)("deleting a customer on %s", (engine) => {
  test("that is active takes it away, and its domain stays held (D18)", async () => {
    await using world = await startWatchedWorld(engine);
    const { operation, customerId } = await ways.succeeded(world);

    const deleted = await world.service.delete(`/customers/${customerId}`);

    expect(deleted.status).toBe(204);
    expect((await world.service.get(`/customers/${customerId}`)).status).toBe(404);
    expect((await world.service.get("/customers/$count")).text).toBe("0");
    expect(await world.tryOpen(operation.domain)).toEqual(inUse);
    expect(await world.read(operation)).toMatchObject({ status: "succeeded", percentComplete: 100 });
    expect(await world.changesOf(customerId)).toEqual(["created", "updated", "updated", "updated", "deleted"]);
    expect(world.calls).not.toContain("undo");
  });

  test("that is provisioning cancels its operation, undoes the stages and frees the domain", async () => {
    await using world = await startWatchedWorld(engine);
    const { operation, customerId, go } = await ways.running(world);

    const deleted = await world.service.delete(`/customers/${customerId}`);
    const gone = await world.service.get(`/customers/${customerId}`);
    const held = await world.tryOpen(operation.domain);
    go();
    const canceled = await world.until(operation, "canceled");

    expect([deleted.status, gone.status]).toEqual([204, 404]);
    expect(held).toEqual(inUse);
    expect(canceled).toMatchObject({ percentComplete: 40, error: { innerError: { code: "canceledByClient" } } });
    expect(world.calls.slice(-2)).toEqual(["linkingPartner ended", "undo"]);
    expect(await world.tryOpen(operation.domain)).toEqual([201, undefined]);
    expect((await world.steps(operation)).history.at(-1)).toBe("canceled linkingPartner");
    expect((await world.changesOf(customerId)).filter((change) => change === "deleted")).toHaveLength(1);
  });

  test("that has failed cancels its operation, undoes the stages and frees the domain", async () => {
    await using world = await startWatchedWorld(engine);
    const { operation, customerId } = await ways.failed(world);

    const deleted = await world.service.delete(`/customers/${customerId}`);
    const canceled = await world.until(operation, "canceled");

    expect(deleted.status).toBe(204);
    expect(canceled.percentComplete).toBe(40);
    expect(world.calls).toEqual(["provisioningTenant", "linkingPartner", "undo"]);
    expect(await world.tryOpen(operation.domain)).toEqual([201, undefined]);
    expect((await world.changesOf(customerId)).filter((change) => change === "deleted")).toHaveLength(1);
  });

  test("twice, or with its operation, deletes it once", async () => {
    await using world = await startWatchedWorld(engine);
    const { operation, customerId, go } = await ways.running(world);

    const answers = await Promise.all([
      world.service.delete(`/customers/${customerId}`),
      world.service.delete(`/customers/${customerId}`),
      world.remove(operation),
    ]);
    go();
    await world.untilFree(operation.domain);
    const deletions = await eventually(async () => {
      const changes = await world.changesOf(customerId);
      return changes.includes("deleted") ? changes.filter((change) => change === "deleted") : undefined;
    });

    expect(answers.map(({ status }) => status).sort()).toEqual([204, 204, 404]);
    expect(deletions).toHaveLength(1);
    expect(world.calls.filter((call) => call === "undo")).toHaveLength(1);
  });
});
