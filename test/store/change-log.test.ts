import { expect, test } from "vitest";
import { beginning } from "../../src/model/delta.ts";
import { notificationId, positionOf } from "../../src/onboarding/notification.ts";
import { openChangeLog } from "../../src/store/change-log.ts";
import { newestPlace } from "../../src/store/changes.ts";
import { everyPartner } from "../../src/store/database.ts";
import { sql } from "../../src/store/sql.ts";
import { startNotifications } from "../../src/work/notifications.ts";
import { settle } from "../support/delta.ts";
import { startReceiver, subscribe } from "../support/receiver.ts";
import { engines, eventually, newDomain, partner, startService } from "../support/service.ts";

test.each(engines)("the log of changes on %s keeps its name", async (engine) => {
  await using service = await startService(engine);
  await service.post("/customerCreationOperations", { domain: newDomain() });

  const { changeLog } = await openChangeLog(service.database);

  expect(changeLog).toBe(service.context.changeLog);
});

test("two logs on one server of postgres have different names", async () => {
  await using one = await startService("postgres");
  await using other = await startService("postgres");

  expect(one.context.changeLog).not.toBe(other.context.changeLog);
});

test("changes that were restored to a server of postgres that has not counted so far are settled once the log is opened, before all later ones", async () => {
  await using service = await startService("postgres");
  const open = () => service.post("/customerCreationOperations", { domain: newDomain() });
  const settled = () => newestPlace(service.database, partner, "settled");
  await open();
  await service.database.write(everyPartner, [sql`update "changes" set "transactionId" = '999999999999'`]);
  const restored = await settled();

  await openChangeLog(service.database);
  const repaired = await settled();
  await open();
  await settle(service);
  const later = await settled();

  expect(restored).toEqual(beginning);
  expect(repaired).toEqual({ transactionId: "0", position: "1" });
  expect(later.position).toBe("2");
});

test.each([
  ["what was not told of it", false],
  ["what comes after it, when there is nothing left in it", true],
])("a subscription in a log that was restored to such a server is told %s", async (_what, isEmpty) => {
  await using receiver = await startReceiver();
  await using service = await startService("postgres");
  const open = async () => (await service.post("/customerCreationOperations", { domain: newDomain() })).json.id;
  const told = () => receiver.taken.map(({ resourceData }) => resourceData.id);
  await open();
  await settle(service);
  await subscribe(service, receiver, { resource: "customerCreationOperations", changeType: "created" });
  const untold = await open();
  await service.database.write(everyPartner, [
    sql`update "notificationLanes" set "transactionId" = cast(cast("transactionId" as bigint) + 900000000000 as text)`,
    sql`update "changes" set "transactionId" = cast(cast(cast(cast("transactionId" as text) as bigint) + 900000000000 as text) as xid8)`,
    ...(isEmpty ? [sql`delete from "changes"`] : []),
  ]);

  await openChangeLog(service.database);
  await openChangeLog(service.database);
  const later = await open();
  const { context } = service;
  const loop = startNotifications(context);
  const expected = isEmpty ? [later] : [untold, later];
  await eventually(async () => (told().length >= expected.length ? true : undefined));
  await loop.close();

  expect(told()).toEqual(expected);
});

test.each(engines)(
  "changes on %s have other notification ids in a restored log than in the one that was copied",
  async (engine) => {
    await using receiver = await startReceiver();
    await using service = await startService(engine, { work: true });
    const { id } = await subscribe(service, receiver, {
      resource: "customerCreationOperations",
      changeType: "created",
    });
    await service.post("/customerCreationOperations", { domain: newDomain() });
    const [told] = await eventually(async () => (receiver.taken.length > 0 ? receiver.taken : undefined));
    const subscription = { ...(await service.get(`/subscriptions/${id}`)).json };
    const change = { place: { transactionId: "0", position: told.id.split("_").at(-1) } };

    const same = notificationId(service.context, subscription, change);
    const restored = notificationId({ changeLog: `${service.context.changeLog}1` }, subscription, change);

    expect(same).toBe(told.id);
    expect(restored).not.toBe(told.id);
    expect(positionOf(subscription, restored)).toBe(change.place.position);
  },
);
