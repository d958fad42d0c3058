import { describe, expect, test } from "vitest";
import { printChecklist } from "../../scripts/checklist-page.ts";
import { findFaults, may, must, type Requirement, should } from "./requirement.ts";

const passed = { file: "test/a/b.test.ts", name: "a thing on sqlite > is as it must be", state: "passed" };
const row = { ...passed, name: "a thing on postgres > is 7 of $top" };

describe("the list of requirements", () => {
  test.each<[string, Requirement, string[]]>([
    ["with a test that passed is right", must("1", "x", ["a/b > is as it must be"]), []],
    ["may name the groups of a test", must("1", "x", ["a/b > a thing on %s > is as it must be"]), []],
    ["refuses a test of one engine", must("1", "x", ["a/b > alone"]), ["'a/b > alone' was run on SQLite alone."]],
    ["may name all rows of a table", must("1", "x", ["a/b > is %i of $top"]), []],
    ["takes no part of a title for the title", must("1", "x", ["a/b > as it must be"]), [missing("as it must be")]],
    ["takes no test of another file", must("1", "x", ["a/c > is as it must be"]), [missing("is as it must be", "a/c")]],
    ["takes signs as they are", must("1", "x", ["a/b > is . of $top"]), [missing("is . of $top")]],
    ["refuses a test that failed", must("1", "x", ["a/b > fails"]), ["'test/a/b.test.ts > fails' has failed."]],
    ["refuses a test that was left out", must("1", "x", ["a/b > rests"]), ["'test/a/b.test.ts > rests' has skipped."]],
    ["refuses a MUST without a test", must("1", "x", [], "a reason"), ["no test shows this MUST."]],
    ["refuses a SHOULD without a test", should("1", "x", []), ["neither a test nor a reason stands by this SHOULD."]],
    ["accepts a reason for a SHOULD", should("1", "x", [], "a reason"), []],
    ["accepts a reason for a MAY", may("1", "x", [], "a reason"), []],
  ])("%s", (_sentence, requirement, faults) => {
    const results = [
      passed,
      { ...passed, name: "a thing on postgres > is as it must be" },
      { ...passed, name: "a thing on sqlite > alone" },
      row,
      { ...passed, name: "fails", state: "failed" },
      { ...passed, name: "rests", state: "skipped" },
    ];

    const found = findFaults([{ title: "List", source: "", requirements: [requirement] }], results);

    expect(found).toEqual(faults.map((fault) => `List, 1: ${fault}`));
  });

  test("refuses a number that stands twice", () => {
    const requirements = [may("1", "x", [], "a reason"), may("1", "y", [], "a reason")];

    expect(findFaults([{ title: "List", source: "", requirements }], [])).toEqual(["List, 1: stands twice."]);
  });

  test("is printed with its levels, its tests and its reasons", () => {
    const requirements = [
      must("1", "a | b", ["a/b > is 7"]),
      should("2", "more", [], "No time."),
      should("3", "enough", ["a/b > is 8"], "In its way."),
    ];

    const page = printChecklist([{ title: "List", source: "A standard.", requirements }]);

    expect(page).toContain("| List | 1 | 1 | 1 | 0 |");
    expect(page).toContain("| 1 | MUST | a \\| b | [a/b](../test/a/b.test.ts): is 7 |");
    expect(page).toContain("| 2 | SHOULD | more | **Not met.** No time. |");
    expect(page).toContain("| 3 | SHOULD | enough | [a/b](../test/a/b.test.ts): is 8<br>In its way. |");
  });
});

function missing(title: string, file = "a/b"): string {
  return `'${file} > ${title}' is no test that was run.`;
}
