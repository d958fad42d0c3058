import fc from "fast-check";
import { expect, test } from "vitest";
import { parseExpression, parseOption } from "../../../src/odata/syntax/parse.ts";
import { printExpression } from "../../../src/odata/syntax/print-expression.ts";
import { printSearch } from "../../../src/odata/syntax/print-search.ts";
import { parseQueryString } from "../../../src/odata/syntax/query-string.ts";
import { parseRelativeUrl } from "../../../src/odata/syntax/relative-url.ts";
import { SyntaxProblem } from "../../../src/odata/syntax/syntax-problem.ts";
import { expression, search } from "./arbitrary-expression.ts";
import { withoutPositions } from "./fault.ts";

test("a printed expression parses to the same tree", () => {
  const limits = { lengthMax: 1_000_000, depthMax: 1_000, termsMax: 1_000_000 };

  fc.assert(
    fc.property(expression, (tree) => {
      const again = parseExpression(printExpression(tree), limits);

      expect(withoutPositions(again)).toEqual(withoutPositions(tree));
    }),
    { numRuns: 2_000 },
  );
});

test("the random expressions have nodes of every kind", () => {
  const kinds = new Set<unknown>();
  const collect = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    if ("kind" in node) kinds.add(node.kind);
    Object.values(node).forEach(collect);
  };

  fc.sample(expression, 3_000).forEach(collect);

  const literals = ["null", "boolean", "number", "string", "guid", "date", "dateTimeOffset", "timeOfDay", "duration"];
  const others = ["enum", "binary", "geometry", "geography", "array", "object", "member", "list", "type"];
  const operations = ["infix", "not", "negate", "has", "in", "cast", "isof", "case", "method"];
  const segments = ["path", "name", "variable", "alias", "call", "parameter", "key", "compoundKey", "annotation"];
  const ends = ["filterSegment", "any", "all", "count", "filter", "search"];
  expect([...kinds]).toEqual(expect.arrayContaining([...literals, ...others, ...operations, ...segments, ...ends]));
});

test("a printed search parses to the same tree", () => {
  fc.assert(
    fc.property(search, (tree) => {
      const again = parseOption("$search", printSearch(tree));

      expect(withoutPositions(again)).toEqual({ kind: "search", search: withoutPositions(tree) });
    }),
  );
});

test.each([
  ["parentheses stand only where they are needed", "((a)) and ((b or (c)))", "a and (b or c)"],
  ["operators and functions are small", "A EQ 1 AND StartsWith(b,'x')", "A eq 1 and startswith(b,'x')"],
  ["a negated number keeps its parentheses", "-(1) add - a", "-(1) add -a"],
  ["the right operand of one rank keeps its parentheses", "a sub (b sub c)", "a sub (b sub c)"],
  ["a membership under not needs no parentheses", "not (a in (1))", "not a in (1)"],
  ["an operand of not keeps its parentheses", "not (a eq 1)", "not (a eq 1)"],
  ["texts of arrays are in single quotes", '["it\'s"]', "['it''s']"],
  ["a lone literal right of in is told from a list", "[a in 1,a in ((1)),a in (1)]", "[a in 1,a in 1,a in (1)]"],
])("%s", (_name, input, expected) => {
  const printed = printExpression(parseExpression(input));

  expect(printed).toBe(expected);
});

test("whatever is sent is either read or refused with a position within the text", () => {
  const pieces = [
    ...["a", "b.c", "any(", "all(", "x:", "/", "(", ")", "[", "]", "{", "}", '"', "'", "''", ",", ";", ":", "=", " "],
    ...["@", "#", "$it", "$root/", "$count", "$filter(", "$select=", "$ref", "*", "-", "+", "1", "10:15", "2024-01-01"],
    ...[" eq ", " and ", " in ", " has ", "not ", "cast(", "case(", "concat(", "N.C'", "duration'", "geometry'SRID=0;"],
    ...["Point(", "%27", "%2F", "%", "?", "&", "AND", "OR", "NOT", "\\", "世", "\ud800"],
  ];
  const names = ["$filter", "$orderby", "$select", "$expand", "$search", "$compute", "$levels", "$format", "@p"];

  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 12 }), (chosen) => {
      const text = chosen.join("");
      for (const name of names) assertReadOrRefused(text, () => parseOption(name, text));
      assertReadOrRefused(text, () => parseQueryString(text));
      assertReadOrRefused(text, () => parseRelativeUrl(text));
    }),
    { numRuns: 5_000 },
  );
});

function assertReadOrRefused(text: string, step: () => unknown): void {
  try {
    step();
  } catch (problem) {
    if (!(problem instanceof SyntaxProblem)) throw problem;
    expect(problem.position).toBeGreaterThanOrEqual(0);
    expect(problem.position).toBeLessThanOrEqual(text.length);
  }
}
