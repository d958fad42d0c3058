import { expect, test } from "vitest";
import { expectTold, type Storm, startStorm } from "../support/notification-storm.ts";
import { eventually, type Json } from "../support/service.ts";

const every = ["created", "updated", "deleted"];

test("every subscriber is told everything in order while a server of two is killed again and again", async () => {
  await using storm = await startStorm("postgres", 2);
  const begun = await storm.send("GET", "/customers/delta");
  const kills: Promise<void>[] = [];

  await storm.write({ changes: 10_000, writers: 8, customersOfEach: 20 }, async (made) => {
    if (kills.length === 0 && made >= 3_000) kills.push(storm.kill(1));
    if (kills.length === 1 && made >= 7_000) kills.push(storm.kill(1));
    if (made >= 5_000) storm.subscribers.down.answer = async () => ({ status: 202 });
  });
  await Promise.all(kills);
  await untilQuiet(storm);
  const replica = await followDelta(storm, begun["@odata.deltaLink"]);
  const listed = await storm.send("GET", "/customers?$top=999");

  expect(kills).toHaveLength(2);
  expect(new Map(listed.value.map((each: Json) => [each.id, each]))).toEqual(replica);
  await expectEverything(storm);
}, 240_000);

test("every subscriber is told everything in order when the only server is killed and started again", async () => {
  await using storm = await startStorm("sqlite", 1);
  let killed: Promise<void> | undefined;

  await storm.write({ changes: 1_200, writers: 4, customersOfEach: 20 }, async (made) => {
    if (made >= 400) killed ??= storm.kill(0);
    if (made >= 600) storm.subscribers.down.answer = async () => ({ status: 202 });
  });
  await killed;
  await untilQuiet(storm);

  await expectEverything(storm);
}, 120_000);

async function expectEverything(storm: Storm): Promise<void> {
  const { slow, failing, down } = storm.subscribers;
  expectTold(slow.taken, slow.subscriptionId, await storm.expected("slow", ["updated"]));
  expectTold(failing.taken, failing.subscriptionId, await storm.expected("failing", every));
  expectTold(down.taken, down.subscriptionId, await storm.expected("down", every, "gold"));
}

/** Waits until nothing more comes for longer than any pause between two tries. */
async function untilQuiet({ subscribers }: Storm): Promise<void> {
  const count = () => Object.values(subscribers).reduce((sum, { told }) => sum + told.length, 0);
  let last = -1;
  let quiet = 0;
  await eventually(async () => {
    quiet = count() === last ? quiet + 1 : 0;
    last = count();
    await new Promise((resolve) => setTimeout(resolve, 100));
    return quiet >= 40 ? true : undefined;
  }, 150);
}

async function followDelta(storm: Storm, from: string): Promise<Map<string, Json>> {
  const entities = new Map<string, Json>();
  let link: string | undefined = from;
  while (link !== undefined) {
    const page: Json = await storm.send("GET", link.replace(/^.*\/v1\.0/, ""));
    for (const each of page.value) entities.set(each.id, each);
    link = page["@odata.nextLink"];
  }
  return entities;
}
