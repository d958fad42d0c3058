// Builds what is published: the program, the client with its types, the migrations, the web portal and the documentation.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { build } from "rolldown";
import { buildPortal } from "./build-portal.ts";
import { buildDocs } from "./docs-site/build.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const compiler = createRequire(import.meta.url).resolve("typescript/bin/tsc");

mkdirSync(`${root}dist`, { recursive: true });
// The portal and the documentation are kept: they are built again only when one of their sources has changed.
for (const name of readdirSync(`${root}dist`)) {
  if (!["portal", "docs"].includes(name)) rmSync(`${root}dist/${name}`, { recursive: true, force: true });
}
await buildProgram();
execFileSync(process.execPath, [compiler, "-p", "tsconfig.client.json"], { cwd: root, stdio: "inherit" });
cpSync(`${root}src/store/migrations`, `${root}dist/store/migrations`, { recursive: true });
buildPortal();
buildDocs();

/**
 * Puts the modules of the program together into few, as each that is loaded costs a start half a millisecond
 * (docs/decisions/0182-start.md). They lie as deep as their sources, which find other files by their own place.
 * Packages stay as they were installed.
 */
async function buildProgram(): Promise<void> {
  await build({
    cwd: root,
    input: { "cli/main": "./src/cli/main.ts", "store/sqlite-worker": "./src/store/sqlite-worker.ts" },
    platform: "node",
    external: /^@?[a-z][^:]*$/,
    output: { dir: "dist", entryFileNames: "[name].js", chunkFileNames: "cli/[name]-[hash].js" },
  });
}
