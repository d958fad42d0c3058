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
