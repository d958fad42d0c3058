import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** Tells whether a file that was built is younger than all files and folders that it was built from. */
export function isFresh(built: string, sources: readonly string[]): boolean {
  return existsSync(built) && statSync(built).mtimeMs > Math.max(...sources.flatMap(listTimes));
}

// A folder is younger than what was taken out of it or put into it.
function listTimes(source: string): readonly number[] {
  const time = statSync(source).mtimeMs;
  if (!statSync(source).isDirectory()) return [time];
  const within = readdirSync(source).filter((name) => name !== "node_modules");
  return [time, ...within.flatMap((name) => listTimes(join(source, name)))];
}
