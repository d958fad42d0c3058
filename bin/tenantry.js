#!/usr/bin/env node
// The version is checked before anything is loaded that an older Node could not even read.
import { existsSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `Tenantry needs Node 22.19 or newer; this is ${process.versions.node}. Install a newer Node, or in a checkout use npm run.\n`,
  );
  process.exit(1);
}
// What Node has compiled it keeps for the next start; where it cannot write, it does without. Not in the common directory
// for temporary files, which is where it would by itself: there others could put code in its place.
enableCompileCache(join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "tenantry"));
// A checkout runs its sources; the published package has only what was built from them.
const source = new URL("../src/cli/main.ts", import.meta.url);
const { main } = await import(existsSync(source) ? source.href : new URL("../dist/cli/main.js", import.meta.url).href);
await main(process.argv.slice(2));
