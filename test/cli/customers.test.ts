import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startBeforeAll } from "../support/own-server.ts";
import { runCommand, runInTerminal } from "../support/process.ts";
import { newDomain } from "../support/service.ts";

const directory = mkdtempSync(join(tmpdir(), "tenantry-commands-"));
const { server, storage } = startBeforeAll("sqlite");
let environment: Readonly<Record<string, string>>;
beforeAll(async () => {
  environment = {
    TENANTRY_URL: server.origins[0] ?? "",
    TENANTRY_DATA_DIR: storage.directory,
    XDG_CONFIG_HOME: directory,
  };
});
afterAll(() => rmSync(directory, { recursive: true }));

const run = (...words: string[]) => runCommand(words, environment);

describe("tenantry customers", () => {
  test("adds one and waits for its tenant, shows it, changes it and deletes it", async () => {
    const name = newDomain();
    const key = name.slice(0, 20);
    const set = [
      `companyProfile/domain=${name}`,
      "billingProfile/companyName=Contoso",
      `externalId=${key}`,
      "metadata/team=blue",
    ];

    const added = await run("customers", "add", "--wait", ...set.flatMap((each) => ["--set", each]));
    const shown = await run("customers", "get", `externalId=${key}`, "--output", "json");
    const changed = await run(
      "customers",
      "update",
      `externalId=${key}`,
      "--set",
      "billingProfile/email=ana@contoso.example",
    );
    const deleted = await run("customers", "delete", `externalId=${key}`);
    const gone = await run("customers", "get", `externalId=${key}`);

    expect(added).toMatchObject({ code: 0, err: expect.stringContaining("succeeded, completed, 100 %") });
    expect(added.out).toMatch(/^lifecycleState +active$/m);
    expect(JSON.parse(shown.out)).toMatchObject({
      externalId: key,
      metadata: { team: "blue" },
      lifecycleState: "active",
    });
    expect(changed.out).toMatch(/^billingProfile\/email +ana@contoso\.example$/m);
    expect(deleted).toMatchObject({ code: 0, err: `externalId=${key} is deleted.\n` });
    expect(gone).toMatchObject({ code: 1, out: "", err: expect.stringContaining("404 itemNotFound") });
  });

  test("takes a body from a file, and tells every fault of it", async () => {
    const file = join(directory, "customer.json");
    const body = { companyProfile: { domain: newDomain() }, billingProfile: { companyName: "x", email: "nobody" } };
    writeFileSync(file, JSON.stringify(body));

    const refused = await run("customers", "add", "--file", file);
    const added = await run(
      "customers",
      "add",
      "--file",
      file,
      "--set",
      "billingProfile/companyName=Contoso",
      "--set",
      "billingProfile/email=",
    );

    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(/2 faults[\s\S]*billingProfile\/email: [\s\S]*billingProfile\/companyName: /);
    expect(added.code).toBe(0);
  });

  test("does not create by a slip of the pen in an update", async () => {
    const { code, err } = await run(
      "customers",
      "update",
      "externalId=nobody-has-it",
      "--set",
      "billingProfile/companyName=Contoso",
    );

    expect(code).toBe(1);
    expect(err).toMatch(/\(4\d\d \w+, request-id /);
  });

  test("lists in every format, only as many as were asked for, and without colours for a pipe", async () => {
    const name = newDomain().slice(0, 12);
    await addAll([`${name}a`, `${name}b`, `${name}c`]);
    const list = (...words: string[]) =>
      run("customers", "list", "--filter", `startswith(externalId,'${name}')`, "--orderby", "externalId", ...words);

    const table = await list("--columns", "externalId,billingProfile/companyName");
    const csv = await list("--output", "csv", "--columns", "externalId,billingProfile/companyName");
    const ndjson = await list("--output", "ndjson");
    const json = await list("--output", "json", "--limit", "2");
    const none = await run("customers", "list", "--filter", "externalId eq 'none'", "--output", "json");

    expect(table.out).toBe(
      `externalId     billingProfile/companyName\n${["a", "b", "c"].map((each) => `${name}${each}  Contoso, ␣[31m${each}`).join("\n")}\n`,
    );
    expect(csv.out).toContain(`${name}b,"Contoso, \u001b[31mb"\n`);
    expect(
      ndjson.out
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).externalId),
    ).toEqual([`${name}a`, `${name}b`, `${name}c`]);
    expect(JSON.parse(json.out)).toHaveLength(2);
    expect(json.err).toBe("There are more than 2; --limit shows more.\n");
    expect(none.out).toBe("[]\n");
  });

  test("fits a table into the terminal: the widest cells end in an ellipsis, identifiers stay whole", async () => {
    const name = newDomain().slice(0, 12);
    await addAll([`${name}a`, `${name}b`]);
    const list = (columns: number) =>
      runInTerminal(["customers", "list", "--filter", `startswith(externalId,'${name}')`], { columns, environment });

    const [wide, narrow] = [await list(200), await list(90)];

    expect(wide).toContain("companyProfile/domain");
    expect(wide).not.toContain("…");
    expect(wide.split("\n").some((line) => line.length > 90)).toBe(true);
    expect(narrow).toMatch(/^id +externalId +…\/domain +…\/compan\S*… +lifecycle\S*…$/m);
    expect(narrow.match(/^[0-9a-f-]{36} /gm)).toHaveLength(2);
    expect(narrow.split("\n").filter((line) => line.length > 90)).toEqual([]);
  });

  test("exports what can be imported elsewhere", async () => {
    const name = newDomain().slice(0, 12);
    await addAll([`${name}a`, `${name}b`]);
    const file = join(directory, "export.csv");

    const exported = await run("export", file, "--for-import", "--filter", `startswith(externalId,'${name}')`);
    const rehearsed = await run("import", file);
    const whole = await run("export", "--filter", `startswith(externalId,'${name}')`);

    expect(exported.code).toBe(0);
    expect(readFileSync(file, "utf8").split("\n")).toHaveLength(4);
    expect(rehearsed).toMatchObject({
      code: 0,
      err: expect.stringContaining("2 rows: 0 can be imported, 2 are there already, 0 have faults."),
    });
    expect(
      whole.out
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).externalId),
    ).toEqual([`${name}a`, `${name}b`]);
  });
});

describe("tenantry operations", () => {
  test("follows one that failed, retries it with a correction, and cancels another", async () => {
    const domain = newDomain();
    const added = await server.send("POST", "/v1.0/customers", {
      companyProfile: { domain: `failemail${domain.slice(4)}` },
      billingProfile: { companyName: "Contoso" },
    });
    const id = String(added.headers.get("operation-location")).split("/").at(-1) ?? "";
    const opened = await server.send("POST", "/v1.0/customerCreationOperations", { domain });

    const failed = await run("operations", "watch", id);
    const retried = await run(
      "operations",
      "retry",
      id,
      "--set",
      "billingProfile/email=ana@contoso.example",
      "--output",
      "json",
    );
    const watched = await run("operations", "watch", id, "--output", "ndjson");
    const canceled = await run("operations", "cancel", opened.json.id, "--output", "json");
    const listed = await run(
      "operations",
      "list",
      "--filter",
      `domain eq '${domain}'`,
      "--output",
      "csv",
      "--columns",
      "status",
    );

    expect(failed).toMatchObject({ code: 1, err: expect.stringMatching(/is failed: .*email/) });
    expect(failed.out).toMatch(/^failed, creatingBillingAccount, \d+ %$/m);
    expect(JSON.parse(retried.out)).toMatchObject({ id, status: "running" });
    expect(watched.code).toBe(0);
    expect(JSON.parse(watched.out.trim().split("\n").at(-1) ?? "")).toMatchObject({ id, status: "succeeded" });
    expect(JSON.parse(canceled.out)).toMatchObject({ status: "canceled" });
    expect(listed.out).toBe("status\ncanceled\n");
  });
});

describe("tenantry trigger", () => {
  test.each([
    ["customerCreated", "customers", { lifecycleState: "active" }],
    ["customerUpdated", "customers", { billingProfile: { companyName: "Fabrikam" } }],
    ["operationSucceeded", "customerCreationOperations", { status: "succeeded" }],
    ["operationFailed", "customerCreationOperations", { status: "failed" }],
    ["operationCanceled", "customerCreationOperations", { status: "canceled" }],
  ])("brings %s about and prints what it was about", async (event, set, expected) => {
    const { code, out } = await run("trigger", event);

    expect(code).toBe(0);
    expect((await server.send("GET", `/v1.0/${set}/${out.trim()}`)).json).toMatchObject(expected);
  });

  test("brings customerDeleted about", async () => {
    const { out } = await run("trigger", "customerDeleted");

    expect((await server.send("GET", `/v1.0/customers/${out.trim()}`)).status).toBe(404);
  });
});

async function addAll(names: readonly string[]): Promise<void> {
  for (const name of names) {
    const companyName = `Contoso, \u001b[31m${name.at(-1)}`;
    const domain = `${name.replaceAll(/[^a-z0-9]/g, "")}.onmicrosoft.com`;
    const { status } = await server.send("POST", "/v1.0/customers", {
      externalId: name,
      companyProfile: { domain },
      billingProfile: { companyName },
    });
    expect(status).toBe(201);
  }
}
