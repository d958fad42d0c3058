import autocannon from "autocannon";
import { expect, test } from "vitest";
import { addCustomers } from "../support/add-customers.ts";
import { createStorage, startProcess } from "../support/process.ts";
import { parseScrape, sum } from "../support/scrape.ts";

const million = 1_000_000;

/** The size of the young generation of a server that has done some work, in bytes. */
async function youngGeneration(environment: Readonly<Record<string, string>>): Promise<number> {
  await using storage = await createStorage("sqlite");
  await using server = await startProcess(storage.flags, environment);
  await addCustomers([server], 1_500).end();
  const scraped = await (await fetch(`${server.origins[0]}/metrics`)).text();
  return sum(parseScrape(scraped), "nodejs_heap_space_size_total_bytes", { space: "new" });
}

test("a server keeps little garbage, whatever the memory of the machine", async () => {
  const size = await youngGeneration({});

  expect(size).toBeGreaterThan(6 * million);
  expect(size).toBeLessThan(36 * million);
});

test("a server keeps as much garbage as whoever starts it wants", async () => {
  const size = await youngGeneration({ NODE_OPTIONS: "--max-semi-space-size=2" });

  expect(size).toBeGreaterThan(0);
  expect(size).toBeLessThan(6 * million);
});

test("requests leave nothing behind that only a collection of the whole heap takes away", async () => {
  await using storage = await createStorage("sqlite");
  await using server = await startProcess([...storage.flags, "--limits", "requestsPerMinuteMax=1000000"]);
  const [origin] = server.origins;
  const headers = { authorization: `Bearer ${server.token}` };
  const send = (amount: number) => autocannon({ url: `${origin}/v1.0/customers`, headers, connections: 16, amount });
  const collections = async () => {
    const scraped = parseScrape(await (await fetch(`${origin}/metrics`)).text());
    return {
      whole: sum(scraped, "nodejs_gc_duration_seconds_count", { kind: "major" }),
      young: sum(scraped, "nodejs_gc_duration_seconds_count", { kind: "minor" }),
    };
  };
  await send(5_000);
  const before = await collections();

  const sent = await send(40_000);

  const after = await collections();
  expect(sent["2xx"]).toBe(40_000);
  expect(after.young - before.young).toBeGreaterThan(10);
  expect(after.whole - before.whole).toBeLessThan(4);
});
