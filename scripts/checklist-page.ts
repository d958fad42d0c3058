import { type Requirement, type Section, splitName } from "../test/conformance/requirement.ts";

/** Prints the page that says which requirements are met, and by which tests it is shown. */
export function printChecklist(sections: readonly Section[]): string {
  const lines = [
    "# What is required, and what shows that it is so",
    "",
    "This page is written by `npm run checklist` from a run of the tests. It is not written when a test that it names",
    "does not exist, was not run or did not pass, or when nothing shows a MUST. A name that holds `%s` or `$name` stands",
    "for every row of a table of cases; where a test has engines, all of them have passed.",
    "",
    "The objections of a reviewer of Microsoft Graph are answered in",
    "[decision 25](decisions/0025-objections-of-a-graph-reviewer.md).",
    "",
    "| List | MUST | SHOULD, met | SHOULD, not met | MAY, met |",
    "|---|---|---|---|---|",
    ...sections.map(printCounts),
    ...sections.flatMap(printSection),
  ];
  return `${lines.join("\n")}\n`;
}

function printCounts({ title, requirements }: Section): string {
  const count = (level: Requirement["level"], isMet: boolean) =>
    requirements.filter((each) => each.level === level && each.tests.length > 0 === isMet).length;
  return `| ${title} | ${count("MUST", true)} | ${count("SHOULD", true)} | ${count("SHOULD", false)} | ${count("MAY", true)} |`;
}

function printSection({ title, source, requirements }: Section): readonly string[] {
  return [
    "",
    `## ${title}`,
    "",
    source,
    "",
    "| | Level | It asks for | Shown by |",
    "|---|---|---|---|",
    ...requirements.map(printRequirement),
  ];
}

function printRequirement({ number, level, demand, tests, note }: Requirement): string {
  const shown = [
    ...tests.map((test) => printTest(test)),
    ...(note === undefined ? [] : [`${tests.length === 0 ? "**Not met.** " : ""}${escapeCell(note)}`]),
  ];
  return `| ${number} | ${level} | ${escapeCell(demand)} | ${shown.join("<br>")} |`;
}

function printTest(test: string): string {
  const { file, title } = splitName(test);
  const shown = file.replace(/^test\//, "").replace(/\.test\.ts$/, "");
  return `[${shown}](../${file}): ${escapeCell(title)}`;
}

function escapeCell(text: string): string {
  return text.replace(/[\\|<>*_[\]]/g, "\\$&");
}
