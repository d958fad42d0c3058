import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createCustomer, readPage, readRound, settle } from "../support/delta.ts";
import { engines, newDomain, origin, type Sending, type Service, signToken, startService } from "../support/service.ts";

const context = `${origin}/v1.0/$metadata#customers`;

describe.each(engines)("delta on %s", (engine) => {
  let service: Service;
  /** Each test is a partner of its own. */
  let own: Sending;
  beforeAll(async () => {
    service = await startService(engine);
  });
  afterAll(() => service[Symbol.asyncDispose]());
  beforeEach(async () => {
    own = { token: await signToken({ tid: randomUUID() }) };
  });

  const create = (body: object = {}) => createCustomer(service, body, own);
  const update = (id: string, body: object) => service.patch(`/customers/${id}`, body, own);
  const remove = (id: string) => service.delete(`/customers/${id}`, own);
  const round = (from: string) => readRound(service, from, own);
  const idsOf = (values: readonly { readonly id: string }[]) => values.map(({ id }) => id);
  const deleted = (id: string) => ({ id, "@removed": { reason: "deleted" } });

  test.each([
    "/customers/delta",
    "/customers/delta()",
    "/customers/delta%28%29",
    "/customers/delta/",
    "/customers/microsoft.graph.delta",
    "/customers/microsoft.graph.delta()",
    "/customers/graph.delta",
    "/customers/graph.delta()",
    "/Customers/Delta()",
    "/CUSTOMERS/Microsoft.Graph.Delta",
    "!/beta/customers/delta()",
  ])("%s is understood", async (path) => {
    const id = await create();

    const { values } = await round(path);

    expect(idsOf(values)).toEqual([id]);
  });

  test("an entity whose key is the name of the function is still asked for in parentheses", async () => {
    const response = await service.get("/customers('delta')", own);

    expect(response.status).toBe(404);
    expect(response.json.error.message).toContain("There is no customer with the id 'delta'");
  });

  test("the first round gives all entities, in full, by pages", async () => {
    const ids = [await create({ externalId: "a" }), await create({ externalId: "b" }), await create()];

    const { pages, values, deltaLink } = await round("/customers/delta?$top=2");
    const { json: list } = await service.get("/customers", own);

    expect(pages.map((page) => page.value.length)).toEqual([2, 1]);
    expect(pages.map((page) => page["@odata.context"])).toEqual([context, context]);
    expect(pages[0]["@odata.nextLink"]).toMatch(/^http:[^?(]*\/v1\.0\/customers\/delta\?\$skiptoken=[\w-]+$/);
    expect(deltaLink).toMatch(/^http:[^?(]*\/v1\.0\/customers\/delta\?\$deltatoken=[\w-]+$/);
    expect(values).toEqual(list.value);
    expect(idsOf(values)).toEqual(ids);
  });

  test("a partner who has nothing gets nothing and a link", async () => {
    const first = await round("/customers/delta");
    const second = await round(first.deltaLink);

    expect([first.values, second.values]).toEqual([[], []]);
  });

  test("a round without changes is empty, and so is the next", async () => {
    await create();
    const first = await round("/customers/delta");

    const second = await round(first.deltaLink);
    const third = await round(second.deltaLink);

    expect(second.pages).toEqual([{ "@odata.context": context, value: [], "@odata.deltaLink": second.deltaLink }]);
    expect(third.values).toEqual([]);
  });

  test("a later round tells each change once, as it is now, in the order of the last changes", async () => {
    const [a, b, c, d] = [await create(), await create(), await create(), await create()];
    const first = await round("/customers/delta");
    await update(c, { metadata: { step: "1" } });
    await remove(b);
    await update(a, { metadata: { step: "1" } });
    const e = await create();
    await update(c, { metadata: { step: "2" } });

    const second = await round(first.deltaLink);
    const third = await round(second.deltaLink);
    const present = await Promise.all([a, e, c].map(async (id) => (await service.get(`/customers/${id}`, own)).json));

    expect(idsOf(second.values)).toEqual([b, a, e, c]);
    expect(second.values[0]).toEqual(deleted(b));
    expect(second.values.slice(1)).toEqual(present.map(({ "@odata.context": _, ...entity }) => entity));
    expect(idsOf(second.values)).not.toContain(d);
    expect(third.values).toEqual([]);
  });

  test("a later round has pages too, and its end is where it began", async () => {
    const first = await round("/customers/delta?$top=2");
    const ids = [await create(), await create(), await create(), await create(), await create()];
    await update(ids[0] ?? "", { metadata: { again: "yes" } });

    const one = await readPageSettled(first.deltaLink);
    const late = await create();
    await update(ids[4] ?? "", { metadata: { late: "yes" } });
    const rest = await round(one["@odata.nextLink"]);
    const next = await round(rest.deltaLink);

    expect(one.value).toHaveLength(2);
    expect(rest.pages.map((page) => page.value.length)).toEqual([2, 1]);
    expect(idsOf([...one.value, ...rest.values])).toEqual([...ids.slice(1), ids[0]]);
    expect(idsOf(next.values)).toEqual([late, ids[4]]);
  });

  test("what is created and deleted between two rounds is not told", async () => {
    const first = await round("/customers/delta");
    const id = await create();
    await update(id, { metadata: { short: "life" } });
    await remove(id);

    const second = await round(first.deltaLink);
    const third = await round(second.deltaLink);

    expect([second.values, third.values]).toEqual([[], []]);
  });

  test("what was deleted before the first round is not told", async () => {
    await remove(await create());

    const { values } = await round("/customers/delta");

    expect(values).toEqual([]);
  });

  test("nothing that changes while the first round is read is missed", async () => {
    const ids = [await create(), await create(), await create(), await create()];
    const [a = "", b = "", c = "", d = ""] = ids;

    const one = await readPageSettled("/customers/delta?$top=2");
    await update(a, { metadata: { while: "reading" } });
    await remove(b);
    await remove(d);
    const born = await create();
    const rest = await round(one["@odata.nextLink"]);
    await remove(born);
    const second = await round(rest.deltaLink);

    expect(idsOf(one.value)).toEqual([a, b]);
    expect(idsOf(rest.values)).toEqual([c, born]);
    expect(second.values[0]).toMatchObject({ id: a, metadata: { while: "reading" } });
    expect(second.values.slice(1)).toEqual([deleted(b), deleted(d), deleted(born)]);
  });

  test("$deltatoken=latest begins at the present without telling it", async () => {
    const id = await create();
    await create();

    const first = await round("/customers/delta?$deltaToken=latest&$select=externalId");
    await remove(id);
    const born = await create({ externalId: "born" });
    const second = await round(first.deltaLink);

    expect(first.values).toEqual([]);
    expect(first.pages[0]["@odata.context"]).toBe(`${context}(externalId)`);
    expect(second.values).toEqual([
      deleted(id),
      { "@odata.etag": expect.stringMatching(/^W\//), id: born, externalId: "born" },
    ]);
  });

  test("$select is kept by the links, and the context says it", async () => {
    const id = await create({ externalId: "a" });

    const first = await round("/customers/delta?$select=externalId,companyProfile/domain&$top=1");
    await update(id, { metadata: { not: "selected" } });
    const second = await round(first.deltaLink);

    const shown = { id, externalId: "a", companyProfile: { domain: expect.any(String) } };
    expect(first.values).toEqual([{ "@odata.etag": expect.any(String), ...shown }]);
    expect(second.values).toEqual([{ "@odata.etag": expect.any(String), ...shown }]);
    expect(second.pages[0]["@odata.context"]).toBe(`${context}(externalId,companyProfile/domain)`);
  });

  test("$filter follows those that match, and tells of those that match no more", async () => {
    const filter = encodeURIComponent("metadata/tier eq 'gold' or externalId eq @x");
    const gold = await create({ metadata: { tier: "gold" } });
    const silver = await create({ metadata: { tier: "silver" } });
    const kept = await create({ externalId: "itsmore" });

    const first = await round(`/customers/delta()?$filter=${filter}&@x='itsmore'`);
    await update(gold, { metadata: { tier: "silver" } });
    await update(silver, { metadata: { tier: "gold" } });
    await create({ metadata: { tier: "none" } });
    await remove(kept);
    const second = await round(first.deltaLink);
    await remove(gold);
    const third = await round(second.deltaLink);

    expect(idsOf(first.values)).toEqual([gold, kept]);
    expect(second.values).toEqual([
      { id: gold, "@removed": { reason: "changed" } },
      expect.objectContaining({ id: silver, metadata: { tier: "gold" } }),
      deleted(kept),
    ]);
    expect(third.values).toEqual([deleted(gold)]);
  });

  test("a preferred page size counts for a page", async () => {
    await create();
    await create();

    const sending = { ...own, headers: { prefer: "odata.maxpagesize=1" } };
    const { json, headers } = await service.get("/customers/delta", sending);

    expect(json.value).toHaveLength(1);
    expect(json["@odata.nextLink"]).toBeDefined();
    expect(headers["Preference-Applied"]).toBe("odata.maxpagesize=1");
  });

  test("operations are followed from their opening to their deletion", async () => {
    const path = "/customerCreationOperations";
    const { json: kept } = await service.post(path, { domain: newDomain() }, own);
    const { json: gone } = await service.post(path, { domain: newDomain() }, own);

    const first = await round(`${path}/microsoft.graph.delta()`);
    await service.patch(`${path}/${kept.id}`, { status: "canceled" }, own);
    await service.delete(`${path}/${gone.id}`, own);
    await create();
    const second = await round(first.deltaLink);

    expect(idsOf(first.values)).toEqual([kept.id, gone.id]);
    expect(second.values[0]).toMatchObject({ id: kept.id, status: "canceled" });
    expect(second.values[1]).toEqual(deleted(gone.id));
    expect(second.values[2]).toMatchObject({ status: "running" });
    expect(second.values).toHaveLength(3);
    expect(second.pages[0]["@odata.context"]).toBe(`${origin}/v1.0/$metadata#customerCreationOperations`);
  });

  test("a partner sees nothing of what another does", async () => {
    const other = { token: await signToken({ tid: randomUUID() }) };
    const first = await round("/customers/delta");
    const theirs = await createCustomer(service, {}, other);
    await service.patch(`/customers/${theirs}`, { metadata: { a: "b" } }, other);

    const second = await round(first.deltaLink);
    const everything = await round("/customers/delta");

    expect([second.values, everything.values]).toEqual([[], []]);
  });

  test("a row that was purged counts as deleted", async () => {
    const id = await create();
    const first = await round("/customers/delta");
    await remove(id);
    await service.database.write("*", [{ texts: [`delete from "customers" where "id" = '${id}'`], values: [] }]);

    const second = await round(first.deltaLink);

    expect(second.values).toEqual([deleted(id)]);
  });

  test("HEAD answers as GET does, without a body", async () => {
    const response = await service.send("HEAD", "/customers/delta()", own);

    expect([response.status, response.text]).toEqual([200, undefined]);
  });

  test("OPTIONS tells the methods", async () => {
    const response = await service.send("OPTIONS", "/customers/delta()", own);

    expect([response.status, response.headers["Allow"]]).toEqual([204, "GET, HEAD, OPTIONS"]);
  });

  /** One page, after everything that was done before it. */
  async function readPageSettled(from: string) {
    await settle(service);
    return readPage(service, from, own);
  }
});
