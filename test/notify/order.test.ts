import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createCustomer, readRound, settle } from "../support/delta.ts";
import { change, connectBeside } from "../support/other-transaction.ts";
import { type Receiver, startReceiver, subscribe } from "../support/receiver.ts";
import { eventually, type Service, startService } from "../support/service.ts";

let service: Service;
let receiver: Receiver;
let first: pg.Client;
let second: pg.Client;
beforeAll(async () => {
  service = await startService("postgres", { work: true, limits: { pollMilliseconds: 20 } });
  receiver = await startReceiver();
  [first, second] = [await connectBeside(service), await connectBeside(service)];
});
afterAll(async () => {
  await Promise.all([first.end(), second.end()]);
  await service[Symbol.asyncDispose]();
  await receiver[Symbol.asyncDispose]();
});

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Two customers that nothing is done to any more but by the test, and a subscription to what it does. */
async function watchTwo() {
  const ids = [await createCustomer(service), await createCustomer(service)];
  await eventually(async () => {
    const { json } = await service.get(`/customers?$filter=lifecycleState eq 'active'&$top=999`);
    return ids.every((id) => json.value.some((each: { id: string }) => each.id === id)) ? true : undefined;
  });
  await settle(service);
  const { id } = await subscribe(service, receiver, { changeType: "updated" });
  const told = () =>
    receiver.taken.filter(({ subscriptionId }) => subscriptionId === id).map(({ resourceData }) => resourceData.id);
  const [a = "", b = ""] = ids;
  return { a, b, told };
}

test("a change is not skipped when a later one is committed before it, by notifications and delta alike", async () => {
  const { a, b, told } = await watchTwo();
  const { deltaLink } = await readRound(service, "/customers/delta?$deltatoken=latest");

  await first.query("begin");
  await change(first, a);
  await second.query("begin");
  await change(second, b);
  await second.query("commit");
  await pause(300);
  const between = [...told()];
  await first.query("commit");
  await eventually(async () => (told().length >= 2 ? true : undefined));
  await pause(100);
  const { values } = await readRound(service, deltaLink);

  expect(between).toEqual([]);
  expect(told()).toEqual([a, b]);
  expect(values.map(({ id }) => id)).toEqual([a, b]);
});

test("a change is not skipped when an older transaction makes it after a younger one has ended", async () => {
  const { a, b, told } = await watchTwo();

  await first.query("begin");
  await first.query("select pg_current_xact_id()");
  await second.query("begin");
  await change(second, b);
  await second.query("commit");
  await pause(300);
  await change(first, a);
  await first.query("commit");
  await eventually(async () => (told().length >= 2 ? true : undefined));
  await pause(100);

  expect(told()).toEqual([a, b]);
});

test("a change that is rolled back is never told", async () => {
  const { a, b, told } = await watchTwo();

  await first.query("begin");
  await change(first, a);
  await pause(100);
  await first.query("rollback");
  await second.query("begin");
  await change(second, b);
  await second.query("commit");
  await eventually(async () => (told().length > 0 ? true : undefined));
  await pause(100);

  expect(told()).toEqual([b]);
});

test("a subscription that is made while a transaction runs is told of its changes", async () => {
  const { a } = await watchTwo();
  await using late = await startReceiver();

  await first.query("begin");
  await change(first, a);
  await subscribe(service, late, { changeType: "updated" });
  await first.query("commit");
  await eventually(async () => (late.taken.length > 0 ? true : undefined));

  expect(late.taken.map(({ resourceData }) => resourceData.id)).toEqual([a]);
});
