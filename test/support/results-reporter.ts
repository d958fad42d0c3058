import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import type { Reporter, TestModule } from "vitest/node";

/** Where a run leaves its results, for `npm run checklist`. */
export const resultsFile = ".results/tests.json";

/** What became of one test: its file, its name behind those of its groups, and its state. */
export interface TestResult {
  readonly file: string;
  readonly name: string;
  readonly state: string;
}

/** Writes what became of each test of a run. */
export default class ResultsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const results = modules.flatMap((module) =>
      [...module.children.allTests()].map((test): TestResult => {
        const file = relative(process.cwd(), module.moduleId);
        return { file, name: test.fullName, state: test.result().state };
      }),
    );
    mkdirSync(dirname(resultsFile), { recursive: true });
    writeFileSync(resultsFile, `${results.map((result) => JSON.stringify(result)).join("\n")}\n`);
  }
}
