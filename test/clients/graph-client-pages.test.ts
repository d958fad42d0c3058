import { type Client, PageIterator } from "@microsoft/microsoft-graph-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually, type Json, newDomain } from "../support/service.ts";
import { newName, openClient } from "./graph-client.ts";
import { places, type RunningServer, startRunningServer } from "./running-server.ts";

describe.each(places)("PageIterator of Graph's client for JavaScript over $scheme, on $engine,", (place) => {
  let server: RunningServer;
  let client: Client;
  beforeAll(async () => {
    server = await startRunningServer(place);
    client = openClient(server.origin, server.token);
  });
  afterAll(() => server[Symbol.asyncDispose]());

  test("goes through six pages, and each customer comes once", async () => {
    const { prefix, names } = await createMany(11);

    const first = await client
      .api("/customers")
      .filter(`startswith(externalId,'${prefix}')`)
      .orderby("externalId desc")
      .select("externalId")
      .top(2)
      .get();
    const { values } = await iterate(first);

    expect(first.value).toHaveLength(2);
    expect(values.map(({ externalId }) => externalId)).toEqual(names.toReversed());
  });

  test("stops where it is told to, and goes on from there", async () => {
    const { prefix, names } = await createMany(5);
    const query = client.api("/customers").filter(`startswith(externalId,'${prefix}')`).orderby("externalId").top(2);
    const seen: string[] = [];
    const iterator = new PageIterator(client, await query.get(), ({ externalId }) => seen.push(externalId) !== 3);

    await iterator.iterate();
    const before = [...seen];
    await iterator.resume();

    expect(before).toEqual(names.slice(0, 3));
    expect(seen).toEqual(names);
  });

  test("follows delta, round after round", async () => {
    const { prefix, ids } = await createMany(5);

    const start = await readRound("/customers/delta()?$top=2&$select=id,externalId");
    await client.api(`/customers/${ids[1]}`).patch({ billingProfile: { companyName: "Changed" } });
    await client.api(`/customers/${ids[0]}`).delete();
    const round = await readRound(start.deltaLink);
    const last = await readRound(round.deltaLink);

    expect(start.values.map(({ id }) => id)).toEqual(expect.arrayContaining([...ids]));
    expect(round.values).toMatchObject([
      { id: ids[1], externalId: `${prefix}01` },
      { id: ids[0], "@removed": { reason: "deleted" } },
    ]);
    expect(last.values).toEqual([]);
  });

  /** Makes customers, and waits until nothing more happens to them by itself. */
  async function createMany(count: number) {
    const prefix = newName();
    const names = Array.from({ length: count }, (_, index) => `${prefix}${String(index).padStart(2, "0")}`);
    const ids: string[] = [];
    for (const externalId of names) {
      const body = { externalId, companyProfile: { domain: newDomain() }, billingProfile: {} };
      ids.push((await client.api("/customers").post(body)).id);
    }
    const filter = `startswith(externalId,'${prefix}') and lifecycleState eq 'active'`;
    await eventually(async () => {
      const active = await client.api("/customers").filter(filter).count(true).top(1).get();
      return active["@odata.count"] === count ? true : undefined;
    });
    return { prefix, names, ids };
  }

  async function readRound(from: string) {
    await server.settle();
    return iterate(await client.api(from).get());
  }

  async function iterate(page: Json) {
    const values: Json[] = [];
    const iterator = new PageIterator(client, page, (value) => {
      values.push(value);
      return true;
    });
    await iterator.iterate();
    expect(iterator.isComplete()).toBe(true);
    return { values, deltaLink: String(iterator.getDeltaLink()) };
  }
});
