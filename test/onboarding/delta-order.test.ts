import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createCustomer, readRound } from "../support/delta.ts";
import { change, connectBeside } from "../support/other-transaction.ts";
import { eventually, type Service, startService } from "../support/service.ts";

let service: Service;
let first: pg.Client;
let second: pg.Client;
beforeAll(async () => {
  service = await startService("postgres");
  [first, second] = [await connectBeside(service), await connectBeside(service)];
});
afterAll(async () => {
  await Promise.all([first.end(), second.end()]);
  await service[Symbol.asyncDispose]();
});

test("a change is not missed when a later one is committed before it", async () => {
  const [a, b] = [await createCustomer(service), await createCustomer(service)];
  const begun = await readRound(service, "/customers/delta");

  await first.query("begin");
  await change(first, a);
  await second.query("begin");
  await change(second, b);
  await second.query("commit");
  const between = await readNow(begun.deltaLink);
  await first.query("commit");
  const after = await readRound(service, between.deltaLink);
  const idle = await readRound(service, after.deltaLink);

  expect(await positions(a, b)).toEqual([a, b]);
  expect(between.ids).toEqual([]);
  expect(after.values.map(({ id }) => id)).toEqual([a, b]);
  expect(idle.values).toEqual([]);
});

test("a change is not missed when an older transaction makes it after a younger one has ended", async () => {
  const [a, b] = [await createCustomer(service), await createCustomer(service)];
  const begun = await readRound(service, "/customers/delta");

  await first.query("begin");
  await first.query("select pg_current_xact_id()");
  await second.query("begin");
  await change(second, b);
  await second.query("commit");
  const one = await readNow(begun.deltaLink);
  await change(first, a);
  const two = await readNow(one.deltaLink);
  await first.query("commit");
  const after = await readRound(service, two.deltaLink);
  const idle = await readRound(service, after.deltaLink);

  expect(await positions(a, b)).toEqual([b, a]);
  expect([one.ids, two.ids]).toEqual([[], []]);
  expect(after.values.map(({ id }) => id)).toEqual([a, b]);
  expect(idle.values).toEqual([]);
});

test("a change that is under way while the first round is read is told by the second", async () => {
  const a = await createCustomer(service);

  await first.query("begin");
  await change(first, a);
  const begun = await readNow("/customers/delta");
  await first.query("commit");
  const after = await readRound(service, begun.deltaLink);

  expect(begun.ids).toContain(a);
  expect(after.values).toEqual([expect.objectContaining({ id: a })]);
});

test("an entity is told as deleted even if an older transaction changed it than the one that created it", async () => {
  const begun = await readRound(service, "/customers/delta");

  // The older one begins, the younger one creates, and a third one between them keeps the creation unsettled.
  await first.query("begin");
  await first.query("select pg_current_xact_id()");
  await second.query("begin");
  await second.query("select pg_current_xact_id()");
  const born = await createCustomer(service);
  await change(first, born);
  await first.query("commit");
  const shown = await eventually(async () => {
    const page = await readNow(begun.deltaLink);
    return page.ids.length > 0 ? page : undefined;
  });
  await second.query("commit");
  await service.delete(`/customers/${born}`);
  const after = await readRound(service, shown.deltaLink);

  expect(shown.ids).toEqual([born]);
  expect(after.values).toEqual([{ id: born, "@removed": { reason: "deleted" } }]);
});

/** Reads a page without waiting for transactions that run: this one is what the test is about. */
async function readNow(from: string): Promise<{ readonly ids: readonly string[]; readonly deltaLink: string }> {
  const { json } = await service.get(from.replace(/^http:\/\/[^/]+/, "!"));
  return { ids: json.value.map(({ id }: { id: string }) => id), deltaLink: json["@odata.deltaLink"] };
}

/** The ids of the newest changes of two customers, in the order of their positions. */
async function positions(...ids: readonly string[]): Promise<readonly string[]> {
  const list = ids.map((id) => `'${id}'`).join(",");
  const rows = await service.rows(
    `select "entityId" from "changes" where "entityId" in (${list}) and "changeType" = 'updated' order by "position"`,
  );
  return rows.map((row) => row.entityId);
}
