import { describe, expect, test } from "vitest";
import { createCustomer } from "../support/delta.ts";
import { startReceiver, subscribe } from "../support/receiver.ts";
import { engines, eventually, type Json, type Service, startService } from "../support/service.ts";

const limits = { notificationRetryMillisecondsMin: 20, pollMilliseconds: 20 };
const hour = 3600;

describe.each(engines)("what becomes of a subscription on %s", (engine) => {
  const start = (more = {}) => startService(engine, { work: true, limits: { ...limits, ...more } });
  const statusOf = async (service: Service, id: string) => (await service.get(`/subscriptions/${id}`)).status;

  test("is told a day before it ends, once, and when it has ended", async () => {
    await using service = await start();
    await using lifecycle = await startReceiver();
    await using receiver = await startReceiver();
    const expirationDateTime = new Date(Date.now() + 10 * 24 * hour * 1000).toISOString();
    const subscription = await subscribe(service, receiver, {
      expirationDateTime,
      lifecycleNotificationUrl: lifecycle.url,
      clientState: "s3cret",
    });

    service.advance(8.9 * 24 * hour);
    await pause();
    const early = lifecycle.taken.length;
    service.advance(0.2 * 24 * hour);
    await eventually(async () => (lifecycle.taken.length > 0 ? true : undefined));
    await pause();
    const noticed = [...lifecycle.taken];
    service.advance(24 * hour);
    await eventually(async () => (lifecycle.taken.length > 1 ? true : undefined));

    expect(early).toBe(0);
    const common = { subscriptionId: subscription.id, clientState: "s3cret", tenantId: expect.any(String) };
    expect(noticed).toEqual([
      {
        ...common,
        subscriptionExpirationDateTime: expirationDateTime,
        lifecycleEvent: "reauthorizationRequired",
      },
    ]);
    expect(lifecycle.taken[1]).toMatchObject({ ...common, lifecycleEvent: "subscriptionRemoved" });
    expect(await statusOf(service, subscription.id)).toBe(404);
    await eventually(async () =>
      (await service.rows(`select 1 from "notificationLanes"`)).length === 0 ? true : undefined,
    );
    expect(receiver.told).toEqual([]);
  });

  test("is not told before it is due again, when it was renewed or reauthorized", async () => {
    await using service = await start();
    await using lifecycle = await startReceiver();
    const { id } = await subscribe(service, lifecycle, { lifecycleNotificationUrl: lifecycle.url });
    const renewed = new Date(Date.now() + 20 * 24 * hour * 1000).toISOString();

    await service.patch(`/subscriptions/${id}`, { expirationDateTime: renewed });
    service.advance(2 * 24 * hour);
    await pause();
    const reauthorized = await service.post(`/subscriptions/${id}/reauthorize`);
    service.advance(16.9 * 24 * hour);
    await pause();
    const quiet = lifecycle.taken.length;
    service.advance(0.2 * 24 * hour);
    await eventually(async () => (lifecycle.taken.length > 0 ? true : undefined));

    expect(reauthorized.status).toBe(204);
    expect(quiet).toBe(0);
    expect(lifecycle.taken[0].lifecycleEvent).toBe("reauthorizationRequired");
  });

  test("is tried again when its own receiver fails, and holds up no changes meanwhile", async () => {
    await using service = await start();
    await using lifecycle = await startReceiver();
    await using receiver = await startReceiver();
    let fails = true;
    lifecycle.answer = async () => ({ status: fails ? 500 : 202 });
    const { id } = await subscribe(service, receiver, {
      lifecycleNotificationUrl: lifecycle.url,
      expirationDateTime: new Date(Date.now() + 10 * 24 * hour * 1000).toISOString(),
      changeType: "created",
    });

    service.advance(9.5 * 24 * hour);
    await eventually(async () => (lifecycle.told.length > 1 ? true : undefined));
    await createCustomer(service);
    await eventually(async () => (receiver.taken.length > 0 ? true : undefined));
    fails = false;
    await eventually(async () => (lifecycle.taken.length > 0 ? true : undefined));
    const delivery = await eventually(async () => {
      const { json } = await service.get(`/subscriptions/${id}/deliveries?$filter=purpose eq 'lifecycle'`);
      return json.value[0]?.status === "delivered" ? json.value : undefined;
    });

    expect(lifecycle.taken).toHaveLength(1);
    expect(delivery).toHaveLength(1);
    expect(delivery[0].attempts).toBeGreaterThan(2);
  });

  test("is missed when a receiver was gone for more than four hours, and what is newer is told", async () => {
    await using service = await start();
    await using lifecycle = await startReceiver();
    await using receiver = await startReceiver();
    let isGone = true;
    receiver.answer = async () => ({ status: isGone ? 503 : 202 });
    const { id } = await subscribe(service, receiver, {
      lifecycleNotificationUrl: lifecycle.url,
      changeType: "created",
    });

    await createCustomer(service);
    // Since when it is gone is what is written of the first answer: the clock must not leap before.
    await eventually(async () => {
      const { json } = await service.get(`/subscriptions/${id}/deliveries?$filter=status eq 'retrying'`);
      return json.value.length > 0 ? true : undefined;
    });
    service.advance(3.9 * hour);
    await pause();
    const early = lifecycle.taken.length;
    const newer = await createCustomer(service);
    service.advance(0.2 * hour);
    // Only when it is written that this was told, it is not told again after a leap of the clock.
    await eventually(async () => {
      const { json } = await service.get(`/subscriptions/${id}/deliveries?$filter=purpose eq 'lifecycle'`);
      return json.value[0]?.status === "delivered" ? true : undefined;
    });
    isGone = false;
    service.advance(0.5 * hour);
    await eventually(async () => (receiver.taken.length > 0 ? true : undefined));
    const { json } = await service.get(`/subscriptions/${id}/deliveries?$filter=status eq 'dropped'`);

    expect(early).toBe(0);
    expect(lifecycle.taken.map(({ lifecycleEvent }) => lifecycleEvent)).toEqual(["missed"]);
    expect(receiver.taken.map(({ resourceData }) => resourceData.id)).toEqual([newer]);
    expect(json.value).toHaveLength(1);
    expect(json.value[0].statusCode).toBe(503);
  });

  test("is missed once, though a worker that lost the subscription to another gives up as well", async () => {
    const lines: string[] = [];
    await using service = await startService(engine, { work: true, limits, log: (line) => lines.push(line) });
    await using lifecycle = await startReceiver();
    await using receiver = await startReceiver();
    let letGo: (() => void) | undefined;
    receiver.answer = async () => {
      if (receiver.requests.length === 2) await new Promise<void>((resolve) => (letGo = resolve));
      return { status: 503 };
    };
    const { id } = await subscribe(service, receiver, { lifecycleNotificationUrl: lifecycle.url });

    await createCustomer(service);
    await eventually(async () => letGo);
    service.advance(4.1 * hour);
    await eventually(async () => (lifecycle.taken.length > 0 ? true : undefined));
    letGo?.();
    await eventually(async () => (lines.some((line) => line.includes("was taken over")) ? true : undefined));
    await pause();
    const { json } = await service.get(`/subscriptions/${id}/deliveries?$filter=status eq 'dropped'`);

    expect(lifecycle.told.map(({ lifecycleEvent }) => lifecycleEvent)).toEqual(["missed"]);
    expect(json.value).toHaveLength(1);
  });

  test("is everything, when a receiver was down for an hour", async () => {
    await using service = await start({ notificationRetryMillisecondsMin: 2000 });
    await using receiver = await startReceiver();
    let isDown = true;
    receiver.answer = async () => (isDown ? "drop" : { status: 202 });
    await subscribe(service, receiver, { changeType: "created" });

    const ids: string[] = [];
    for (let step = 0; step < 6; step++) {
      ids.push(await createCustomer(service));
      service.advance(hour / 6);
      await pause();
    }
    isDown = false;
    service.advance(hour / 6);
    await eventually(async () => (receiver.taken.length >= 6 ? true : undefined));

    expect(receiver.taken.map(({ resourceData }) => resourceData.id)).toEqual(ids);
  });

  test("is throttled when one tenth of the requests is slow, and missed when it is more", async () => {
    await using service = await start({ notificationSlowMilliseconds: 500, notificationWindowRequestsMin: 10 });
    await using lifecycle = await startReceiver();
    await using receiver = await startReceiver();
    let slow = 1;
    receiver.answer = async () => {
      if (slow-- > 0) await pause(700);
      return { status: 202 };
    };
    const { id } = await subscribe(service, receiver, {
      lifecycleNotificationUrl: lifecycle.url,
      changeType: "created",
    });
    const create = async (count: number) => {
      await createCustomer(service);
      await eventually(async () => (receiver.taken.length >= count ? true : undefined));
    };

    for (let count = 1; count <= 10; count++) await create(count);
    await pause();
    await create(11);
    await createCustomer(service);
    await pause();
    const whileThrottled = receiver.taken.length;
    service.advance(601);
    await eventually(async () => (receiver.taken.length >= 12 ? true : undefined));
    slow = 3;
    for (let count = 13; count <= 21; count++) await create(count);
    await pause();
    await createCustomer(service);
    await eventually(async () => (lifecycle.taken.length > 0 ? true : undefined));
    const { json } = await service.get(`/subscriptions/${id}/deliveries?$filter=status eq 'dropped'`);

    expect(whileThrottled).toBe(11);
    expect(receiver.taken).toHaveLength(21);
    expect(lifecycle.taken.map(({ lifecycleEvent }: Json) => lifecycleEvent)).toEqual(["missed"]);
    expect(json.value[0].failure).toContain("slow");
  });
});

function pause(milliseconds = 150): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
