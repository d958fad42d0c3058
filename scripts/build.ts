// Builds what is published: the compiled sources, the client with its types, the migrations, the web portal and the
// documentation.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { buildPortal } from "./build-portal.ts";
import { buildDocs } from "./docs-site/build.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const compiler = createRequire(import.meta.url).resolve("typescript/bin/tsc");

mkdirSync(`${root}dist`, { recursive: true });
// The portal and the documentation are kept: they are built again only when one of their sources has changed.
for (const name of readdirSync(`${root}dist`)) {
  if (!["portal", "docs"].includes(name)) rmSync(`${root}dist/${name}`, { recursive: true, force: true });
}
for (const project of ["tsconfig.build.json", "tsconfig.client.json"]) {
  execFileSync(process.execPath, [compiler, "-p", project], { cwd: root, stdio: "inherit" });
}
cpSync(`${root}src/store/migrations`, `${root}dist/store/migrations`, { recursive: true });
buildPortal();
buildDocs();
