import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the checkout. */
export const root = fileURLToPath(new URL("../", import.meta.url));

/** Lays out what the package has, as npm would install it. */
export function pack(home: string): void {
  if (!existsSync(join(root, "dist/cli/main.js"))) throw new Error("There is no dist. Run: npm run build");
  for (const part of ["bin", "dist", "generated", "package.json"])
    cpSync(join(root, part), join(home, part), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(home, "node_modules"));
}

let command: string | undefined;

/** The command as users get it: what was built, and not the sources of a checkout. */
export function packedCommand(): string {
  if (command === undefined) {
    const home = mkdtempSync(join(tmpdir(), "tenantry-packed-"));
    process.once("exit", () => rmSync(home, { recursive: true, force: true }));
    pack(home);
    command = join(home, "bin/tenantry.js");
  }
  return command;
}
