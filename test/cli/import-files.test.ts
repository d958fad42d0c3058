import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { startBeforeAll } from "../support/own-server.ts";
import { runCommand } from "../support/process.ts";
import { newDomain } from "../support/service.ts";

const directory = mkdtempSync(join(tmpdir(), "tenantry-import-files-"));
const { server, storage } = startBeforeAll("sqlite");
afterAll(() => rmSync(directory, { recursive: true }));

describe("a dry run", () => {
  test.each<[string, string, string, readonly unknown[]]>([
    [
      "a file of a spreadsheet: a byte order mark, semicolons, and lines that end as Windows has them",
      "semicolons.csv",
      `\uFEFFcompanyProfile/domain;billingProfile/companyName\r\n${newDomain()};"Contoso; Ltd"\r\n;\r\n${newDomain()};x\r\n`,
      [[4, 2, "billingProfile/companyName", "malformedValue"]],
    ],
    [
      "a cell over several lines, and counts the lines of the file",
      "lines.csv",
      `companyProfile/domain,billingProfile/companyName,enableGDAPByDefault\n${newDomain()},"Con\n\ntoso",\n\n${newDomain()},Contoso,perhaps\n`,
      [[6, 3, "enableGDAPByDefault", "malformedValue"]],
    ],
    [
      "a quotation mark that is never closed",
      "quote.csv",
      `companyProfile/domain,billingProfile/companyName\n${newDomain()},Contoso\n${newDomain()},"Contoso\n`,
      [[3, null, null, "malformedCsv"]],
    ],
    [
      "a row that says nothing of what is required, and metadata of any name",
      "metadata.csv",
      `externalId,metadata/team,metadata/9\ncrm-9,blue,\ncrm-10,blue,x\n`,
      [
        [2, null, "companyProfile/domain", "requiredFieldMissing"],
        [3, null, "companyProfile/domain", "requiredFieldMissing"],
        [3, 3, "metadata/9", "malformedValue"],
      ],
    ],
    [
      "lines of NDJSON that are broken, no object, or wrong in several places",
      "lines.ndjson",
      `\uFEFF${customer(newDomain())}\n{"companyProfile":{,}}\n\n[]\n{"companyProfile":{"domain":"${newDomain()}"},"billingProfile":{"email":"x","age":7}}\n{"companyProfile":{"domain":"${newDomain()}"},"billingProfile":"Contoso"}\n`,
      [
        [2, 20, null, "malformedJson"],
        [4, 1, null, "malformedRow"],
        [5, null, "billingProfile/email", "malformedValue"],
        [5, null, "billingProfile/age", "unknownProperty"],
        [6, null, "billingProfile", "malformedValue"],
      ],
    ],
  ])("reads %s", async (_what, name, text, expected) => {
    const { code, faults } = await rehearse(name, text);

    expect(code).toBe(1);
    expect(faults.toSorted()).toEqual(expected.toSorted());
    expect(await countCustomers()).toBe(0);
  });

  test("tells of all columns that cannot be, before it asks the server", async () => {
    const file = writeFile("columns.csv", "billingProfile/emial,id,externalId,externalId\nx,y,z,z\n");

    const { code, err } = await runCommand(["import", file], {
      TENANTRY_URL: "http://127.0.0.1:1",
      TENANTRY_TOKEN: "x",
    });

    expect(code).toBe(2);
    expect(err.split("\n")).toEqual([
      `${file}, line 1, column 1: 'billingProfile/emial' is no property of a customer. Did you mean 'billingProfile/email'?`,
      `${file}, line 1, column 2: 'id' is set by the server. Leave the column out.`,
      `${file}, line 1, column 4: 'externalId' stands there twice.`,
      "",
    ]);
  });

  test("of a file that is not there says so", async () => {
    const { code, err } = await run("import", join(directory, "none.csv"));

    expect(code).toBe(1);
    expect(err).toMatch(/^ENOENT: no such file or directory, open '.*none\.csv'\n$/);
  });
});

describe("an import that is run again", () => {
  test("adds only what was corrected in the file", async () => {
    const before = await countCustomers();
    const [one, two] = [newDomain(), newDomain()];
    const file = writeFile("corrected.ndjson", `${customer(one)}\n${customer(two, "x")}\n`);

    const first = await run("import", file, "--apply");
    writeFile("corrected.ndjson", `${customer(two)}\n${customer(one)}\n`);
    const second = await run("import", file, "--apply");

    expect(first).toMatchObject({
      code: 1,
      err: said("1 were imported, 0 before, 0 were there already, 1 have faults."),
    });
    expect(second).toMatchObject({
      code: 0,
      err: said("1 were imported, 1 before, 0 were there already, 0 have faults."),
    });
    expect(readReport(file).map(({ line, outcome }) => [line, outcome])).toEqual([
      [1, "created"],
      [2, "created"],
    ]);
    expect(await countCustomers()).toBe(before + 2);
  });

  test("without its report finds the customers that are there, and takes those of others for faults", async () => {
    const [mine, taken] = [newDomain(), newDomain()];
    await server.send("POST", "/v1.0/customers", JSON.parse(customer(mine)));
    await server.send("POST", "/v1.0/customers", { ...JSON.parse(customer(taken)), externalId: taken.slice(0, 20) });
    const file = writeFile("there.ndjson", `${customer(mine)}\n${customer(taken)}\n`);

    const rehearsed = await run("import", file);
    const applied = await run("import", file, "--apply", "--output", "ndjson");

    expect(rehearsed).toMatchObject({
      code: 1,
      err: said("2 rows: 0 can be imported, 1 are there already, 1 have faults."),
    });
    expect(applied).toMatchObject({
      code: 1,
      err: said("0 were imported, 0 before, 1 were there already, 1 have faults."),
    });
    expect(JSON.parse(applied.out)).toMatchObject({
      line: 2,
      path: "companyProfile/domain",
      code: "domainAlreadyInUse",
    });
  });

  test("goes on behind a report whose last line was cut off", async () => {
    const file = writeFile("cut.ndjson", `${customer(newDomain())}\n${customer(newDomain())}\n`);
    await run("import", file, "--apply");
    const report = `${file}.report.ndjson`;
    writeFileSync(report, readFileSync(report, "utf8").slice(0, -20));
    const before = await countCustomers();

    const again = await run("import", file, "--apply");

    expect(again).toMatchObject({
      code: 0,
      err: said("1 were imported, 1 before, 0 were there already, 0 have faults."),
    });
    expect(readReport(file)).toHaveLength(2);
    expect(await countCustomers()).toBe(before);
  });

  test("refuses the report of another server, and what is no report", async () => {
    const file = writeFile("other.ndjson", `${customer(newDomain())}\n`);
    const report = join(directory, "report.ndjson");
    const before = await countCustomers();

    writeFileSync(
      report,
      `{"import":"x","startedDateTime":"2026-01-01T00:00:00Z","server":"https://far.example/v1.0"}\n`,
    );
    const elsewhere = await run("import", file, "--apply", "--report", report);
    writeFileSync(report, `{"customer":1}\n`);
    const none = await run("import", file, "--apply", "--report", report);

    expect(elsewhere).toMatchObject({ code: 2, err: said("is about an import to https://far.example/v1.0") });
    expect(none).toMatchObject({ code: 2, err: said("is no report of an import") });
    expect(await countCustomers()).toBe(before);
  });
});

test("an import with a token that may not write ends at once with 1, and has imported nothing", async () => {
  const file = writeFile("denied.ndjson", `${customer(newDomain())}\n`);
  const before = await countCustomers();
  const words = ["token", "--permissions", "Customer.Read.All", "--data-dir", storage.directory];
  const token = (await runCommand(words)).out.trim();

  const { code, err } = await run("import", file, "--apply", "--token", token);

  expect(code).toBe(1);
  expect(err).toContain("403 accessDenied");
  expect(await countCustomers()).toBe(before);
});

function run(...words: string[]) {
  return runCommand(words, { TENANTRY_URL: server.origins[0] ?? "", TENANTRY_TOKEN: server.token });
}

async function rehearse(name: string, text: string) {
  const { code, out } = await run("import", writeFile(name, text), "--output", "json");
  const faults: Record<string, unknown>[] = JSON.parse(out);
  return { code, faults: faults.map(({ line, column, path, code }) => [line, column, path, code]) };
}

function writeFile(name: string, text: string): string {
  const file = join(directory, name);
  writeFileSync(file, text);
  return file;
}

function customer(domain: string, companyName = "Contoso"): string {
  return JSON.stringify({ companyProfile: { domain }, billingProfile: { companyName } });
}

function said(sentence: string) {
  return expect.stringContaining(sentence);
}

function readReport(file: string): readonly Record<string, unknown>[] {
  const lines = readFileSync(`${file}.report.ndjson`, "utf8").trim().split("\n");
  return lines.slice(1).map((line) => JSON.parse(line));
}

async function countCustomers(): Promise<number> {
  return (await server.send("GET", "/v1.0/customers/$count")).json;
}
