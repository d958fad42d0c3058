import { randomUUID } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createCustomer, readPage, readRound, settle } from "../support/delta.ts";
import { engines, type Json, type Sending, type Service, signToken, startService } from "../support/service.ts";

/** What a replica is told, and how it asks: everything, or what a filter leaves. */
const queries = ["$top=1", "$top=2", "$top=3&$filter=metadata/tier eq 'gold'"] as const;

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("create"), tier: fc.constantFrom("gold", "silver") }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("update"), at: fc.nat(9), tier: fc.constantFrom("gold", "tin") }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("delete"), at: fc.nat(9) }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("read") }) },
);
type Step = { readonly kind: string; readonly at?: number; readonly tier?: string };

/** A copy of the set that is kept by what delta tells. */
interface Replica {
  readonly entities: Map<string, Json>;
  link: string;
}

describe.each(engines)("a replica that follows delta on %s", (engine) => {
  let service: Service;
  beforeAll(async () => {
    service = await startService(engine);
  });
  afterAll(() => service[Symbol.asyncDispose]());

  test.each(queries)("is what GET of the set gives, whatever is done while it reads with %s", async (query) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const own = { token: await signToken({ tid: randomUUID() }) };
        const replica = { entities: new Map(), link: `/customers/delta?${query.replaceAll(" ", "%20")}` };
        const ids: string[] = [];

        for (const each of steps) {
          if (each.kind === "read") await readInto(replica, own);
          else await write(ids, each, own);
        }
        await catchUp(replica, own);

        expect(sorted(replica.entities.values())).toEqual(await listSet(query, own));
      }),
      { numRuns: 25 },
    );
  });

  test.each(queries)("is what GET of the set gives, with several writers at once and %s", async (query) => {
    const own = { token: await signToken({ tid: randomUUID() }) };
    const replica = { entities: new Map(), link: `/customers/delta?${query.replaceAll(" ", "%20")}` };
    let writing = true;

    const reader = (async () => {
      while (writing) {
        await readInto(replica, own);
        // A read of SQLite takes no turn of the event loop, and the writers need one.
        await setImmediate();
      }
    })();
    await Promise.all(
      [1, 2, 3, 4].map(async (writer) => {
        const ids: string[] = [];
        for (let count = 0; count < 25; count++) {
          const tier = ["gold", "silver", "tin"][(count + writer) % 3] ?? "";
          const kind = ["create", "update", "create", "update", "delete"][count % 5] ?? "";
          await write(ids, { kind, at: count * writer, tier }, own);
        }
      }),
    );
    writing = false;
    await reader;
    await catchUp(replica, own);

    expect(sorted(replica.entities.values())).toEqual(await listSet(query, own));
  });

  /** Reads one page and takes it in. */
  async function readInto(replica: Replica, own: Sending): Promise<Json> {
    const page = await readPage(service, replica.link, own);
    for (const value of page.value) {
      if ("@removed" in value) replica.entities.delete(value.id);
      else replica.entities.set(value.id, value);
    }
    replica.link = page["@odata.nextLink"] ?? page["@odata.deltaLink"];
    return page;
  }

  /** Reads the round to its end, and one more. */
  async function catchUp(replica: Replica, own: Sending): Promise<void> {
    await settle(service);
    while ((await readInto(replica, own))["@odata.nextLink"] !== undefined);
    while ((await readInto(replica, own))["@odata.nextLink"] !== undefined);
  }

  async function write(ids: string[], { kind, at = 0, tier }: Step, own: Sending): Promise<void> {
    const id = ids[at % Math.max(ids.length, 1)];
    if (kind === "create") ids.push(await createCustomer(service, { metadata: { tier } }, own));
    else if (id !== undefined && kind === "update")
      await service.patch(`/customers/${id}`, { metadata: { tier } }, own);
    else if (id !== undefined) await service.delete(`/customers/${id}`, own);
  }

  async function listSet(query: string, own: Sending): Promise<readonly Json[]> {
    const filter = /\$filter=.*/.exec(query)?.[0].replaceAll(" ", "%20") ?? "";
    const { json } = await service.get(`/customers?$top=999&${filter}`, own);
    return sorted(json.value);
  }
});

test("a round has each entity once", async () => {
  await using service = await startService("sqlite");
  const { deltaLink } = await readRound(service, "/customers/delta?$top=2");
  const ids = [await createCustomer(service), await createCustomer(service), await createCustomer(service)];
  for (let count = 0; count < 12; count++) {
    await service.patch(`/customers/${ids[(count * 7) % 3]}`, { metadata: { count: String(count) } });
  }

  const { values } = await readRound(service, deltaLink);

  expect(values.map(({ id }) => id).sort()).toEqual([...ids].sort());
});

function sorted(entities: Iterable<Json>): readonly Json[] {
  return [...entities].sort((a, b) => (a.id < b.id ? -1 : 1));
}
