import { execFile } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createStorage, startProcess } from "../support/process.ts";
import { engines } from "../support/service.ts";
import { newName } from "./graph-client.ts";

const run = promisify(execFile);
const modules = fileURLToPath(new URL("../../node_modules", import.meta.url));
const program = fileURLToPath(new URL("typed-client-program.ts", import.meta.url));

const compilerOptions = {
  strict: true,
  target: "es2024",
  lib: ["es2024", "dom"],
  module: "commonjs",
  moduleResolution: "bundler",
  types: ["node"],
  rootDir: ".",
  outDir: "out",
  skipLibCheck: true,
} as const;

describe("a client that odata2ts generates from $metadata", () => {
  const folder = mkdtempSync(join(tmpdir(), "tenantry-typed-client-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  beforeAll(async () => {
    await using storage = await createStorage("sqlite");
    await using server = await startProcess(storage.flags);
    const metadata = await (await fetch(`${server.origins[0]}/v1.0/$metadata`)).text();
    writeProject(folder, metadata);
    await run(process.execPath, [join(modules, "@odata2ts/odata2ts/lib/run-cli.js")], { cwd: folder });
  });

  test("compiles under the strict rules of TypeScript, with a program that uses it", async () => {
    const compiled = run(process.execPath, [join(modules, "typescript/bin/tsc"), "-p", folder]);

    // What the compiler complains of stands in its output, not in the message of the failure.
    const { stdout } = await compiled.catch((failure: { readonly stdout: string }) => failure);
    expect(stdout).toBe("");
  });

  test.each(engines)("creates, queries, expands, counts, changes and deletes on %s", async (engine) => {
    await using storage = await createStorage(engine);
    await using server = await startProcess(storage.flags);
    const prefix = newName();

    const words = [join(folder, "out/program.js"), `${server.origins[0]}/v1.0`, server.token, prefix];
    const { stdout } = await run(process.execPath, words);

    expect(JSON.parse(stdout)).toEqual({
      created: [`${prefix}a`, `${prefix}b`, `${prefix}c`],
      count: 2,
      listed: [
        [`${prefix}c`, true],
        [`${prefix}a`, true],
      ],
      operations: [[`${prefix}a.onmicrosoft.com`, [`${prefix}a`]]],
      opened: true,
      canceled: "canceled",
      deep: ["Contoso a"],
      changed: "Fabrikam",
      gone: 404,
    });
  });
});

/** Writes a project as a user of the generator has it. */
function writeProject(folder: string, metadata: string): void {
  const service = { source: "metadata.xml", output: "generated", byTypeAndName: findComputed(metadata) };
  const config = JSON.stringify({ emitMode: "ts", services: { tenantry: service } });
  symlinkSync(modules, join(folder, "node_modules"));
  copyFileSync(program, join(folder, "program.ts"));
  writeFileSync(join(folder, "metadata.xml"), metadata);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "commonjs" }));
  writeFileSync(join(folder, "odata2ts.config.cjs"), `module.exports = ${config};`);
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["program.ts"] }));
}

/** The generator does not read Core.Computed; its configuration says which properties only the server sets. */
function findComputed(metadata: string) {
  return [...metadata.matchAll(/<(EntityType|ComplexType) Name="(\w+)".*?<\/\1>/gs)].map(([text, type, name]) => ({
    type,
    name,
    properties: [
      ...text.matchAll(/<Property Name="(\w+)"[^>]*[^/]>(?:(?!<\/Property>).)*?Term="Core\.Computed"/gs),
    ].map(([, property]) => ({ name: property, managed: true })),
  }));
}
