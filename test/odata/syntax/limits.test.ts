import { describe, expect, test } from "vitest";
import { syntaxLimits } from "../../../src/odata/syntax/limits.ts";
import { parseExpression, parseOption } from "../../../src/odata/syntax/parse.ts";
import { parseResourcePath } from "../../../src/odata/syntax/resource-path.ts";
import { faultOf } from "./fault.ts";

const atOnceMillisecondsMax = 50;
const attempts = 3;
const generous = { lengthMax: 10_000_000, depthMax: 100, termsMax: 1_000 } as const;

const hostile: readonly (readonly [string, () => unknown])[] = [
  ["parentheses", () => parseExpression("(".repeat(2_000))],
  ["closed parentheses", () => parseExpression(`${"(".repeat(2_000)}a${")".repeat(2_000)}`)],
  ["negations", () => parseExpression("not ".repeat(3_000))],
  ["minuses", () => parseExpression("-".repeat(15_000))],
  ["methods", () => parseExpression("tolower(".repeat(1_900))],
  ["casts", () => parseExpression("cast(".repeat(3_000))],
  ["cases", () => parseExpression("case(".repeat(3_000))],
  ["arrays", () => parseExpression("[".repeat(15_000))],
  ["objects", () => parseExpression('{"a":'.repeat(3_000))],
  ["lambdas", () => parseExpression("a/any(x:".repeat(1_900))],
  ["filters on the way", () => parseExpression("a/$filter(".repeat(1_500))],
  ["function calls", () => parseExpression("f(a=".repeat(3_500))],
  ["lists of in", () => parseExpression("a in (".repeat(2_500))],
  ["counts with options", () => parseExpression("a/$count($filter=".repeat(900))],
  ["expansions", () => parseOption("$expand", "a($expand=".repeat(1_500))],
  ["selections", () => parseOption("$select", "a($select=".repeat(1_500))],
  ["searches", () => parseOption("$search", `${"(".repeat(2_000)}`)],
  ["negated searches", () => parseOption("$search", "NOT ".repeat(3_900))],
  ["collections of shapes", () => parseExpression(`geometry'SRID=0;${"GeometryCollection(".repeat(800)}`)],
  ["filters in a path", () => parseResourcePath("$filter(/".repeat(1_700))],
];

/** What is wrong, and how long it takes to say so. Another process may have the processor for a while: the shortest counts. */
function timedFaultOf(step: () => unknown) {
  const tried = Array.from({ length: attempts }, () => {
    const start = performance.now();
    const problem = faultOf(step);
    return { problem, milliseconds: performance.now() - start };
  });
  return tried.reduce((least, each) => (each.milliseconds < least.milliseconds ? each : least));
}

describe("nesting without end is refused at once:", () => {
  test.each(hostile)("%s", (_name, step) => {
    const { problem, milliseconds } = timedFaultOf(step);

    expect(problem.message).not.toBe("");
    expect(milliseconds).toBeLessThan(atOnceMillisecondsMax);
  });
});

describe("length without end is refused at once:", () => {
  test.each([
    ["terms", () => parseExpression(Array(10_000).fill("a eq 1").join(" or "), generous)],
    ["values of a list", () => parseExpression(`a in (${Array(10_000).fill("1").join(",")})`, generous)],
    ["items of an array", () => parseExpression(`[${Array(10_000).fill("1").join(",")}]`, generous)],
    ["selected properties", () => parseOption("$select", Array(10_000).fill("a").join(","), generous)],
    ["segments of a selection", () => parseOption("$select", Array(10_000).fill("a").join("/"), generous)],
    ["segments of a path", () => parseExpression(Array(10_000).fill("a").join("/"), generous)],
    ["words of a search", () => parseOption("$search", Array(10_000).fill("a").join(" "), generous)],
    ["characters", () => parseExpression("a".repeat(syntaxLimits.lengthMax + 1))],
  ] as const)("%s", (_name, step) => {
    const { problem, milliseconds } = timedFaultOf(step);

    expect(problem.message).toMatch(/more|at most/);
    expect(milliseconds).toBeLessThan(atOnceMillisecondsMax);
  });
});

describe("what is within the limits is read:", () => {
  test("99 parentheses", () => {
    const tree = parseExpression(`${"(".repeat(99)}a${")".repeat(99)}`);

    expect(tree.kind).toBe("path");
  });

  test("500 comparisons", () => {
    const tree = parseExpression(Array(500).fill("a eq 1").join(" or "));

    expect(tree.kind).toBe("infix");
  });
});

test("the limits are the caller's to choose", () => {
  const problem = faultOf(() => parseExpression("((a))", { ...syntaxLimits, depthMax: 2 }));

  expect(problem.message).toBe("Constructs may be nested 2 deep, not deeper.");
});
