import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { SyntaxProblem } from "../src/odata/syntax/syntax-problem.ts";
import { exceptions, outOfScope } from "./conformance-exceptions.ts";
import { checks } from "./conformance-rules.ts";

// Runs the standard's own cases of its URL grammar: what is right must parse, what is wrong must be refused.
// Usage: node scripts/conformance.ts <folder with oasis-abnf/odata-abnf-testcases.yaml>

type TestCase = {
  readonly name: string;
  readonly rule: string;
  readonly input: string;
  readonly failAt: number | undefined;
};

type Outcome = {
  readonly testCase: TestCase;
  readonly agrees: boolean;
  readonly answer: string;
  readonly position: number | undefined;
};

process.exitCode = main(process.argv[2] ?? ".");

function main(folder: string): number {
  const cases = readCases(join(folder, "oasis-abnf", "odata-abnf-testcases.yaml"));
  const outcomes: Outcome[] = [];
  const skipped = new Map<string, number>();
  for (const testCase of cases) {
    const check = checks.get(testCase.rule.toLowerCase());
    if (check === undefined) skipped.set(testCase.rule, (skipped.get(testCase.rule) ?? 0) + 1);
    else outcomes.push(runCase(testCase, check));
  }
  const complaints = [...findDifferences(outcomes), ...findUnexplained(skipped), ...findStale(outcomes)];
  printReport(cases.length, outcomes, skipped, complaints);
  return complaints.length === 0 ? 0 : 1;
}

function readCases(file: string): readonly TestCase[] {
  const document: unknown = parseDocument(readFileSync(file, "utf8")).toJS();
  return listAt(document, "TestCases").map((row) => ({
    name: textAt(row, "Name"),
    rule: textAt(row, "Rule"),
    input: textAt(row, "Input"),
    failAt: numberAt(row, "FailAt"),
  }));
}

function runCase(testCase: TestCase, check: (input: string) => void): Outcome {
  const isWrong = testCase.failAt !== undefined;
  try {
    check(testCase.input);
    return { testCase, agrees: !isWrong, answer: "accepted", position: undefined };
  } catch (problem) {
    if (!(problem instanceof SyntaxProblem)) throw problem;
    return { testCase, agrees: isWrong, answer: problem.message, position: problem.position };
  }
}

function findDifferences(outcomes: readonly Outcome[]): readonly string[] {
  return outcomes
    .filter((outcome) => !outcome.agrees && exceptionOf(outcome.testCase) === undefined)
    .map(({ testCase, answer }) => `${describe(testCase)}  (${digestOf(testCase)}): ${answer}`);
}

function findUnexplained(skipped: ReadonlyMap<string, number>): readonly string[] {
  const rules = [...skipped.keys()].filter((rule) => !outOfScope.some((entry) => entry.rules.includes(rule)));
  return rules.map((rule) => `The rule ${rule} is neither checked nor listed as out of scope.`);
}

/** An exception that is none any more must leave the list, so that the list stays true. */
function findStale(outcomes: readonly Outcome[]): readonly string[] {
  const used = new Set(outcomes.filter(({ agrees }) => !agrees).map(({ testCase }) => digestOf(testCase)));
  const stale = exceptions.filter(({ digest }) => !used.has(digest));
  return stale.map(({ digest, reason }) => `The exception ${digest} is not needed any more: ${reason}`);
}

function exceptionOf(testCase: TestCase): (typeof exceptions)[number] | undefined {
  const digest = digestOf(testCase);
  return exceptions.find((exception) => exception.digest === digest);
}

// The cases belong to their standard and stay in its file; here a case is named by a digest of it.
function digestOf({ rule, input }: TestCase): string {
  return createHash("sha256").update(`${rule} ${input}`).digest("hex").slice(0, 8);
}

function describe({ rule, input, failAt }: TestCase): string {
  return `${rule}  ${input}  ${failAt === undefined ? "should parse" : `should fail at ${failAt}`}`;
}

function listExceptions(outcomes: readonly Outcome[]): readonly string[] {
  return outcomes.flatMap(({ testCase, agrees, answer }) => {
    const exception = agrees ? undefined : exceptionOf(testCase);
    if (exception === undefined) return [];
    return [`  ${describe(testCase)}`, `      here: ${answer}`, `      why: ${exception.reason}`];
  });
}

function printReport(
  total: number,
  outcomes: readonly Outcome[],
  skipped: ReadonlyMap<string, number>,
  complaints: readonly string[],
): void {
  const wrong = outcomes.filter(({ testCase }) => testCase.failAt !== undefined);
  const right = outcomes.filter(({ testCase }) => testCase.failAt === undefined);
  const refused = wrong.filter(({ agrees }) => agrees);
  const samePlace = refused.filter(({ testCase, position }) => testCase.failAt === position);
  const lines = [
    `${total} cases, of them ${outcomes.length} of the grammar of URLs and query options`,
    `right inputs that parse: ${right.filter(({ agrees }) => agrees).length} of ${right.length}`,
    `wrong inputs that are refused: ${refused.length} of ${wrong.length}, ${samePlace.length} at the very same character`,
    "",
    `Exceptions (${exceptions.length}):`,
    ...listExceptions(outcomes),
    "",
    "Out of scope:",
    ...outOfScope.map(
      ({ rules, reason }) => `  ${countOf(rules, skipped)} cases of ${rules.join(", ")}\n      ${reason}`,
    ),
    "",
    complaints.length === 0 ? "No difference that is not listed." : `Differences (${complaints.length}):`,
    ...complaints.map((complaint) => `  ${complaint}`),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

function countOf(rules: readonly string[], skipped: ReadonlyMap<string, number>): number {
  return rules.reduce((sum, rule) => sum + (skipped.get(rule) ?? 0), 0);
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

function listAt(value: unknown, name: string): readonly unknown[] {
  const list = memberOf(value, name);
  if (!Array.isArray(list)) throw new Error(`The file has no list '${name}'.`);
  return list;
}

function textAt(value: unknown, name: string): string {
  const text = memberOf(value, name);
  if (typeof text !== "string") throw new Error(`A case has no text '${name}'.`);
  return text;
}

function numberAt(value: unknown, name: string): number | undefined {
  const number = memberOf(value, name);
  return typeof number === "number" ? number : undefined;
}
