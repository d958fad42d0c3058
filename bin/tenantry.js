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
const words = process.argv.slice(2);
keepHeapSmall();
// What Node has compiled it keeps for the next start; where it cannot write, it does without. Not in the common directory
// for temporary files, which is where it would by itself: there others could put code in its place.
enableCompileCache(join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "tenantry"));
// A checkout runs its sources; the published package has only what was built from them.
const source = new URL("../src/cli/main.ts", import.meta.url);
const { main } = await import(existsSync(source) ? source.href : new URL("../dist/cli/main.js", import.meta.url).href);
await main(words);

/**
 * A server begins anew, as the same process, with bounds for the garbage that waits to be collected, and one thread beside
 * its own that helps to collect it: V8 takes them only at its start, and by itself lets garbage grow to several times what
 * is in use, and four threads contend for the cores. Nor may it make objects as old ones: it decides so of the rows of a
 * page when it once finds many of them in use. With `--expose-gc` the server has it collect what it has marked
 * (src/cli/mark-at-once.ts, docs/decisions/0181-memory.md). Whoever sets them keeps them as they are, and Windows cannot
 * replace a process.
 */
function keepHeapSmall() {
  const [command = "serve"] = words;
  const isServer = command === "serve" || command.startsWith("-");
  const given = `${process.execArgv.join(" ")} ${process.env.NODE_OPTIONS ?? ""}`;
  if (!isServer || process.execve === undefined || given.includes("-semi-space-size")) return;
  const heap = ["--max-semi-space-size=16", "--heap-growing-percent=25", "--no-allocation-site-pretenuring"];
  const flags = [...process.execArgv, ...heap, "--v8-pool-size=1", "--expose-gc"];
  // Where malloc of glibc may set them itself, it soon takes blocks of megabytes from its heap, which keeps the gaps.
  const malloc = { MALLOC_MMAP_THRESHOLD_: "131072", MALLOC_TRIM_THRESHOLD_: "131072" };
  process.execve(process.execPath, [process.execPath, ...flags, ...process.argv.slice(1)], {
    ...malloc,
    ...process.env,
  });
}
