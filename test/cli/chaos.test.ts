import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { createClient } from "../../src/client/client.ts";
import { runCommand, startProcess } from "../support/process.ts";
import { newDomain } from "../support/service.ts";

const directory = mkdtempSync(join(tmpdir(), "tenantry-chaos-"));
afterAll(() => rmSync(directory, { recursive: true }));

describe("a server that rehearses failures", () => {
  test("deals the same ones out for the same seed, with Retry-After, and others for another", async () => {
    const chaos = ["--chaos", "429=30%,503=20%"];
    const first = await readFates("a", chaos);
    const second = await readFates("b", chaos);
    const other = await readFates("c", [...chaos, "--chaos-seed", "2"]);

    expect(second).toEqual(first);
    expect(other).not.toEqual(first);
    expect(new Set(first)).toEqual(new Set(["200 null", "429 1", "503 1"]));
  });

  test("takes as much longer as it was told, and tells of its health as it is", async () => {
    await using server = await startProcess([...inDirectory("d"), "--chaos", "503=100%,latency=300"]);

    const began = performance.now();
    const health = await fetch(`${server.origins[0]}/readyz`);
    const healthTook = performance.now() - began;
    const refused = await server.send("GET", "/v1.0/customers");
    const refusedTook = performance.now() - began - healthTook;

    expect([health.status, refused.status]).toEqual([200, 503]);
    expect(refused.json.error.message).toContain("--chaos");
    expect(refusedTook).toBeGreaterThanOrEqual(299);
  });

  test("is no trouble for the client", async () => {
    await using server = await startProcess([...inDirectory("e"), "--chaos", "429=20%,503=20%,latency=0-20"]);
    const client = createClient({ url: `${server.origins[0]}/v1.0`, token: server.token, attemptsMax: 20 });

    const added = await client.addCustomerAndWait({ companyProfile: { domain: newDomain() }, billingProfile: {} });

    expect(added.lifecycleState).toBe("active");
    expect(await client.customers.count()).toBe(1);
  });
});

test.each<[string[], RegExp]>([
  [["--chaos", "418=5%"], /--chaos knows 429=5%, 503=2% and latency=200-800; it has '418=5%'/],
  [["--chaos", "429=70%,503=60%"], /--chaos cannot refuse more than 100 %; it has 130 %/],
  [["--chaos", "latency=800-200"], /--chaos must have a latency such as 200-800.*'latency=800-200'/],
  [["--chaos", "429=5%", "--chaos-seed", "x"], /--chaos-seed must be a whole number; it is 'x'/],
  [["--chaos", "429=5%", "--issuer", "https://a.example", "--audience", "a"], /--chaos is for development mode/],
])("%j is refused with what would be right", async (words, sentence) => {
  const { code, err } = await runCommand(["serve", ...words, ...inDirectory("f")]);

  expect(code).toBe(2);
  expect(err).toMatch(sentence);
});

function inDirectory(name: string): readonly string[] {
  return ["--data-dir", join(directory, name)];
}

async function readFates(name: string, flags: readonly string[]): Promise<readonly string[]> {
  await using server = await startProcess([...inDirectory(name), ...flags]);
  const fates: string[] = [];
  for (let asked = 0; asked < 40; asked += 1) {
    const { status, headers } = await server.send("GET", "/v1.0/customers/$count");
    fates.push(`${status} ${headers.get("retry-after")}`);
  }
  return fates;
}
