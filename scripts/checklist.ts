import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { findFaults } from "../test/conformance/requirement.ts";
import { sections } from "../test/conformance/requirements/sections.ts";
import { resultsFile, type TestResult } from "../test/support/results-reporter.ts";
import { printChecklist } from "./checklist-page.ts";

const page = "docs/conformance.md";

// npm run checklist: writes the page from the last run of all tests; with --check it only compares, and says nothing
// when all is well.
const faults = findFaults(sections, readResults());
if (faults.length > 0) refuse(faults);
const printed = printChecklist(sections);
if (!process.argv.includes("--check")) writeFileSync(page, printed);
else if (!existsSync(page) || readFileSync(page, "utf8") !== printed) {
  refuse([`${page} is not what npm run checklist writes.`]);
}

function readResults(): readonly TestResult[] {
  if (!existsSync(resultsFile)) refuse(["There are no results: run npm test first, with no test left out."]);
  const lines = readFileSync(resultsFile, "utf8").trimEnd().split("\n");
  return lines.map((line) => {
    const { file, name, state } = JSON.parse(line);
    return { file, name, state };
  });
}

function refuse(sentences: readonly string[]): never {
  process.stderr.write(`${sentences.join("\n")}\n`);
  process.exit(1);
}
