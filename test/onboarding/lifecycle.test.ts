import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { later } from "../../src/onboarding/operation.ts";
import { provisioningStages } from "../../src/onboarding/provisioner.ts";
import { claimOperations } from "../../src/store/claim.ts";
import { engines, newDomain, origin, otherPartner, signToken, startService } from "../support/service.ts";
import { attachedBody as body, startWatchedWorld } from "../support/watched-world.ts";

const set = "/customerCreationOperations";
const opened = "notStarted domainReserved";
const stages = provisioningStages.map((stage) => `running ${stage}`);
const held = [409, "domainReserved"];
const inUse = [409, "domainAlreadyInUse"];
const free = [201, undefined];

describe.each(engines)("an operation that has not started, on %s", (engine) => {
  test("holds its domain from the moment it is opened", async () => {
    await using world = await startWatchedWorld(engine);

    const operation = await world.open();

    const { createdDateTime, expirationDateTime } = operation;
    expect(operation).toMatchObject({ status: "notStarted", stage: "domainReserved", percentComplete: 0 });
    expect(Date.parse(expirationDateTime) - Date.parse(createdDateTime)).toBe(24 * 3600 * 1000);
    expect(await world.tryOpen(operation.domain)).toEqual(held);
    expect(await world.steps(operation)).toEqual({ history: [opened], changes: ["created"] });
  });

  test("moves to another domain: the old one is free and the new one held", async () => {
    await using world = await startWatchedWorld(engine);
    const operation = await world.open();
    const domain = newDomain();

    const moved = await world.patch(operation, { domain });

    expect(moved).toMatchObject({ status: 200, json: { domain, status: "notStarted", percentComplete: 0 } });
    expect(await world.tryOpen(domain)).toEqual(held);
    expect(await world.tryOpen(operation.domain)).toEqual(free);
    expect(await world.steps(operation)).toEqual({ history: [opened], changes: ["created", "updated"] });
  });

  test("keeps its domain when the one that it wants is taken", async () => {
    await using world = await startWatchedWorld(engine);
    const [operation, other] = [await world.open(), await world.open()];

    const moved = await world.patch(operation, { domain: other.domain });

    expect(moved).toMatchObject({ status: 409, json: { error: { innerError: { code: "domainReserved" } } } });
    expect(await world.read(operation)).toEqual(operation);
    expect(await world.tryOpen(operation.domain)).toEqual(held);
    expect(await world.steps(operation)).toEqual({ history: [opened], changes: ["created"] });
  });

  test("adopts an active customer by reference: its own domain is free and nothing is provisioned", async () => {
    await using world = await startWatchedWorld(engine);
    const first = await world.open();
    const customerId = await world.attach(first);
    await world.until(first, "succeeded");
    const [before, operation] = [world.calls.length, await world.open()];

    const adopted = await world.refer(operation, customerId);

    const after = await world.read(operation);
    const resourceLocation = `${origin}/v1.0/customers/${customerId}`;
    expect(adopted.status).toBe(204);
    expect(after).toMatchObject({ status: "succeeded", percentComplete: 100, domain: first.domain, resourceLocation });
    expect(world.calls).toHaveLength(before);
    expect(await world.tryOpen(operation.domain)).toEqual(free);
    expect(await world.tryOpen(first.domain)).toEqual(inUse);
    expect(await world.steps(operation)).toEqual({
      history: [opened, "succeeded completed"],
      changes: ["created", "updated"],
    });
  });

  test("does not adopt a customer that is another partner's, none at all, or not active", async () => {
    await using world = await startWatchedWorld(engine);
    const failing = await world.open();
    world.script.failAt = "provisioningTenant";
    const failed = await world.attach(failing);
    await world.until(failing, "failed");
    const given = { ...body, companyProfile: { domain: newDomain() } };
    const token = await signToken({ tid: otherPartner });
    const theirs = await world.service.post("/customers", given, { token });
    const operation = await world.open();

    const answers = [theirs.json.id, randomUUID(), failed].map((id) => world.refer(operation, id));

    expect(theirs.status).toBe(201);
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([404, 404, 409]);
    expect(await world.read(operation)).toEqual(operation);
  });

  test("is canceled at once, its domain free at once, and takes no customer any more", async () => {
    await using world = await startWatchedWorld(engine);
    const operation = await world.open();

    const canceled = await world.patch(operation, { status: "canceled" });
    const attached = await world.service.post(`${set}/${operation.id}/customer/$ref`, body);

    expect(canceled).toMatchObject({ status: 200, json: { status: "canceled", percentComplete: 0 } });
    expect(canceled.json.error.innerError).toEqual({ code: "canceledByClient" });
    expect(attached).toMatchObject({
      status: 409,
      json: { error: { innerError: { code: "operationNotModifiable" } } },
    });
    expect(await world.tryOpen(operation.domain)).toEqual(free);
    expect(await world.steps(operation)).toEqual({
      history: [opened, "canceled domainReserved"],
      changes: ["created", "updated"],
    });
  });

  test("fails when its reservation has run out: another can take the domain, and a customer comes too late", async () => {
    await using world = await startWatchedWorld(engine);
    const operation = await world.open();

    world.expire();
    const failed = await world.until(operation, "failed");
    const taken = await world.tryOpen(operation.domain);
    const attached = await world.service.post(`${set}/${operation.id}/customer/$ref`, body);

    expect(failed).toMatchObject({ percentComplete: 0, isRetryable: false });
    expect(failed.error).toMatchObject({ code: "gone", innerError: { code: "reservationExpired" } });
    expect(taken).toEqual(free);
    expect(attached).toMatchObject({ status: 410, json: { error: { innerError: { code: "reservationExpired" } } } });
    expect(await world.steps(operation)).toEqual({
      history: [opened, "failed domainReserved"],
      changes: ["created", "updated"],
    });
  });

  test("is over when its reservation has run out, even before the work loop has seen it", async () => {
    await using service = await startService(engine, { work: false });
    const { json: operation } = await service.post(set, { domain: newDomain() });
    service.advance(25 * 3600);

    const attached = await service.post(`${set}/${operation.id}/customer/$ref`, body);
    const taken = await service.post(set, { domain: operation.domain });

    expect(taken.status).toBe(201);
    expect(attached).toMatchObject({ status: 410, json: { error: { innerError: { code: "reservationExpired" } } } });
  });

  test("does not move to another domain when its reservation has run out", async () => {
    await using service = await startService(engine, { work: false });
    const { json: operation } = await service.post(set, { domain: newDomain() });
    const domain = newDomain();
    service.advance(25 * 3600);

    const moved = await service.patch(`${set}/${operation.id}`, { domain });

    expect(moved).toMatchObject({ status: 410, json: { error: { innerError: { code: "reservationExpired" } } } });
    expect(await service.rows(`select * from "domains" where "domain" = '${domain}'`)).toEqual([]);
  });
});

describe.each(engines)("an operation that has started, on %s", (engine) => {
  test("runs through every stage to its end, with one change for each step and a percentage that grows", async () => {
    await using world = await startWatchedWorld(engine);
    const operation = await world.open();
    world.script.onCall = async () => (await world.read(operation)).percentComplete;

    const customerId = await world.attach(operation);
    const done = await world.until(operation, "succeeded");

    const history = [opened, "running validating", ...stages, "running publishing", "succeeded completed"];
    expect(done).toMatchObject({ percentComplete: 100, expirationDateTime: null, error: null });
    expect(world.noted).toEqual([10, 40, 60, 80]);
    expect(await world.steps(operation)).toEqual({
      history,
      changes: history.map((_, index) => (index === 0 ? "created" : "updated")),
    });
    // Once for the tenant, once for the relationship, once for becoming active.
    expect(await world.changesOf(customerId)).toEqual(["created", "updated", "updated", "updated"]);
    expect(await world.tryOpen(operation.domain)).toEqual(inUse);
  });

  test("and is canceled is undone when the stage in hand has ended, and only then is its domain free", async () => {
    await using world = await startWatchedWorld(engine);
    const operation = await world.open();
    const stop = world.stopAt("linkingPartner");
    const customerId = await world.attach(operation);
    await stop.reached;

    const canceled = await world.patch(operation, { status: "canceled" });
    const removing = await world.service.get(`/customers/${customerId}`);
    const heldStill = await world.tryOpen(operation.domain);
    const calls = [...world.calls];
    stop.go();
    await world.untilFree(operation.domain);

    expect(canceled).toMatchObject({ status: 200, json: { status: "canceled", percentComplete: 40 } });
    expect(removing).toMatchObject({ status: 200, json: { lifecycleState: "removing" } });
    expect(heldStill).toEqual(inUse);
    expect(calls).toEqual(["provisioningTenant", "linkingPartner"]);
    expect(world.calls).toEqual([...calls, "linkingPartner ended", "undo"]);
    expect((await world.service.get(`/customers/${customerId}`)).status).toBe(404);
    expect(await world.read(operation)).toMatchObject({ status: "canceled", percentComplete: 40 });
    expect((await world.steps(operation)).history).toEqual([
      ...[opened, "running validating", "running provisioningTenant", "running linkingPartner"],
      "canceled linkingPartner",
    ]);
    // Opened, begun, two stages, canceled, undone; the customer got its tenant, was to be removed, and was.
    expect((await world.steps(operation)).changes).toEqual(["created", ...Array(5).fill("updated")]);
    expect(await world.changesOf(customerId)).toEqual(["created", "updated", "updated", "deleted"]);
  });

  test("and is canceled is given to no other worker while the first is busy with it", async () => {
    await using world = await startWatchedWorld(engine);
    const { clock } = world.service.context;
    const operation = await world.open();
    const stop = world.stopAt("linkingPartner");
    await world.attach(operation);
    await stop.reached;
    await world.patch(operation, { status: "canceled" });

    const claimed = await claimOperations(world.service.database, {
      ...{ owner: randomUUID(), limit: 16 },
      ...{ now: clock(), leaseExpirationDateTime: later(clock(), 15) },
    });
    const calls = [...world.calls];
    stop.go();
    await world.untilFree(operation.domain);

    expect(claimed).toEqual([]);
    expect(calls).not.toContain("undo");
    expect(world.calls.at(-1)).toBe("undo");
  });

  test("and has failed keeps its domain until it is canceled, which undoes what was made", async () => {
    await using world = await startWatchedWorld(engine);
    const operation = await world.open();
    world.script.failAt = "creatingBillingAccount";
    const customerId = await world.attach(operation);
    const failed = await world.until(operation, "failed");
    const heldStill = await world.tryOpen(operation.domain);

    const canceled = await world.patch(operation, { status: "canceled" });
    await world.untilFree(operation.domain);

    expect(failed).toMatchObject({ stage: "creatingBillingAccount", percentComplete: 60 });
    expect(heldStill).toEqual(inUse);
    expect(canceled).toMatchObject({ status: 200, json: { status: "canceled", percentComplete: 60 } });
    expect(world.calls.at(-1)).toBe("undo");
    expect((await world.service.get(`/customers/${customerId}`)).status).toBe(404);
  });

  test("and has succeeded cannot be canceled", async () => {
    await using world = await startWatchedWorld(engine);
    const operation = await world.open();
    await world.attach(operation);
    const done = await world.until(operation, "succeeded");

    const canceled = await world.patch(operation, { status: "canceled" });

    expect(canceled).toMatchObject({
      status: 409,
      json: { error: { innerError: { code: "operationNotModifiable" } } },
    });
    expect(await world.read(operation)).toEqual(done);
  });
});
