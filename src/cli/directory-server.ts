import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isValues } from "../model/define.ts";

const fileName = "server.json";

/** Notes in a data directory where the server is that uses it, and gives what takes the note away. */
export function noteServer(directory: string, origin: string): () => void {
  const file = join(directory, fileName);
  writeFileSync(file, `${JSON.stringify({ origin, processId: process.pid })}\n`, { mode: 0o600 });
  return () => rmSync(file, { force: true });
}

/** Reads where the server is that last used a data directory; undefined when none has left a note. */
export function findServer(directory: string): string | undefined {
  try {
    const note: unknown = JSON.parse(readFileSync(join(directory, fileName), "utf8"));
    const origin = isValues(note) ? note["origin"] : undefined;
    return typeof origin === "string" ? origin : undefined;
  } catch {
    return undefined;
  }
}
