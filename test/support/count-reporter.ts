import type { Reporter, TestModule } from "vitest/node";

/** Ends the output of a run with one plain line: how many tests passed and how many failed. */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const passed = tests.filter((test) => test.result().state === "passed").length;
    // A file that cannot be loaded has no tests to fail, and an error outside of a test belongs to none.
    const broken = modules.filter((module) => module.errors().length > 0).length + errors.length;
    process.stdout.write(`\n${passed} passed, ${tests.length - passed + broken} failed\n`);
  }
}
