import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { addCustomers } from "../support/add-customers.ts";
import { startMortalPostgres } from "../support/mortal-postgres.ts";
import { type ServerProcess, startProcess } from "../support/process.ts";
import { eventually, type Json } from "../support/service.ts";

const customerCount = 80;
const operationsPath = "/v1.0/customerCreationOperations";

describe.each(["SIGKILL", "SIGQUIT"] as const)("when postgres is killed by %s under load", (signal) => {
  test("nothing acknowledged is lost, the server answers 503 meanwhile and goes on by itself", {
    timeout: 90_000,
  }, async () => {
    await using world = await startWorld();
    const { postgres, server } = world;
    const load = addCustomers([server], customerCount);
    await load.reaches(customerCount / 4);

    await postgres.kill(signal);
    const meanwhile = await Promise.all([
      server.send("GET", "/v1.0/customers"),
      server.send("POST", operationsPath, { domain: "meanwhile.onmicrosoft.com" }),
      server.send("GET", "/readyz"),
    ]);
    const alive = await server.send("GET", "/healthz");
    await postgres.revive();
    const acknowledged = await load.end();
    await untilAllSucceeded(server);
    const operations = await server.send("GET", `${operationsPath}?$count=true`);
    const customers = await server.send("GET", "/v1.0/customers");

    expect(meanwhile.map(({ status }) => status)).toEqual([503, 503, 503]);
    expect(alive.status).toBe(200);
    expect(load.failures.filter((failure) => !failure.startsWith("503 "))).toEqual([]);
    expect(load.failures.length).toBeGreaterThan(0);
    expect(operations.json["@odata.count"]).toBe(customerCount);
    expect(customers.json.value.map(({ id }: Json) => id).sort()).toEqual([...acknowledged.values()].sort());
  });

  test("together with the server, nothing acknowledged is lost", { timeout: 90_000 }, async () => {
    await using world = await startWorld();
    const { postgres, server } = world;
    const load = addCustomers([server], Number.POSITIVE_INFINITY);
    await load.reaches(customerCount / 4);

    await Promise.all([postgres.kill(signal), server.end("SIGKILL")]);
    const acknowledged = new Map(await load.abandon());
    await postgres.revive();
    await using again = await world.start();
    await untilAllSucceeded(again);
    const customers = await again.send("GET", "/v1.0/customers?$top=999");

    const kept = new Set(customers.json.value.map(({ id }: Json) => id));
    expect(acknowledged.size).toBeGreaterThanOrEqual(customerCount / 4);
    expect([...acknowledged.values()].filter((id) => !kept.has(id))).toEqual([]);
  });
});

/** A server on a PostgreSQL of its own. */
async function startWorld() {
  await using started = new AsyncDisposableStack();
  const postgres = started.use(await startMortalPostgres());
  const directory = mkdtempSync(join(tmpdir(), "tenantry-crash-"));
  started.defer(() => rmSync(directory, { recursive: true, force: true }));
  const flags = ["--data-dir", directory, "--database-url", postgres.databaseUrl, "--lease-seconds", "2"];
  const start = () => startProcess(flags);
  const server = started.use(await start());
  const all = started.move();
  return { postgres, server, start, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

/** Waits until nothing is under way, and nothing has failed. */
async function untilAllSucceeded(server: ServerProcess): Promise<void> {
  await eventually(async () => {
    const { json } = await server.send("GET", `${operationsPath}?$filter=status in ('running','failed')`);
    return json.value.length === 0 ? true : undefined;
  }, 40);
}
