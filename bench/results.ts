import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { printPerformance } from "./performance-page.ts";
import type { MemoryReport, Report } from "./report.ts";

/** What was measured last and is kept: a run for each number of customers, and the memory. */
export interface Results {
  readonly runs: readonly Report[];
  readonly memory?: MemoryReport;
}

const file = fileURLToPath(new URL("./results.json", import.meta.url));
const page = fileURLToPath(new URL("../docs/performance.md", import.meta.url));

/** Reads the results that are kept. */
export function readResults(): Results {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { runs: [] };
}

/** Keeps a run in the place of the last one with as many customers, and writes the page anew. */
export function keepRun(run: Report): void {
  const { runs, ...rest } = readResults();
  const others = runs.filter(({ settings }) => settings.customers !== run.settings.customers);
  keep({ ...rest, runs: [...others, run].sort((a, b) => a.settings.customers - b.settings.customers) });
}

/** Keeps what the memory was, and writes the page anew. */
export function keepMemory(memory: MemoryReport): void {
  keep({ ...readResults(), memory });
}

function keep(results: Results): void {
  writeFileSync(file, `${JSON.stringify(results, undefined, 2)}\n`);
  // From what is kept, as whoever makes the page again later has it.
  writeFileSync(page, printPerformance(readResults()));
}
