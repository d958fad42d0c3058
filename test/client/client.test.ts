import { beforeAll, describe, expect, test } from "vitest";
import {
  type Change,
  type Client,
  ConnectionError,
  type Customer,
  createClient,
  OperationError,
  odata,
  ServiceError,
} from "../../src/client/client.ts";
import { startBeforeAll } from "../support/own-server.ts";
import { engines, eventually, newDomain } from "../support/service.ts";

describe.each(engines)("the client on %s", (engine) => {
  const { server } = startBeforeAll(engine);
  let client: Client;
  beforeAll(async () => {
    client = createClient({ url: `${server.origins[0]}/v1.0`, token: server.token });
  });

  test("creates, reads, changes and deletes a customer", async () => {
    const created = await client.customers.create(newCustomer("Contoso"));
    await settled(client, created);
    const read = await client.customers.get(created.id, { select: ["id", "billingProfile"] });
    const { etag, ...changed } = await change(client, created.id);
    await client.customers.delete(created.id, { ifMatch: etag });
    const gone = await refused(client.customers.get(created.id));

    expect(created).toMatchObject({ lifecycleState: "provisioning", billingProfile: { companyName: "Contoso" } });
    expect(read.billingProfile.companyName).toBe("Contoso");
    // @ts-expect-error what is not selected is not there.
    expect(read.tenantId).toBeUndefined();
    expect(changed).toEqual({ name: "Fabrikam" });
    expect(gone).toMatchObject({ status: 404, code: "itemNotFound" });
  });

  test("names a customer by the partner's own key, whatever stands in it", async () => {
    const externalId = `a.b:c_d-${newDomain()}`;

    const created = await client.customers.create({ ...newCustomer("Contoso"), externalId });
    const read = await client.customers.get({ externalId }, { select: ["id"] });
    const listed = await Array.fromAsync(client.customers.list({ filter: odata`externalId eq ${externalId}` }));

    expect(read.id).toBe(created.id);
    expect(listed.map(({ id }) => id)).toEqual([created.id]);
  });

  test("walks pages one by one or all their entities, and counts", async () => {
    const name = newDomain();
    const made = await client.batch((each) =>
      Array.from({ length: 7 }, () => each.customers.create(newCustomer(name))),
    );
    const filter = odata`billingProfile/companyName eq ${name}`;

    const pages = client.customers.list({ filter, pageSize: 3, count: true, select: ["id"] }).pages();
    const sizes = await Array.fromAsync(pages, ({ items, count }) => [items.length, count]);
    const listed = await Array.fromAsync(client.customers.list({ filter, pageSize: 3, orderBy: "createdDateTime" }));
    const count = await client.customers.count({ filter });

    expect(made.map(({ status }) => status)).toEqual(Array(7).fill("fulfilled"));
    expect(sizes.map(([size]) => size)).toEqual([3, 3, 1]);
    expect(sizes[0]?.[1]).toBe(7);
    expect(new Set(listed.map(({ id }) => id)).size).toBe(7);
    expect(count).toBe(7);
  });

  test("follows changes from round to round", async () => {
    const first = client.customers.delta({ from: "now", select: ["id", "lifecycleState"] });
    const before = await Array.fromAsync(first);
    const created = await client.customers.create(newCustomer("Contoso"));
    const shown = await nextRound(
      client,
      first.deltaLink,
      (change) => change.kind === "present" && change.entity.id === created.id,
    );
    await client.customers.delete(created.id);
    const removed = await nextRound(
      client,
      shown.deltaLink,
      (change) => change.kind === "removed" && change.id === created.id,
    );

    expect(before).toEqual([]);
    expect(shown.found).toMatchObject({ kind: "present", entity: { id: created.id } });
    expect(removed.found).toEqual({ kind: "removed", id: created.id, reason: "deleted" });
  });

  test("sends a batch of any size and tells what became of each request", async () => {
    const taken = newDomain();
    await client.customers.create(newCustomer("Contoso", taken));

    const settled = await client.batch((each) => [
      ...Array.from({ length: 24 }, () => each.customers.create(newCustomer("Contoso"))),
      each.customers.create(newCustomer("Contoso", taken)),
    ]);
    const [count, missing] = await client.batch((each) => [
      each.customers.count({ filter: odata`companyProfile/domain eq ${taken}` }),
      each.customers.get("00000000-0000-7000-8000-000000000000"),
    ]);

    expect(settled.slice(0, 24).map(({ status }) => status)).toEqual(Array(24).fill("fulfilled"));
    expect(settled[24]).toMatchObject({
      status: "rejected",
      reason: { name: "ServiceError", status: 409, path: "/customers", target: "companyProfile/domain" },
    });
    expect(count).toEqual({ status: "fulfilled", value: 1 });
    expect(missing).toMatchObject({ status: "rejected", reason: { status: 404 } });
  });

  test("makes all of an atomic batch or nothing", async () => {
    const [free, taken] = [newDomain(), newDomain()];
    await client.customers.create(newCustomer("Contoso", taken));
    const both = (one: string, other: string) =>
      client.batch(
        (each) => [
          each.customers.create(newCustomer("Contoso", one)),
          each.customers.create(newCustomer("Contoso", other)),
        ],
        { atomic: true },
      );

    const nothing = await both(free, taken);
    const all = await both(free, newDomain());

    expect(nothing.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(all.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled"]);
  });

  test("adds a customer and tells how far it is until its tenant is there", async () => {
    const seen: string[] = [];

    const added = await client.addCustomerAndWait(newCustomer("Contoso"), {
      onProgress: ({ status, stage }) => seen.push(`${status} ${stage}`),
    });

    expect(added).toMatchObject({ lifecycleState: "active", tenantId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(seen.at(-1)).toBe("succeeded completed");
  });

  test("says what became of an operation that did not succeed", async () => {
    const operation = await client.customerCreationOperations.create({ domain: newDomain() });
    await client.customerCreationOperations.cancel(operation.id);

    const watched = await Array.fromAsync(client.customerCreationOperations.watch(operation.id));

    expect(watched.map(({ status }) => status)).toEqual(["canceled"]);
    expect(new OperationError(watched[0] ?? operation).operation.status).toBe("canceled");
  });

  test("tells every fault of a refusal, with its code and its path", async () => {
    const wrong = { ...newCustomer("Contoso"), metadata: { team: "x".repeat(10_000) } };

    const error = await refused(client.customers.create({ ...wrong, externalId: "" }));

    expect(error).toBeInstanceOf(ServiceError);
    expect(error).toMatchObject({ name: "ServiceError", method: "POST", path: "/customers", status: 400 });
    expect(error).toHaveProperty("requestId", expect.stringMatching(/^[0-9a-f-]{36}$/));
    expect(error).toHaveProperty("details.length", 2);
  });
});

test("a service that is not there is a ConnectionError that says where it should be", async () => {
  const client = createClient({ url: "http://127.0.0.1:1/v1.0", token: "x", attemptsMax: 1 });

  const error = await refused(client.customers.count());

  expect(error).toBeInstanceOf(ConnectionError);
  expect(error).toHaveProperty(
    "message",
    expect.stringMatching(/^GET http:\/\/127\.0\.0\.1:1\/v1\.0\/customers\/\$count /),
  );
});

/** Waits until nobody but the test changes a customer. */
async function settled(client: Client, { id }: Customer): Promise<void> {
  await eventually(async () => ((await client.customers.get(id)).lifecycleState === "active" ? true : undefined));
}

function newCustomer(companyName: string, domain = newDomain()) {
  return { companyProfile: { domain }, billingProfile: { companyName } };
}

async function change(client: Client, id: string) {
  const changed = await client.customers.update(id, { billingProfile: { companyName: "Fabrikam" } });
  return { name: changed.billingProfile.companyName, etag: changed["@odata.etag"] };
}

/** Asks for rounds until one holds what is looked for: on PostgreSQL a change shows when older transactions have ended. */
async function nextRound(client: Client, link: string | undefined, wanted: (change: Change<Customer>) => boolean) {
  let deltaLink = link ?? "";
  for (let asked = 0; asked < 200; asked += 1) {
    const round = client.customers.delta({ link: deltaLink });
    const found = (await Array.fromAsync(round)).find(wanted);
    deltaLink = round.deltaLink ?? "";
    if (found !== undefined) return { found, deltaLink };
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error("No round tells of it.");
}

async function refused(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}
