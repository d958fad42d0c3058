import { describe, test } from "vitest";
import { madeOnce, readMade, readRows } from "../support/ledger.ts";
import { createStorage, type ServerProcess, type Storage, startProcess } from "../support/process.ts";
import { engines, eventually, type Json, newDomain } from "../support/service.ts";

const operationCount = 50;
const killCount = 3;
const operationsPath = "/v1.0/customerCreationOperations";
const body = { companyProfile: {}, billingProfile: { companyName: "Contoso" } };

// Most of their time is waiting for leases to end.
describe.concurrent.each(engines)("a server on %s that is killed", { timeout: 60_000 }, (engine) => {
  test("after the last customer was attached finishes all of them when it is back, each stage made once", async ({
    expect,
  }) => {
    await using storage = await createStorage(engine);
    const acknowledged = new Map<string, string>();
    // So that on any machine something is left to do when it is killed.
    await using first = await start(storage, ["--local-delay-seconds", "1"]);
    const ids = await openOperations(first);
    await attachAll(first, ids.slice(0, 20), acknowledged);
    await eventually(async () => ((await countBegun(first)) > 0 ? true : undefined));

    await attachAll(first, ids.slice(20), acknowledged);
    await first.end("SIGKILL");
    const left = await readStatuses(storage);
    await using second = await start(storage);
    const missing = await findMissing(second, acknowledged);
    const customers = await finish(second, ids);
    await second.end("SIGTERM");

    expect(left.filter((status) => status !== "succeeded")).not.toEqual([]);
    expect([...acknowledged.keys()].sort()).toEqual([...ids].sort());
    expect(missing).toEqual([]);
    expect(customers).toEqual([...acknowledged.values()].sort().map((id) => ({ id, lifecycleState: "active" })));
    expect(await readMade(storage)).toEqual(madeOnce(ids));
  });

  test("again and again during the work loses nothing that it acknowledged and makes no stage twice", async ({
    expect,
  }) => {
    await using storage = await createStorage(engine);
    const acknowledged = new Map<string, string>();
    // Its stages take longer than the attaching, so that it is killed before all is done.
    await using first = await start(storage, ["--local-delay-seconds", "10"]);
    const ids = await openOperations(first);

    await attachAll(first, ids, acknowledged, { killAfter: 20 });
    const left = await readStatuses(storage);
    const missing = await killWhileItResumes(storage, acknowledged);
    await using last = await start(storage);
    await attachAll(last, ids, acknowledged);
    const customers = await finish(last, ids);
    await last.end("SIGTERM");

    expect(left.filter((status) => status !== "succeeded")).not.toEqual([]);
    expect(missing).toEqual([]);
    expect(customers).toEqual([...acknowledged.values()].sort().map((id) => ({ id, lifecycleState: "active" })));
    expect(await readMade(storage)).toEqual(madeOnce(ids));
  });
});

/** Starts the server again, checks that nothing acknowledged is missing, and kills it when it has got something done. */
async function killWhileItResumes(storage: Storage, acknowledged: ReadonlyMap<string, string>): Promise<string[]> {
  const missing: string[] = [];
  for (let kills = 1; kills < killCount; kills++) {
    await using server = await start(storage);
    const before = await countSucceeded(server);
    missing.push(...(await findMissing(server, acknowledged)));
    await eventually(async () => {
      const after = await countSucceeded(server);
      return after > before || after >= acknowledged.size ? true : undefined;
    });
    await server.end("SIGKILL");
  }
  return missing;
}

function start(storage: Storage, flags: readonly string[] = []): Promise<ServerProcess> {
  return startProcess([...storage.flags, "--lease-seconds", "2", ...flags]);
}

async function openOperations(server: ServerProcess): Promise<readonly string[]> {
  const opening = Array.from({ length: operationCount }, () =>
    server.send("POST", operationsPath, { domain: newDomain() }),
  );
  return (await Promise.all(opening)).map(({ json }) => String(json.id));
}

/** Attaches a customer to each operation, all at once, and notes where each is; may kill the server on the way. */
async function attachAll(
  server: ServerProcess,
  ids: readonly string[],
  acknowledged: Map<string, string>,
  { killAfter = Number.POSITIVE_INFINITY } = {},
): Promise<void> {
  const attaching = ids.map(async (id) => {
    const { status, headers } = await server.send("POST", `${operationsPath}/${id}/customer/$ref`, body);
    const customerId = headers.get("location")?.split("/").at(-1) ?? "";
    if (status !== 204 || customerId !== (acknowledged.get(id) ?? customerId)) throw new Error(`${id}: ${status}`);
    acknowledged.set(id, customerId);
    if (acknowledged.size === killAfter) await server.end("SIGKILL");
  });
  const settled = await Promise.allSettled(attaching);
  const failures = settled.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
  // What a killed server did not answer is no acknowledgement; fetch throws a TypeError for it.
  const unexpected = failures.filter((each) => killAfter > ids.length || !(each instanceof TypeError));
  if (unexpected.length > 0) throw unexpected[0];
}

async function findMissing(server: ServerProcess, acknowledged: ReadonlyMap<string, string>): Promise<string[]> {
  const asking = [...acknowledged.values()].map(async (id) => {
    const { status } = await server.send("GET", `/v1.0/customers/${id}`);
    return status === 200 ? [] : [`${id}: ${status}`];
  });
  return (await Promise.all(asking)).flat();
}

/** Waits until every operation has succeeded and gives the customers, in the order of their ids. */
async function finish(server: ServerProcess, ids: readonly string[]) {
  await eventually(async () => ((await countSucceeded(server)) === ids.length ? true : undefined), 40);
  const { json } = await server.send("GET", "/v1.0/customers");
  return json.value.map(({ id, lifecycleState }: Json) => ({ id, lifecycleState }));
}

async function countSucceeded(server: ServerProcess): Promise<number> {
  const { json } = await server.send("GET", operationsPath);
  return json.value.filter((operation: Json) => operation.status === "succeeded").length;
}

async function countBegun(server: ServerProcess): Promise<number> {
  const { json } = await server.send("GET", operationsPath);
  return json.value.filter((operation: Json) => operation.percentComplete >= 10).length;
}

async function readStatuses(storage: Storage): Promise<readonly unknown[]> {
  return (await readRows(storage, `select "status" from "customerCreationOperations"`)).map((row) => row["status"]);
}
