import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compressFiles } from "./compress-files.ts";
import { isFresh } from "./fresh.ts";

const portal = fileURLToPath(new URL("../portal/", import.meta.url));
const types = fileURLToPath(new URL("../src/client/types.ts", import.meta.url));
const built = fileURLToPath(new URL("../dist/portal/", import.meta.url));

/**
 * Builds the web portal into `dist/portal`, with a compressed copy of each asset beside it, so that none is compressed
 * twice. It does nothing when what is there is younger than every source.
 */
export function buildPortal(): void {
  if (isFresh(`${built}index.html`, [portal, types])) return;
  const vite = dirname(createRequire(`${portal}package.json`).resolve("vite/package.json"));
  execFileSync(process.execPath, [join(vite, "bin/vite.js"), "build", "--logLevel", "warn"], {
    cwd: portal,
    // In the tests it is "test", and React would come as it is for its developers: larger, and several times slower.
    env: { ...process.env, NODE_ENV: "production" },
    stdio: "inherit",
  });
  compressFiles(`${built}assets/`);
}
