import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { createStorage, type ServerProcess, startCommand, startProcess } from "../support/process.ts";
import { eventually } from "../support/service.ts";

const rowCount = 10_000;
const faultyCount = 137;
// What becomes of the customers afterwards is another test's: the server shall not be busy with it.
const calm = ["--limits", "requestsPerMinuteMax=1000000", "--local-delay-seconds", "3600"];
const directory = mkdtempSync(join(tmpdir(), "tenantry-import-"));
afterAll(() => rmSync(directory, { recursive: true }));

const header = "externalId,companyProfile/domain,billingProfile/companyName,billingProfile/email,enableGDAPByDefault";

/** A row with a fault: what its cells say, and where the fault is. */
type Fault = (number: number) => { readonly cells: readonly string[]; readonly column: number; readonly code: string };

const kinds: readonly Fault[] = [
  (n) => ({ cells: [`crm-${n}`, domainOf(n), "Contoso", "nobody", "false"], column: 4, code: "malformedValue" }),
  (n) => ({ cells: [`crm-${n}`, domainOf(n), "Contoso", "", "maybe"], column: 5, code: "malformedValue" }),
  (n) => ({ cells: [`crm-${n}`, `c${n}.example.com`, "Contoso", "", ""], column: 2, code: "domainSuffixNotAllowed" }),
  (n) => ({ cells: [`crm ${n}`, domainOf(n), "Contoso", "", ""], column: 1, code: "malformedValue" }),
  (n) => ({ cells: [`crm-${n}`, domainOf(0), "Contoso", "", ""], column: 2, code: "duplicateRow" }),
  (n) => ({ cells: [`crm-${n}`, domainOf(n), "Contoso", "", "", "more"], column: 6, code: "malformedRow" }),
];

describe("an import of 10,000 rows of which 137 have faults", { timeout: 600_000 }, () => {
  test("shows exactly those, and after Ctrl+C and kill -9 ends with the other 9,863, none twice", async () => {
    await using storage = await createStorage("sqlite");
    await using server = await startProcess([...storage.flags, ...calm]);
    const { file, expected } = writeFile();
    const start = (...words: string[]) => startCommand(["import", file, ...words], connectionOf(server));

    const rehearsal = await start("--output", "ndjson").ended;
    const untouched = await countCustomers(server);
    const interrupted = await stopAfter(start("--apply"), file, 1_500, "SIGINT");
    const killed = await stopAfter(start("--apply"), file, 4_000, "SIGKILL");
    const resumed = await start("--apply", "--output", "ndjson").ended;
    const again = await start("--apply").ended;

    expect(rehearsal.code).toBe(1);
    expect(faultsIn(rehearsal.out)).toEqual(expected);
    expect(rehearsal.err).toContain("10000 rows: 9863 can be imported, 0 are there already, 137 have faults.");
    expect(untouched).toBe(0);
    expect(interrupted).toMatchObject({ code: 130, err: expect.stringContaining("Run the same command again") });
    expect(killed.code).toBe(null);
    expect(resumed.code).toBe(1);
    expect(faultsIn(resumed.out)).toEqual(expected);
    expect(resumed.err).toMatch(/^Imported .* of 10000 \(\d+ %\), \d+ rows\/s, \S+ left$/m);
    expect(again.err).toContain("0 were imported, 9863 before, 0 were there already, 137 have faults.");
    expect(await countCustomers(server)).toBe(rowCount - faultyCount);
    expect(readReport(file)).toEqual({
      created: rowCount - faultyCount,
      faulty: faultyCount,
      customers: rowCount - faultyCount,
    });
  });
});

/** Writes the file of the import: the faults are spread over it, none in its first rows. */
function writeFile() {
  const file = join(directory, "customers.csv");
  const every = Math.floor(rowCount / (faultyCount + 1));
  const expected: object[] = [];
  const lines = Array.from({ length: rowCount }, (_, number) => {
    const kind =
      number > 0 && number % every === 0 && expected.length < faultyCount ? kinds[expected.length % 6] : undefined;
    if (kind === undefined)
      return `crm-${number},${domainOf(number)},Contoso ${number},ana${number}@contoso.example,false`;
    const { cells, column, code } = kind(number);
    // The first line names the columns.
    expected.push({ line: number + 2, column, code });
    return cells.join(",");
  });
  writeFileSync(file, `${[header, ...lines].join("\n")}\n`);
  return { file, expected };
}

function domainOf(number: number): string {
  return `import${number}.onmicrosoft.com`;
}

function connectionOf(server: ServerProcess): Readonly<Record<string, string>> {
  return { TENANTRY_URL: server.origins[0] ?? "", TENANTRY_TOKEN: server.token };
}

async function stopAfter(
  command: ReturnType<typeof startCommand>,
  file: string,
  rows: number,
  signal: "SIGINT" | "SIGKILL",
) {
  await eventually(async () => (countLines(`${file}.report.ndjson`) > rows ? true : undefined), 200);
  command.signal(signal);
  return command.ended;
}

function countLines(file: string): number {
  try {
    return readFileSync(file, "utf8").split("\n").length;
  } catch {
    return 0;
  }
}

function faultsIn(ndjson: string): readonly object[] {
  const faults = ndjson
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  return faults.map(({ line, column, code }) => ({ line, column, code }));
}

async function countCustomers(server: ServerProcess): Promise<number> {
  return (await server.send("GET", "/v1.0/customers/$count")).json;
}

function readReport(file: string) {
  const [, ...rows] = readFileSync(`${file}.report.ndjson`, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const count = (outcome: string) => rows.filter((row) => row.outcome === outcome).length;
  const ids = rows.flatMap(({ id }) => (id === undefined ? [] : [id]));
  return { created: count("created"), faulty: count("faulty"), customers: new Set(ids).size };
}
