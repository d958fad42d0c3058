import type { TestResult } from "../support/results-reporter.ts";

/** What a standard or a guideline asks for, and how it is shown that we do it. */
export interface Requirement {
  /** Its place in the list that it comes from. */
  readonly number: string;
  readonly level: "MUST" | "SHOULD" | "MAY";
  /** What it asks for, in our own words. */
  readonly demand: string;
  /**
   * The tests that show it: a file under `test/` without its ending, ` > `, and a title as the source has it, in which
   * `%s`, `$name` and the like stand for anything.
   */
  readonly tests: readonly string[];
  /** Why it is not done, or what to know about how it is. */
  readonly note?: string;
}

/** One list of requirements. */
export interface Section {
  readonly title: string;
  readonly source: string;
  readonly requirements: readonly Requirement[];
}

/** Something that has to be so. */
export function must(number: string, demand: string, tests: readonly string[], note?: string): Requirement {
  return { number, level: "MUST", demand, tests, ...(note === undefined ? {} : { note }) };
}

/** Something that is to be so unless a reason speaks against it, which stands in the note. */
export function should(number: string, demand: string, tests: readonly string[], note?: string): Requirement {
  return { number, level: "SHOULD", demand, tests, ...(note === undefined ? {} : { note }) };
}

/** Something that is free to be so. */
export function may(number: string, demand: string, tests: readonly string[], note?: string): Requirement {
  return { number, level: "MAY", demand, tests, ...(note === undefined ? {} : { note }) };
}

/** Says what is wrong with the requirements, given what became of the tests: one sentence each. */
export function findFaults(sections: readonly Section[], results: readonly TestResult[]): readonly string[] {
  return sections.flatMap(({ title, requirements }) => [
    ...findTwice(requirements).map((number) => `${title}, ${number}: stands twice.`),
    ...requirements.flatMap((requirement) =>
      faultsOf(requirement, results).map((fault) => `${title}, ${requirement.number}: ${fault}`),
    ),
  ]);
}

function findTwice(requirements: readonly Requirement[]): readonly string[] {
  const numbers = requirements.map(({ number }) => number);
  return numbers.filter((number, index) => numbers.indexOf(number) !== index);
}

function faultsOf({ level, tests, note }: Requirement, results: readonly TestResult[]): readonly string[] {
  if (tests.length === 0 && level === "MUST") return ["no test shows this MUST."];
  if (tests.length === 0 && note === undefined) return [`neither a test nor a reason stands by this ${level}.`];
  return tests.flatMap((test) => {
    const named = results.filter((result) => isNamed(test, result));
    if (named.length === 0) return [`'${test}' is no test that was run.`];
    const isOn = (engine: string) => named.some(({ name }) => name.includes(engine));
    if (isOn("on sqlite") && !isOn("on postgres")) return [`'${test}' was run on SQLite alone.`];
    return named
      .filter(({ state }) => state !== "passed")
      .map(({ file, name, state }) => `'${file} > ${name}' has ${state}.`);
  });
}

/** Splits the name of a test into its file, from the root of the project, and its title. */
export function splitName(test: string): { readonly file: string; readonly title: string } {
  const [stem = "", ...title] = test.split(" > ");
  return { file: `test/${stem}.test.ts`, title: title.join(" > ") };
}

function isNamed(test: string, { file, name }: TestResult): boolean {
  const named = splitName(test);
  return file === named.file && patternOf(named.title).test(name);
}

// A title may leave out the groups around the test, and stands for every row of a table.
function patternOf(title: string): RegExp {
  const parts = title.split(/%[sijdfoO]|\$(?:name|method|path|scheme|engine|set)\b/);
  return new RegExp(`^(?:.* > )?${parts.map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join(".*")}$`, "s");
}
