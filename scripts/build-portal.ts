import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const portal = fileURLToPath(new URL("../portal/", import.meta.url));
const built = fileURLToPath(new URL("../dist/portal/", import.meta.url));
const brotliQuality = 9;

/**
 * Builds the web portal into `dist/portal`, with a compressed copy of each asset beside it, so that none is compressed
 * twice. It does nothing when what is there is younger than every source.
 */
export function buildPortal(): void {
  if (isFresh()) return;
  const vite = dirname(createRequire(`${portal}package.json`).resolve("vite/package.json"));
  execFileSync(process.execPath, [join(vite, "bin/vite.js"), "build", "--logLevel", "warn"], {
    cwd: portal,
    stdio: "inherit",
  });
  const assets = `${built}assets/`;
  for (const name of readdirSync(assets)) {
    const content = readFileSync(assets + name);
    writeFileSync(`${assets}${name}.gz`, gzipSync(content, { level: constants.Z_BEST_COMPRESSION }));
    const params = { [constants.BROTLI_PARAM_QUALITY]: brotliQuality };
    writeFileSync(`${assets}${name}.br`, brotliCompressSync(content, { params }));
  }
}

// A folder is younger than what was taken out of it or put into it.
function isFresh(): boolean {
  const page = `${built}index.html`;
  if (!existsSync(page)) return false;
  const sources = readdirSync(portal, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes("node_modules"));
  const types = fileURLToPath(new URL("../src/client/types.ts", import.meta.url));
  const youngest = Math.max(...[...sources, types].map((path) => statSync(path).mtimeMs));
  return statSync(page).mtimeMs > youngest;
}
