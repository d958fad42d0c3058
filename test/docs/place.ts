import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findPort } from "../../scripts/follow-tutorial.ts";
import { isRun, type Place, runBlocks } from "../../scripts/run-page.ts";
import { readCodeBlocks } from "./code-blocks.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** An empty folder in which the code of pages is run, as in the folder of a project that has Tenantry. */
export interface ReadersPlace extends Disposable, Place {
  readonly environment: Readonly<Record<string, string>>;
  /** Runs the code of a page, with more that stands for something else, and gives what was printed. */
  run(page: string, replaced?: Readonly<Record<string, string>>): Promise<string>;
}

/** Makes such a place. Its commands speak to the port, by default a free one, on which pages start servers of their own. */
export async function openPlace({
  port,
  dataDirectory,
}: {
  port?: string;
  dataDirectory?: string;
} = {}): Promise<ReadersPlace> {
  const folder = mkdtempSync(join(tmpdir(), "tenantry-docs-"));
  const used = port ?? (await findPort());
  mkdirSync(join(folder, "bin"));
  writeFileSync(join(folder, "bin/npx"), npx, { mode: 0o755 });
  symlinkSync(join(root, "examples"), join(folder, "examples"));
  const environment = {
    PATH: `${join(folder, "bin")}:${process.env["PATH"]}`,
    HOME: folder,
    TENANTRY_URL: `http://127.0.0.1:${used}`,
    TENANTRY_PORT: used,
    TENANTRY_TLS_PORT: "0",
    TENANTRY_DATA_DIR: dataDirectory ?? join(folder, "data"),
  };
  // The pages speak to the default port, which may be somebody else's here.
  const replaced = { "127.0.0.1:8080": `127.0.0.1:${used}`, "--host 0.0.0.0": "--host 127.0.0.1" };
  return {
    folder,
    environment,
    replaced,
    run: (page, more = {}) =>
      runBlocks(readCodeBlocks(page).filter(isRun), { folder, environment, replaced: { ...replaced, ...more } }),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}

// It runs the command of this checkout, and the Node that runs the tests.
const npx = `#!/bin/sh
case "$1" in
  tenantry) shift; exec '${process.execPath}' '${join(root, "bin/tenantry.js")}' "$@" ;;
  node) shift; exec '${process.execPath}' "$@" ;;
  *) echo "No page may ask for $1." >&2; exit 1 ;;
esac
`;
