import { randomBytes } from "node:crypto";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "pg";
import { describe, expect, inject, test } from "vitest";
import { isRun } from "../../scripts/run-page.ts";
import { permissions } from "../../src/onboarding/permissions.ts";
import { createStorage, runCommand, startProcess } from "../support/process.ts";
import { startReceiver } from "../support/receiver.ts";
import { readCodeBlocks } from "./code-blocks.ts";
import { openPlace } from "./place.ts";

const timeout = 120_000;
const root = fileURLToPath(new URL("../../", import.meta.url));
const pages = ["README.md", ...globSync("docs/**/*.md", { cwd: root }).sort()];

/** The pages whose code is run by a test of its own, and where. */
const elsewhere: Readonly<Record<string, string>> = {
  "README.md": "test/docs/tutorial.test.ts",
  "docs/backup.md": "test/deploy/backup.test.ts",
  "docs/cli.md": "test/docs/cli.test.ts",
  "docs/notifications.md": "test/docs/pages.test.ts",
  "docs/postgresql.md": "test/docs/pages.test.ts",
  "docs/systemd.md": "test/package/package.test.ts",
  "docs/testing.md": "test/package/package.test.ts",
  "docs/tutorial.md": "test/docs/tutorial.test.ts",
};

/** The pages that bring their servers themselves, and the files that are there afterwards. */
const alone: Readonly<Record<string, readonly string[]>> = {
  "docs/containers.md": ["deploy/secrets/credential-keys", "deploy/secrets/database-url"],
  "docs/portal.md": ["credential-keys"],
  "docs/provisioner-http.md": [],
  "docs/reverse-proxy.md": [],
  "docs/serve-others.md": ["credential-keys"],
};

/** The pages that speak to a server, and the files that are there afterwards. */
const withServer: Readonly<Record<string, readonly string[]>> = {
  "docs/excel-power-bi.md": ["customers.csv"],
  "docs/power-automate.md": ["tenantry.swagger.json"],
};

describe("the pages of the documentation", () => {
  test("mark as runnable only what a test runs", () => {
    const runnable = pages.filter((page) => readCodeBlocks(page).some(isRun));
    const known = [...Object.keys({ ...elsewhere, ...alone, ...withServer })].sort();

    expect(runnable.sort()).toEqual(known);
    for (const [page, file] of Object.entries(elsewhere)) expect(readFileSync(root + file, "utf8")).toContain(page);
  });

  test("say of each block of code in which language it is, and the JSON is some", () => {
    const languages = ["sh", "console", "ts", "json", "sql", "http", "csv", "nginx", "powerquery"];
    const blocks = pages.flatMap((page) => readCodeBlocks(page).map((block) => ({ page, ...block })));

    const unknown = blocks.filter(({ language }) => !languages.includes(language));
    const parsed = blocks.filter(({ language }) => language === "json").map(({ code }) => JSON.parse(code));

    expect(unknown.map(({ page, section }) => `${page}: ${section}`)).toEqual([]);
    expect(parsed.length).toBeGreaterThan(3);
  });

  test("show only commands and flags that there are, with a value where there is one", { timeout }, async () => {
    const shown = pages.flatMap((page) => readCodeBlocks(page, "console")).flatMap(({ code }) => listCalls(code));

    const wrong = [];
    for (const { command, flags } of shown) {
      const { out, code } = await runCommand([...command, "--help"]);
      const isThere = ([flag = "", value]: readonly string[]) =>
        new RegExp(`${flag}${value === undefined ? "(?! [<a-z])" : " [<a-z]"}`).test(out);
      wrong.push(
        ...flags.filter((flag) => code !== 0 || !isThere(flag)).map((flag) => [...command, ...flag].join(" ")),
      );
    }

    expect(shown.length).toBeGreaterThan(5);
    expect(wrong).toEqual([]);
  });

  test.each(Object.entries(alone))("%s can be followed", { timeout }, async (page, files) => {
    using place = await openPlace();

    await place.run(page);

    expect(files.filter((file) => !existsSync(join(place.folder, file)))).toEqual([]);
  });

  test.each(Object.entries(withServer))("%s can be followed beside a server", { timeout }, async (page, files) => {
    await using storage = await createStorage("sqlite");
    await using server = await startProcess(storage.flags);
    const { port } = new URL(server.origins[0] ?? "");
    using place = await openPlace({ port, dataDirectory: storage.directory });

    await place.run(page);

    expect(files.filter((file) => !existsSync(join(place.folder, file)))).toEqual([]);
  });
});

test("docs/notifications.md can be followed, with a receiver of ours", { timeout }, async () => {
  await using storage = await createStorage("sqlite");
  await using server = await startProcess(storage.flags);
  await using receiver = await startReceiver();
  const { port } = new URL(server.origins[0] ?? "");
  using place = await openPlace({ port, dataDirectory: storage.directory });

  const printed = await place.run("docs/notifications.md", {
    "https://app.fabrikam.example/notifications": receiver.url,
    "https://app.fabrikam.example/lifecycle": receiver.url,
  });

  expect(receiver.handshakes).toHaveLength(2);
  expect(printed).toContain("$metadata#notificationDeliveries");
  expect(printed).not.toContain('"error"');
});

test("docs/postgresql.md can be followed", { timeout }, async () => {
  const { url } = inject("postgres");
  const name = `tenantry_docs_${randomBytes(4).toString("hex")}`;
  const rename = (text: string) => text.replaceAll(/\btenantry(?=_owner\b|\b(?! migrate| serve))/g, name);
  const [roles, rights] = readCodeBlocks("docs/postgresql.md", "sql").map(({ code }) => rename(code));
  const { host } = new URL(url);
  const at = (role: string, password: string) => `postgres://${rename(role)}:${password}@${host}/${name}`;
  using place = await openPlace();

  await execute(url, roles);
  await execute(at("tenantry_owner", "choose-one"), rights);
  const printed = await place.run("docs/postgresql.md", {
    "postgres://tenantry_owner:choose-one@127.0.0.1:5432/tenantry": at("tenantry_owner", "choose-one"),
    "postgres://tenantry:choose-another@127.0.0.1:5432/tenantry": at("tenantry", "choose-another"),
  });
  await execute(url, `drop database ${name} with (force);\ndrop role ${name};\ndrop role ${name}_owner;\n`);

  expect(printed).toContain("The database is as it should be.");
});

test("docs/personal-data.md asks for everything that is held on a customer", async () => {
  await using storage = await createStorage("sqlite");
  await using server = await startProcess(storage.flags);
  const customer = { companyProfile: { domain: "contoso.onmicrosoft.com" }, billingProfile: {} };
  const { json: added } = await server.send("POST", "/v1.0/customers", customer);
  const lines = readCodeBlocks("docs/personal-data.md", "http").flatMap(({ code }) => code.trim().split("\n"));

  const answers = [];
  for (const line of lines) {
    const asked = line.replaceAll("{id}", added.id).replaceAll("https://YOUR-SERVER", server.origins[0] ?? "");
    const [method = "", ...path] = asked.split(" ");
    answers.push(await server.send(method, path.join(" ")));
  }

  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(answers.slice(1).map(({ json }) => json.value.length > 0)).toEqual([true, true]);
});

test("the query of docs/excel-power-bi.md asks for what there is, as Power Query does", async () => {
  await using storage = await createStorage("sqlite");
  await using server = await startProcess(storage.flags);
  const [{ code } = { code: "" }] = readCodeBlocks("docs/excel-power-bi.md", "powerquery");
  const { pathname } = new URL(/"(http:[^"]+)"/.exec(code)?.[1] ?? "");
  const select = /#"\$select" = "([^"]+)"/.exec(code)?.[1] ?? "";
  const columns = [...code.matchAll(/ExpandRecordColumn\(\w+, "(\w+)"/g)].map(([, name = ""]) => name);
  const headers = { authorization: `Bearer ${server.token}`, "odata-maxversion": "4.0" };
  const ask = (path: string, accept: string) =>
    fetch(`${server.origins[0]}${path}`, { headers: { ...headers, accept } });
  await server.send("POST", "/v1.0/customers", { companyProfile: { domain: "a.onmicrosoft.com" }, billingProfile: {} });

  const metadata = await ask("/v1.0/$metadata", "application/xml");
  const answer = await ask(`${pathname}?$select=${select}`, "application/json;odata.metadata=minimal");
  const text = await answer.text();
  const { value } = JSON.parse(text);

  expect([metadata.status, answer.status]).toEqual([200, 200]);
  expect(Object.keys(value[0])).toEqual(expect.arrayContaining([...select.split(","), ...columns]));
});

test("the manifest of docs/entra-id.md has every permission", () => {
  const [block] = readCodeBlocks("docs/entra-id.md", "json");

  const roles: readonly { readonly value: string }[] = JSON.parse(block?.code ?? "");

  expect(roles.map(({ value }) => value).sort()).toEqual([...permissions].sort());
});

test("docs/errors.md shows a refusal as the server gives it", async () => {
  await using storage = await createStorage("sqlite");
  await using server = await startProcess(storage.flags);
  const [block] = readCodeBlocks("docs/errors.md", "json");
  const { error } = JSON.parse(block?.code ?? "");

  const { json } = await server.send("POST", "/v1.0/customers", { companyProfile: { domain: "x" } });

  const { innerError, ...told } = json.error;
  const { innerError: shown, ...rest } = error;
  expect(told).toEqual(rest);
  expect([innerError.code, ...Object.keys(innerError)]).toEqual([shown.code, ...Object.keys(shown)]);
});

/** The calls of tenantry in commands that are shown: the command itself, and its flags with their values. */
function listCalls(code: string) {
  const lines = code.replaceAll(/\\\n\s*/g, "").split("\n");
  return lines.flatMap((line) =>
    [...line.matchAll(/npx tenantry ([^|]*)/g)].map(([, words = ""]) => ({
      command: (/^(?:[a-z]+ ?)+/.exec(words)?.[0] ?? "")
        .trim()
        .split(" ")
        .slice(0, words.startsWith("logs") ? 2 : 1),
      // Each with its value, if it is given one.
      flags: [...words.matchAll(/--[a-z-]+(?: [^-\s]\S*)?/g)].map(([flag]) => flag.split(" ")),
    })),
  );
}

/** Carries out statements one by one: a database cannot be made in the midst of others. */
async function execute(url: string, statements = ""): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements.split(/;$/m)) await client.query(statement);
  } finally {
    await client.end();
  }
}
