import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { publint } from "publint";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readCodeBlocks } from "../docs/code-blocks.ts";
import { openPlace } from "../docs/place.ts";
import { createStorage, startProcess } from "../support/process.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../", import.meta.url));
const bin = join(root, "node_modules/.bin");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const clientBytesMax = 10_000;

const directory = mkdtempSync(join(tmpdir(), "tenantry-package-"));
const installed = join(directory, "node_modules/tenantry");
let tarball: string;
// Packing builds first, as publishing does.
beforeAll(async () => {
  await run("npm", ["pack", "--silent", "--pack-destination", directory], { cwd: root });
  tarball = join(directory, readdirSync(directory).find((name) => name.endsWith(".tgz")) ?? "");
  mkdirSync(installed, { recursive: true });
  await run("tar", ["-xzf", tarball, "-C", installed, "--strip-components=1"]);
}, 240_000);
afterAll(() => rmSync(directory, { recursive: true }));

test("the package is as publint wants it", async () => {
  const { messages } = await publint({ pkgDir: installed, strict: true, pack: false });

  expect(messages).toEqual([]);
});

test("its types are found by every way of resolving modules that knows ESM", { timeout: 60_000 }, async () => {
  const words = [tarball, "--profile", "esm-only", "--no-color", "--format", "table-flipped"];

  const { stdout } = await run(join(bin, "attw"), words);

  expect(stdout).toMatch(/"tenantry\/client" +│ 🟢 \(ESM\) +│ 🟢 +│/u);
});

test("the client weighs less than 10 kB gzipped and needs nothing else", () => {
  const files = findModules(join(installed, "dist/client/client.js"));

  const bytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0);

  expect(files.map((file) => relative(installed, file))).toContain("dist/client/send.js");
  expect(bytes).toBeLessThan(clientBytesMax);
});

test.each(["nodenext", "bundler"])(
  "the examples of docs/client.md compile with the packed types, resolved as %s and without those of Node",
  { timeout: 120_000 },
  async (moduleResolution) => {
    const folder = writeProgram(moduleResolution, "http://127.0.0.1:8080");

    const compiled = run(join(bin, "tsc"), ["-p", folder]);

    // What the compiler complains of stands in its output, not in the message of the failure.
    const { stdout } = await compiled.catch((failure: { readonly stdout: string }) => failure);
    expect(stdout).toBe("");
  },
);

test("the examples of docs/client.md run, also without the globals of Node", { timeout: 120_000 }, async () => {
  await using storage = await createStorage("sqlite");
  await using server = await startProcess(storage.flags);
  const folder = writeProgram("nodenext", server.origins[0] ?? "");
  await run(join(bin, "tsc"), ["-p", folder]);
  const program = pathToFileURL(join(folder, "out/program.js")).href;
  const globals = ["process", "global"];
  const script = `
    globalThis.readToken = () => ${JSON.stringify(server.token)};
    for (const name of ${JSON.stringify(globals)}) delete globalThis[name];
    await import(${JSON.stringify(program)});`;

  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", script]);

  const lines = stdout.split("\n");
  expect(lines).toEqual(expect.arrayContaining(["completed 100", "Contoso", "1 of 1", "canceled domainReserved"]));
  expect(lines).toContain("companyProfile/domain");
});

test("the tests of docs/testing.md run with the packed client", { timeout: 120_000 }, async () => {
  using place = await openPlace();
  symlinkSync(join(directory, "node_modules"), join(place.folder, "node_modules"));

  const printed = await place.run("docs/testing.md");

  expect(printed).toMatch(/^. pass 2$/m);
  expect(printed).toContain("2 were imported");
});

test("the package serves when it is unpacked as docs/systemd.md says", { timeout: 60_000 }, async () => {
  using place = await openPlace();
  const unpacked = join(place.folder, "opt");
  // In place of npm install: the packages of this checkout. .ci/run installs them.
  const npm = `#!/bin/sh\n[ "$1" = install ] && ln -s '${root}node_modules' node_modules\n`;
  writeFileSync(join(place.folder, "bin/npm"), npm, { mode: 0o755 });
  await place.run("docs/systemd.md", { "tenantry-*.tgz": tarball, "/opt/tenantry": unpacked });
  const [, program = ""] = /^ExecStart=.*\/opt\/tenantry\/(\S+) serve$/m.exec(read("deploy/tenantry.service")) ?? [];

  await using server = await startProcess([], place.environment, join(unpacked, program));
  const operations = "/v1.0/customerCreationOperations";
  const opened = await server.send("POST", operations, { domain: "packed.onmicrosoft.com" });
  const attached = await server.send("POST", `${operations}/${opened.json.id}/customer/$ref`, {
    companyProfile: {},
    billingProfile: { companyName: "Packed" },
  });
  const shown = await statusesOf(["/portal/", "/docs/", "/docs/tutorial.html"], server.origins[0] ?? "");

  expect([opened.status, attached.status]).toEqual([201, 204]);
  expect(shown).toEqual([200, 200, 200]);
});

function statusesOf(paths: readonly string[], origin: string): Promise<readonly number[]> {
  return Promise.all(paths.map(async (path) => (await fetch(`${origin}${path}`)).status));
}

/** Lists the modules that a module imports, itself first. What is no file beside it is a failure. */
function findModules(file: string, known: readonly string[] = []): readonly string[] {
  if (known.includes(file)) return known;
  const imports = [...readFileSync(file, "utf8").matchAll(/^(?:import|export)\b.* from "(.+)";$/gm)];
  return imports.reduce<readonly string[]>(
    (found, [, name = ""]) => {
      expect(name).toMatch(/^\.\//);
      return findModules(join(dirname(file), name), found);
    },
    [...known, file],
  );
}

/** Writes the examples as one program, as a user of the package has it. */
function writeProgram(moduleResolution: string, origin: string): string {
  const folder = mkdtempSync(join(directory, "program-"));
  const compilerOptions = {
    strict: true,
    target: "es2024",
    lib: ["es2024", "dom", "dom.iterable"],
    types: [],
    module: moduleResolution === "nodenext" ? "nodenext" : "esnext",
    moduleResolution,
    outDir: "out",
    skipLibCheck: false,
  };
  const code = readCodeBlocks("docs/client.md", "ts")
    .map((block) => block.code)
    .join("\n")
    .replaceAll("http://127.0.0.1:8080", origin);
  writeFileSync(join(folder, "program.ts"), `${code}\ndeclare function readToken(): Promise<string>;\n`);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["program.ts"] }));
  return folder;
}
