import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);
const source = new URL("../../src/cli/mark-at-once.ts", import.meta.url).href;

// Keeps more and more, until V8 has collected its whole heap several times, and prints which of it was asked for.
const program = `
import { constants, PerformanceObserver } from "node:perf_hooks";
import { markAtOnce } from ${JSON.stringify(source)};
markAtOnce();
const collections = [];
new PerformanceObserver((list) => {
  for (const { detail } of list.getEntries()) {
    if (detail.kind !== constants.NODE_PERFORMANCE_GC_MAJOR) continue;
    collections.push(detail.flags === constants.NODE_PERFORMANCE_GC_FLAGS_FORCED ? "asked for" : "by itself");
  }
  if (collections.length < 3) return;
  console.log(JSON.stringify(collections));
  process.exit();
}).observe({ entryTypes: ["gc"] });
const kept = [];
setInterval(() => kept.push(Array.from({ length: 2_000 }, (_, index) => ({ index }))), 1);
`;

async function collections(flags: readonly string[]): Promise<readonly string[]> {
  const words = [
    ...flags,
    "--max-semi-space-size=1",
    "--heap-growing-percent=25",
    "--input-type=module",
    "--eval",
    program,
  ];
  const { stdout } = await run(process.execPath, words);
  return JSON.parse(stdout);
}

test("a heap is collected as soon as it is marked", async () => {
  expect(await collections(["--expose-gc"])).toContain("asked for");
});

test("a heap is collected as V8 does it where nobody can ask for it", async () => {
  expect(await collections([])).not.toContain("asked for");
});
