import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { exitCodes, printExitCodes } from "../../src/cli/failures.ts";
import { createStorage, startProcess } from "../support/process.ts";
import { readCodeBlocks } from "./code-blocks.ts";

const program = fileURLToPath(new URL("../../bin/tenantry.js", import.meta.url));
const directory = mkdtempSync(join(tmpdir(), "tenantry-docs-"));
afterAll(() => rmSync(directory, { recursive: true }));

test("the commands of docs/cli.md can be pasted one after the other", { timeout: 180_000 }, async () => {
  await using storage = await createStorage("sqlite");
  await using server = await startProcess(storage.flags);
  const { port } = new URL(server.origins[0] ?? "");
  const blocks = readCodeBlocks("docs/cli.md", "sh");

  // The page speaks to the default port, which may be somebody else's here.
  const script = blocks.join("\n").replaceAll("127.0.0.1:8080", `127.0.0.1:${port}`);
  const { stdout, stderr } = await promisify(execFile)("bash", ["-euo", "pipefail", "-c", script], {
    cwd: directory,
    env: {
      PATH: `${writeNpx()}:${process.env["PATH"]}`,
      HOME: directory,
      TENANTRY_URL: server.origins[0],
      TENANTRY_PORT: port,
      TENANTRY_DATA_DIR: storage.directory,
    },
  });

  expect(blocks).toHaveLength(7);
  expect(stdout).toMatch(/^externalId +crm-4711$/m);
  expect(stderr).toContain("2 rows: 2 can be imported, 0 are there already, 0 have faults.");
  expect(stderr).toContain("2 were imported, 0 before, 0 were there already, 0 have faults.");
  expect(readFileSync(join(directory, "all.csv"), "utf8")).toContain("crm-2,northwind.onmicrosoft.com,Northwind");
  expect(JSON.parse(readFileSync(join(directory, "blue.ndjson"), "utf8"))).toMatchObject({ externalId: "crm-2" });
  expect(stdout).toMatch(/^database +good/m);
});

test("docs/cli.md lists the exit codes that --help lists", () => {
  const page = readFileSync(new URL("../../docs/cli.md", import.meta.url), "utf8");

  const listed = [...page.matchAll(/^\| (\d+) \| (.*) \|$/gm)].map(
    ([, code = "", meaning = ""]) => `${code} ${meaning}`,
  );

  expect(listed).toHaveLength(Object.keys(exitCodes).length);
  expect(
    printExitCodes()
      .split("\n")
      .map((line) => line.trim().replace(/ +/, " ")),
  ).toEqual(listed);
});

/** Makes an npx that runs the command of this checkout, as it does in the folder of a project. */
function writeNpx(): string {
  const folder = join(directory, "bin");
  mkdirSync(folder);
  writeFileSync(join(folder, "npx"), `#!/bin/sh\nshift\nexec '${process.execPath}' '${program}' "$@"\n`);
  chmodSync(join(folder, "npx"), 0o755);
  return folder;
}
