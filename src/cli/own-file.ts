import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Reads a file of a data directory, and makes it first when there is none: only its owner may read it. Of two processes
 * that make one at the same time the first counts.
 */
export async function readOwnFile(directory: string, name: string, make: () => Promise<string>): Promise<string> {
  const file = join(directory, name);
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (!isCode(error, "ENOENT")) throw error;
  }
  const text = await make();
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  try {
    writeFileSync(file, text, { mode: 0o600, flag: "wx" });
    return text;
  } catch (error) {
    if (!isCode(error, "EEXIST")) throw error;
    return readFileSync(file, "utf8");
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
