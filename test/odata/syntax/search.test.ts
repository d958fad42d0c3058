import { describe, expect, test } from "vitest";
import { parseOption } from "../../../src/odata/syntax/parse.ts";
import { printSearch } from "../../../src/odata/syntax/print-search.ts";
import type { Search } from "../../../src/odata/syntax/search-tree.ts";
import { faultOf, withoutPositions } from "./fault.ts";

const accepted: readonly (readonly [string, string, string])[] = [
  ["a word is a search", "blue", "blue"],
  ["a word may hold signs and digits", "a-1,5/x:y='z", "a-1,5/x:y='z"],
  ["a word may hold a semicolon", "a;b", "a;b"],
  ["a phrase is quoted", '"deep blue"', "[deep blue]"],
  [
    "the phrase of Microsoft Graph names a property",
    '"displayName:Con" AND "mail:x"',
    "([displayName:Con] and [mail:x])",
  ],
  ["a quote and a backslash in a phrase are escaped", String.raw`"a\"b\\c\d"`, String.raw`[a"b\c\d]`],
  ["a space means and", "a b", "(a and b)"],
  ["AND binds tighter than OR", "a OR b AND c", "(a or (b and c))"],
  ["a space binds as AND does", "a OR b c", "(a or (b and c))"],
  ["NOT binds tightest", "NOT a b", "((not a) and b)"],
  ["NOT may be in the middle", "a NOT b", "(a and (not b))"],
  ["NOT may be repeated", "NOT NOT a", "(not (not a))"],
  ["NOT may touch its parenthesis", "NOT(a b)", "(not (a and b))"],
  ["parentheses change the grouping", "( a OR b ) c", "((a or b) and c)"],
  ["operators are written in capitals", "a or b", "((a and or) and b)"],
  ["an operator alone is a word", "AND", "AND"],
  ["an operator without right side is a word", "a OR", "(a and OR)"],
  ["NOT before a word that looks like an operator negates it", "NOT NOT", "(not NOT)"],
  ["an operator before a closing parenthesis is a word", "(a AND)", "(a and AND)"],
  ["an unfinished search is in single quotes", `'"blue (' `, `{"blue (}`],
  ["a quote in an unfinished search is doubled", "'it''s'", "{it's}"],
  ["spaces in front and behind are tolerated", "  a  ", "a"],
];

describe("a search", () => {
  test.each(accepted)("%s", (_name, input, expected) => {
    const search = parseSearch(input);

    expect(outlineSearch(search)).toBe(expected);
  });

  test.each(accepted)("is the same after printing: %s", (_name, input) => {
    const search = parseSearch(input);

    const again = parseSearch(printSearch(search));

    expect(outlineSearch(again).replaceAll(/\[(AND|OR|NOT)\]/g, "$1")).toBe(outlineSearch(search));
  });

  test("knows where its parts begin", () => {
    const search = parseSearch("a AND NOT b c");

    expect(search).toEqual({
      kind: "and",
      position: 12,
      left: {
        kind: "and",
        position: 2,
        left: { kind: "word", text: "a", position: 0 },
        right: { kind: "not", position: 6, operand: { kind: "word", text: "b", position: 10 } },
      },
      right: { kind: "word", text: "c", position: 12 },
    });
    expect(withoutPositions(search)).not.toHaveProperty("position");
  });
});

const refused: readonly (readonly [string, string, number])[] = [
  ["an empty search is refused", "", 0],
  ["a phrase must be closed", '"blue', 5],
  ["a phrase must not be empty", '""', 0],
  ["a phrase must be parted from the next word", '"a"b', 3],
  ["a word must be parted from a parenthesis", "a(b)", 1],
  ["a parenthesis must be closed", "(a b", 4],
  ["a parenthesis must have been opened", "a)", 1],
  ["parentheses must not be empty", "()", 1],
  ["an unfinished search must be closed", "'a", 2],
  ["nothing follows an unfinished search", "'a' b", 4],
];

describe("a wrong search", () => {
  test.each(refused)("%s", (_name, input, position) => {
    const problem = faultOf(() => parseSearch(input));

    expect(problem.position).toBe(position);
  });
});

function parseSearch(text: string): Search {
  const option = parseOption("$search", text);
  if (option.kind !== "search") throw new Error(`It is a ${option.kind}.`);
  return option.search;
}

function outlineSearch(search: Search): string {
  switch (search.kind) {
    case "word":
      return search.text;
    case "phrase":
      return `[${search.text}]`;
    case "incomplete":
      return `{${search.text}}`;
    case "not":
      return `(not ${outlineSearch(search.operand)})`;
    case "and":
    case "or":
      return `(${outlineSearch(search.left)} ${search.kind} ${outlineSearch(search.right)})`;
  }
}
