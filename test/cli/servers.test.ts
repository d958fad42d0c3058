import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { startBeforeAll } from "../support/own-server.ts";
import { runCommand } from "../support/process.ts";

const directory = mkdtempSync(join(tmpdir(), "tenantry-servers-"));
const { server, storage } = startBeforeAll("sqlite");
afterAll(() => rmSync(directory, { recursive: true }));

const run = (...words: string[]) =>
  runCommand(words, { TENANTRY_URL: server.origins[0] ?? "", TENANTRY_DATA_DIR: storage.directory });

describe("tenantry servers", () => {
  test("keeps servers and their tokens for their owner alone, and lets commands name them", async () => {
    const named = { XDG_CONFIG_HOME: join(directory, "named") };
    const command = (...words: string[]) => runCommand(words, named);
    const file = join(directory, "named/tenantry/servers.json");

    const added = await command("servers", "add", "local", server.origins[0] ?? "", "--token", server.token);
    await command("servers", "add", "far", "https://tenantry.example/v1.0", "--token-command", "echo token");
    const listed = await command("servers", "list", "--output", "csv");
    const used = await command("customers", "list", "--limit", "1");
    const counted = await command("customers", "list", "--server", "near");
    await command("servers", "use", "far");
    await command("servers", "remove", "local");
    const left = JSON.parse(readFileSync(file, "utf8"));

    expect(added.err).toBe(`'local' is ${server.origins[0]}/v1.0, and the current one.\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(listed.out).toBe(
      `name,url,current,token\nlocal,${server.origins[0]}/v1.0,true,kept\nfar,https://tenantry.example/v1.0,false,echo token\n`,
    );
    expect(used.code).toBe(0);
    expect(counted).toMatchObject({
      code: 2,
      err: expect.stringContaining("has no server 'near'; it has local, far."),
    });
    expect(left).toEqual({
      current: "far",
      servers: { far: { url: "https://tenantry.example/v1.0", tokenCommand: "echo token" } },
    });
  });

  test("takes the token that a command prints", async () => {
    const named = { XDG_CONFIG_HOME: join(directory, "asked"), TOKEN: server.token };

    await runCommand(["servers", "add", "local", server.origins[0] ?? "", "--token-command", "echo $TOKEN"], named);
    const listed = await runCommand(["customers", "list", "--limit", "1"], named);

    expect(listed.code).toBe(0);
  });

  test("refuses a file that others can read", async () => {
    const named = { XDG_CONFIG_HOME: join(directory, "open") };
    await runCommand(["servers", "add", "local", "http://127.0.0.1:1"], named);
    const file = join(directory, "open/tenantry/servers.json");
    chmodSync(file, 0o644);

    const { code, err } = await runCommand(["servers", "list"], named);

    expect({ code, err }).toEqual({
      code: 2,
      err: `${file} holds tokens, and others can read it. Run: chmod 600 ${file}\n`,
    });
  });
});

test("a server that is not there is exit code 3, a wrong token 1 with advice, and a missing one 2", async () => {
  const nobody = await runCommand(["customers", "list", "--url", "http://127.0.0.1:1", "--token", "x"]);
  const stranger = await run("customers", "list", "--token", "x");
  const without = await runCommand(["customers", "list", "--data-dir", join(directory, "none")], {
    XDG_CONFIG_HOME: directory,
  });

  expect(nobody).toMatchObject({ code: 3, err: expect.stringContaining("'tenantry serve' starts one") });
  expect(stranger).toMatchObject({ code: 1, err: expect.stringContaining("Give a token with --token") });
  expect(without).toMatchObject({ code: 2, err: expect.stringContaining("Give --token") });
});

test.each<[string[], RegExp]>([
  [
    ["customers", "add", "--set", "email=x"],
    /'email' is no property of a customer\. Did you mean '\w+Profile\/email'\?/,
  ],
  [["customers", "add", "--set", "enableGDAPByDefault=maybe"], /must be true or false; it is 'maybe'/],
  [["customers", "list", "--output", "xml"], /Allowed choices are table, json, ndjson, csv/],
  [["customers", "list", "--limit", "0"], /whole number above 0/],
  [["customers", "list", "--url", "tenantry.example"], /The URL of a server must be such as https/],
  [["import", "customers.xlsx"], /must end in \.csv, \.ndjson or \.jsonl/],
  [["trigger", "customerEaten"], /'customerEaten' is none of customerCreated, /],
  [["customer", "list"], /unknown command|too many arguments|Did you mean customers/],
])("%j ends with 2 and says what would be right", async (words, sentence) => {
  const { code, out, err } = await run(...words);

  expect(err).toMatch(sentence);
  expect({ code, out }).toEqual({ code: 2, out: "" });
});

test("completion gives shells a script, and commands and flags when they ask", async () => {
  const scripts = await Promise.all(["bash", "zsh", "fish"].map((shell) => runCommand(["completion", shell])));
  const commands = await runCommand(["complete", "--", "customers", "l"]);
  const flags = await runCommand(["complete", "--", "operations", "list", "--out"]);

  expect(scripts.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(scripts.every(({ out }) => out.includes("complete --"))).toBe(true);
  expect(commands.out).toContain("list\tList customers.");
  expect(flags.out).toContain("--output");
});
