import { expect, test } from "vitest";
import { provisioningStages } from "../../src/onboarding/provisioner.ts";
import { everyPartner, type Row } from "../../src/store/database.ts";
import { raw } from "../../src/store/sql.ts";
import { createStorage, type ServerProcess, type Storage, startProcess } from "../support/process.ts";
import { eventually, newDomain } from "../support/service.ts";

const customerCount = 200;
const operationsPath = "/v1.0/customerCreationOperations";
const stagesMade = `"localLedger" where "outcome" = 'made'`;
const operationsSucceeded = `"customerCreationOperations" where "status" = 'succeeded'`;
const body = { companyProfile: {}, billingProfile: { companyName: "Contoso" } };

test("200 customers at once, 4 processes on one postgres, two killed on the way: all succeed, each stage made once", {
  timeout: 120_000,
}, async () => {
  await using storage = await createStorage("postgres");
  await using first = await start(storage);
  await using second = await start(storage);
  await using third = await start(storage);
  await using fourth = await start(storage);
  const servers = [first, second, third, fourth];
  const ids = await openOperations(servers);

  const attaching = attachAll(ids, servers);
  await untilCount(storage, stagesMade, 50);
  await third.end("SIGKILL");
  await untilCount(storage, stagesMade, customerCount);
  await fourth.end("SIGKILL");
  const left = customerCount - (await count(storage, operationsSucceeded));
  const unanswered = await attaching;
  const refused = await attachAll(unanswered, [first, second]);
  await untilCount(storage, operationsSucceeded, customerCount);

  const [attempts] = await readRows(storage, `select max("attempts") as "max" from "customerCreationOperations"`);
  expect(left).toBeGreaterThan(0);
  expect(refused).toEqual([]);
  expect(await readMade(storage)).toEqual(
    ids.flatMap((id) => provisioningStages.map((stage) => `${id} ${stage}`)).sort(),
  );
  expect(await readStates(storage)).toEqual({
    operations: customerCount,
    customers: customerCount,
    tenants: customerCount,
  });
  expect(attempts).toEqual({ max: 0 });
});

function start(storage: Storage): Promise<ServerProcess> {
  return startProcess([...storage.flags, "--lease-seconds", "2", "--local-delay-seconds", "0.5"]);
}

async function openOperations(servers: readonly ServerProcess[]): Promise<readonly string[]> {
  const opening = Array.from({ length: customerCount }, (_, index) =>
    pick(servers, index).send("POST", operationsPath, { domain: newDomain() }),
  );
  return (await Promise.all(opening)).map(({ json }) => String(json.id));
}

/** Attaches a customer to each operation, and gives the operations whose call was not answered with success. */
async function attachAll(ids: readonly string[], servers: readonly ServerProcess[]): Promise<readonly string[]> {
  const attaching = ids.map(async (id, index) => {
    const path = `${operationsPath}/${id}/customer/$ref`;
    const { status } = await pick(servers, index).send("POST", path, body);
    if (status !== 204) throw new Error(`${id}: ${status}`);
  });
  const settled = await Promise.allSettled(attaching);
  return ids.filter((_, index) => settled[index]?.status === "rejected");
}

function pick(servers: readonly ServerProcess[], index: number): ServerProcess {
  const server = servers[index % servers.length];
  if (server === undefined) throw new Error("There is no server.");
  return server;
}

function untilCount(storage: Storage, of: string, least: number): Promise<true> {
  return eventually(async () => ((await count(storage, of)) >= least ? true : undefined), 90);
}

async function count(storage: Storage, of: string): Promise<number> {
  const [row] = await readRows(storage, `select count(*) as "count" from ${of}`);
  return Number(row?.["count"]);
}

async function readMade(storage: Storage): Promise<readonly string[]> {
  const rows = await readRows(storage, `select "operationId", "stage" from ${stagesMade}`);
  return rows.map((row) => `${row["operationId"]} ${row["stage"]}`).sort();
}

async function readStates(storage: Storage) {
  const [row] = await readRows(
    storage,
    `select (select count(*) from ${operationsSucceeded}) as "operations",
      (select count(*) from "customers" where "lifecycleState" = 'active') as "customers",
      (select count(distinct "tenantId") from "customers") as "tenants"`,
  );
  return Object.fromEntries(Object.entries(row ?? {}).map(([name, value]) => [name, Number(value)]));
}

async function readRows(storage: Storage, text: string): Promise<readonly Row[]> {
  const database = storage.open();
  try {
    return await database.read(everyPartner, raw(text));
  } finally {
    await database.close();
  }
}
