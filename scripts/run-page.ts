import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { CodeBlock } from "./docs-site/markdown.ts";

const readySecondsMax = 240;

/** Where the code of a page is run, and what it is told. */
export interface Place {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What stands for something else there, such as a port that is somebody else's. */
  readonly replaced?: Readonly<Record<string, string>>;
}

/**
 * Runs the code of a page of the documentation in one shell, as a reader does who follows it: what is marked `sh` one
 * after the other, `sh background` in a terminal of its own until the end, and `file=NAME` is written into a file. It
 * fails with the first command that fails. Gives what was printed.
 */
export async function runBlocks(blocks: readonly CodeBlock[], place: Place): Promise<string> {
  const { folder, environment, replaced = {} } = place;
  const script = blocks.flatMap(printStep).join("\n");
  const text = Object.entries(replaced).reduce((all, [from, to]) => all.replaceAll(from, to), script);
  writeFileSync(join(folder, "page.sh"), `${prelude}\n${text}\n`);
  const { stdout, stderr } = await promisify(execFile)("bash", [join(folder, "page.sh")], {
    cwd: folder,
    env: environment,
    maxBuffer: 50_000_000,
  });
  return stdout + stderr;
}

/** Tells whether a reader is meant to run a block. */
export function isRun({ language, marks }: CodeBlock): boolean {
  return language === "sh" || fileOf(marks) !== undefined;
}

function printStep({ language, marks, code }: CodeBlock, index: number): readonly string[] {
  const file = fileOf(marks);
  if (file !== undefined) return [`cat > '${file}' <<'END_OF_${index}'\n${code}END_OF_${index}`];
  if (language !== "sh") return [];
  if (!marks.includes("background")) return [code];
  return [`{\n${code}} > background-${index}.log 2>&1 &`, `await_ready $! background-${index}.log`];
}

function fileOf(marks: readonly string[]): string | undefined {
  return marks.find((mark) => mark.startsWith("file="))?.slice("file=".length);
}

// Each background job is a group of processes of its own, so that it ends with all that it has started.
const prelude = `
set -euo pipefail
set -m
end_all() { for job in $(jobs -p); do kill -TERM -- "-$job" 2>/dev/null || true; done; wait || true; }
trap end_all EXIT
await_ready() {
  for _ in $(seq ${readySecondsMax * 5}); do
    if grep -qE 'is ready|stays up|Listening' "$2"; then return 0; fi
    if ! kill -0 "$1" 2>/dev/null; then break; fi
    sleep 0.2
  done
  cat "$2" >&2
  return 1
}`;
