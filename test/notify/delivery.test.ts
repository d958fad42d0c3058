import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { everyPartner } from "../../src/store/database.ts";
import { raw } from "../../src/store/sql.ts";
import { createCustomer } from "../support/delta.ts";
import { type Receiver, startReceiver, subscribe } from "../support/receiver.ts";
import { engines, eventually, type Json, partner, type Service, startService } from "../support/service.ts";

const limits = { notificationRetryMillisecondsMin: 20, pollMilliseconds: 50 };

describe.each(engines)("notifications on %s", (engine) => {
  let service: Service;
  let receiver: Receiver;
  beforeAll(async () => {
    service = await startService(engine, { work: true, limits });
  });
  afterAll(() => service[Symbol.asyncDispose]());

  async function told(count: number, by: Receiver = receiver): Promise<readonly Json[]> {
    await eventually(async () => (by.taken.length >= count ? true : undefined));
    return by.taken;
  }

  /** The customers whose changes were told, with the changes, but for those of the work loop. */
  function changesOf(id: string, by: Receiver): readonly string[] {
    return by.taken.filter((each) => each.resourceData.id === id).map(({ changeType }) => changeType);
  }

  test("tell of a change as Graph does", async () => {
    receiver = await startReceiver();
    const subscription = await subscribe(service, receiver, { changeType: "created", clientState: "s3cret" });

    const id = await createCustomer(service);
    const [notification] = await told(1);

    expect(notification).toEqual({
      id: expect.stringMatching(new RegExp(`^${subscription.id}_[0-9a-f]{8}_\\d+$`)),
      subscriptionId: subscription.id,
      subscriptionExpirationDateTime: subscription.expirationDateTime,
      clientState: "s3cret",
      changeType: "created",
      resource: `customers/${id}`,
      tenantId: partner,
      resourceData: {
        "@odata.type": "#Microsoft.Graph.customer",
        "@odata.id": `customers/${id}`,
        "@odata.etag": expect.stringMatching(/^W\/"[0-9a-f-]{36}"$/),
        id,
      },
    });
    expect(receiver.requests[0]?.headers["content-type"]).toBe("application/json");
    await receiver[Symbol.asyncDispose]();
  });

  test("tell of the changes that were asked for, of one entity, and of those that a filter leaves", async () => {
    await using every = await startReceiver();
    await using one = await startReceiver();
    await using gold = await startReceiver();
    await using operations = await startReceiver();
    await subscribe(service, every, { changeType: "created, deleted" });
    await subscribe(service, gold, { notificationQueryOptions: "$filter=metadata/tier eq 'gold'" });
    await subscribe(service, operations, { resource: "customerCreationOperations", changeType: "created" });

    const a = await createCustomer(service, { metadata: { tier: "gold" } });
    const b = await createCustomer(service);
    await subscribe(service, one, { resource: `customers/${a}`, changeType: "updated,deleted" });
    await service.patch(`/customers/${b}`, { metadata: { seen: "yes" } });
    await service.patch(`/customers/${a}`, { metadata: { seen: "yes" } });
    await service.delete(`/customers/${b}`);
    await service.delete(`/customers/${a}`);
    await eventually(async () => (changesOf(a, every).includes("deleted") ? true : undefined));
    await eventually(async () => (changesOf(a, one).includes("deleted") ? true : undefined));
    await eventually(async () => (changesOf(a, gold).includes("deleted") ? true : undefined));

    expect(changesOf(a, every)).toEqual(["created", "deleted"]);
    expect(changesOf(b, every)).toEqual(["created", "deleted"]);
    expect(new Set(changesOf(a, one))).toEqual(new Set(["updated", "deleted"]));
    expect(changesOf(a, gold)).toContain("created");
    expect(changesOf(b, gold)).toEqual([]);
    expect(changesOf(b, one)).toEqual([]);
    expect((await told(2, operations)).map(({ resource }) => resource.split("/")[0])).toEqual([
      "customerCreationOperations",
      "customerCreationOperations",
    ]);
  });

  test("of several subscriptions go to the same receiver in one request", async () => {
    await using same = await startReceiver();
    const gate = Promise.withResolvers<void>();
    same.answer = async () => {
      await gate.promise;
      return { status: 202 };
    };
    await subscribe(service, same, { changeType: "created" });
    await subscribe(service, same, { changeType: "created" });

    await createCustomer(service);
    await eventually(async () => (same.requests.length > 0 ? true : undefined));
    gate.resolve();
    await told(2, same);

    expect(new Set(same.taken.map(({ subscriptionId }) => subscriptionId)).size).toBe(2);
    expect(same.requests.length).toBeLessThanOrEqual(2);
  });

  test("come again until they are taken, and then in order", async () => {
    await using failing = await startReceiver();
    const answers = [{ status: 500 }, { status: 302, headers: { location: "/x" } }, "drop" as const, { status: 429 }];
    failing.answer = async () => answers.shift() ?? { status: 204 };
    const { id: subscriptionId } = await subscribe(service, failing, { changeType: "created" });

    const ids = [await createCustomer(service), await createCustomer(service), await createCustomer(service)];
    await told(3, failing);
    const deliveries = await eventually(async () => {
      const { json } = await service.get(`/subscriptions/${subscriptionId}/deliveries`);
      return json.value.at(-1)?.status === "delivered" && failing.taken.length === 3 ? json.value : undefined;
    });

    expect(failing.taken.map(({ resourceData }) => resourceData.id)).toEqual(ids);
    expect(deliveries[0]).toMatchObject({
      subscriptionId,
      purpose: "changes",
      status: "delivered",
      attempts: 5,
      statusCode: 204,
      failure: null,
      nextAttemptDateTime: null,
    });
    expect(deliveries[0].latencyMilliseconds).toBeGreaterThanOrEqual(0);
    expect(deliveries[0].firstAttemptDateTime < deliveries[0].lastAttemptDateTime).toBe(true);
  });

  test("show while they fail what the receiver answers, and when the next try is", async () => {
    await using failing = await startReceiver();
    failing.answer = async () => ({ status: 503 });
    const { id } = await subscribe(service, failing, { changeType: "created" });

    await createCustomer(service);
    const delivery = await eventually(async () => {
      const { json } = await service.get(`/subscriptions/${id}/deliveries?$filter=status eq 'retrying'`);
      return json.value[0]?.attempts > 1 ? json.value[0] : undefined;
    });
    const listed = await service.get(`/notificationDeliveries?$filter=subscriptionId eq '${id}'`);
    const read = await service.get(`/notificationDeliveries/${delivery.id}`);

    expect(delivery).toMatchObject({ statusCode: 503, failure: "The receiver answered with HTTP status 503." });
    expect(delivery.nextAttemptDateTime > delivery.lastAttemptDateTime).toBe(true);
    expect(listed.json.value.map((each: Json) => each.id)).toEqual([delivery.id]);
    expect(read.status).toBe(200);
  });

  test("are told again on demand, with the same ids", async () => {
    await using again = await startReceiver();
    const { id } = await subscribe(service, again, { changeType: "created" });
    const begun = new Date().toISOString();
    await createCustomer(service);
    await createCustomer(service);
    const first = [...(await told(2, again))];
    // A lane that is let go has written down what was taken.
    const settled = () =>
      eventually(async () => {
        const where = `where "subscriptionId" = '${id}' and "lane" = 'changes' and "leaseOwner" is null`;
        return (await service.rows(`select 1 from "notificationLanes" ${where}`)).length > 0 ? true : undefined;
      });
    await settled();

    const since = await service.post(`/subscriptions/${id}/redeliver`, { fromDateTime: begun });
    await told(4, again);
    await settled();
    const from = await service.post(`/subscriptions/${id}/redeliver`, { fromNotificationId: first[1].id });
    await told(5, again);
    const neither = await service.post(`/subscriptions/${id}/redeliver`);
    const both = await service.post(`/subscriptions/${id}/redeliver`, {
      fromDateTime: begun,
      fromNotificationId: first[1].id,
    });
    const wrong = await service.post(`/subscriptions/${id}/redeliver`, { fromNotificationId: "x_1" });
    const unknown = await service.post(`/subscriptions/${id}/redeliver`, { from: begun });

    expect([since.status, from.status]).toEqual([204, 204]);
    expect([neither.status, both.status, wrong.status, unknown.status]).toEqual([400, 400, 400, 400]);
    const ids = first.map((each) => each.id);
    expect(again.taken.map((each) => each.id)).toEqual([...ids, ...ids, ids[1]]);
  });

  test("that were not taken yet are not passed over when later ones are told again", async () => {
    await using failing = await startReceiver();
    failing.answer = async () => ({ status: 500 });
    const { id } = await subscribe(service, failing, { changeType: "created" });
    const first = await createCustomer(service);
    await eventually(async () => (failing.told.length > 0 ? true : undefined));
    await new Promise((resolve) => setTimeout(resolve, 10));
    const fromDateTime = new Date().toISOString();
    const second = await createCustomer(service);

    const { status } = await service.post(`/subscriptions/${id}/redeliver`, { fromDateTime });
    failing.answer = async () => ({ status: 202 });
    // What is on its way at that moment may come twice.
    const ids = () => [...new Set(failing.taken.map(({ resourceData }) => resourceData.id))];
    await eventually(async () => (ids().length > 1 ? true : undefined));

    expect(status).toBe(204);
    expect(ids()).toEqual([first, second]);
  });

  test("go elsewhere at once when the subscription is moved away from a receiver that fails", async () => {
    const patient = { ...limits, notificationRetryMillisecondsMin: 600_000 };
    await using slowly = await startService(engine, { work: true, limits: patient });
    await using failing = await startReceiver();
    await using better = await startReceiver();
    failing.answer = async () => ({ status: 500 });
    const { id } = await subscribe(slowly, failing, { changeType: "created" });
    const customer = await createCustomer(slowly);
    await eventually(async () => (failing.told.length > 0 ? true : undefined));

    await slowly.patch(`/subscriptions/${id}`, { notificationUrl: better.url });
    await told(1, better);
    const { json } = await slowly.get(`/subscriptions/${id}/deliveries?$orderby=id&$top=1`);

    expect(better.taken.map(({ resourceData }) => resourceData.id)).toEqual([customer]);
    expect(failing.told).toHaveLength(1);
    // Nobody waits for a try that never comes.
    expect(json.value).toMatchObject([{ status: "dropped", statusCode: 500, nextAttemptDateTime: null }]);
  });

  test("can be tested", async () => {
    await using tested = await startReceiver();
    const { id } = await subscribe(service, tested, { clientState: "s3cret" });

    const good = await service.post(`/subscriptions/${id}/sendTestNotification`);
    tested.answer = async () => ({ status: 500 });
    const bad = await service.post(`/subscriptions/${id}/microsoft.graph.sendTestNotification`);

    expect([good.status, good.json.status, good.json.purpose]).toEqual([202, "delivered", "test"]);
    expect([bad.status, bad.json.status, bad.json.statusCode]).toEqual([202, "dropped", 500]);
    expect(tested.told[0]).toMatchObject({ subscriptionId: id, clientState: "s3cret", isTest: true });
    expect((await service.get(`/subscriptions/${id}/deliveries`)).json.value).toHaveLength(2);
  });

  test("hold a secret that is in no answer, no log and no table", async () => {
    const lines: string[] = [];
    await using quiet = await startService(engine, { work: true, limits, log: (line) => lines.push(line) });
    await using failing = await startReceiver();
    failing.answer = async () => ({ status: 500 });
    const secret = "a secret of theirs";
    const created = await subscribe(quiet, failing, { clientState: secret, changeType: "created" });

    await createCustomer(quiet);
    await eventually(async () => (failing.told.length > 1 ? true : undefined));
    const shown = await quiet.get(`/subscriptions/${created.id}`);
    const deliveries = await quiet.get(`/subscriptions/${created.id}/deliveries`);
    const rows = await Promise.all(
      ["subscriptions", "notificationDeliveries", "notificationLanes", "changes"].map((table) =>
        quiet.rows(`select * from "${table}"`),
      ),
    );

    expect(failing.told[0].clientState).toBe(secret);
    expect(JSON.stringify([created, shown.text, deliveries.text, rows, lines])).not.toContain(secret);
  });

  test("of others go on when one of ours cannot be made", async () => {
    const lines: string[] = [];
    await using service = await startService(engine, { work: true, limits, log: (line) => lines.push(line) });
    await using good = await startReceiver();
    await using other = await startReceiver();
    const broken = await subscribe(service, other, { clientState: "s3cret" });
    await subscribe(service, good, { changeType: "created" });

    await service.database.write(everyPartner, [
      raw(`update "subscriptions" set "sealedClientState" = 'x' where "id" = '${broken.id}'`),
    ]);
    await createCustomer(service);
    await eventually(async () => (good.taken.length > 0 ? true : undefined));
    await eventually(async () =>
      lines.some((line) => line.includes("notifications could not be sent")) ? true : undefined,
    );

    expect(other.told).toEqual([]);
  });

  test("stop when the subscription ends", async () => {
    await using ended = await startReceiver();
    const { id } = await subscribe(service, ended, { changeType: "created" });
    await createCustomer(service);
    await told(1, ended);

    await service.delete(`/subscriptions/${id}`);
    await createCustomer(service);
    await new Promise((resolve) => setTimeout(resolve, 300));

    expect(ended.told).toHaveLength(1);
  });
});
