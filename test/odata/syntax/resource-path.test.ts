import { describe, expect, test } from "vitest";
import { parseRelativeUrl } from "../../../src/odata/syntax/relative-url.ts";
import { parseResourcePath, type ResourceSegment } from "../../../src/odata/syntax/resource-path.ts";
import type { Parameter } from "../../../src/odata/syntax/tree.ts";
import { faultOf } from "./fault.ts";
import { outline } from "./outline.ts";

const accepted: readonly (readonly [string, string, readonly string[]])[] = [
  ["a path may be one name", "customers", ["customers"]],
  ["a key may be in parentheses", "customers('a')/profile", ["customers", "key 'a'", "profile"]],
  ["a key may have names", "lines(order=1,no=@n)", ["call lines order=integer:1 no=alias:n"]],
  ["a key may be a segment", "customers/7f-1/profile", ["customers", "text 7f-1", "profile"]],
  ["a key segment that looks like a name stays a name", "people/kim", ["people", "kim"]],
  ["an encoded slash is part of a key", "files('a%2Fb')", ["files", "key 'a/b'"]],
  ["an encoded slash is part of a key segment", "files/a%2F1", ["files", "text a/1"]],
  ["encoded punctuation is the same as plain", "customers%28%27it%27%27s%27%29", ["customers", "key 'it's'"]],
  ["a plus in a path is a plus", "files/a+b", ["files", "text a+b"]],
  ["the end may be a number or a reference", "a/b/$count", ["a", "b", "$count"]],
  ["each member may be acted on", "a/$filter(b eq 1)/$each/N.do", ["a", "filter (eq b integer:1)", "$each", "N.do"]],
  [
    "a filter in the path may hold slashes and parentheses",
    "a/$filter(b/c eq ')/(' or (d))/e",
    ["a", "filter (or (eq b/c ')/(') d)", "e"],
  ],
  ["a function has parameters", "a/N.f(x='y')/b", ["a", "call N.f x='y'", "b"]],
  ["a function may have none", "delta()", ["call delta "]],
  ["an ordinal is a segment", "a/tags/-1", ["a", "tags", "text -1"]],
  ["a whole service may be asked", "$all/N.T", ["$all", "N.T"]],
  ["sets may be joined", "$crossjoin(a,b)/$query", ["crossjoin a,b", "$query"]],
];

describe("a resource path", () => {
  test.each(accepted)("%s", (_name, path, expected) => {
    const segments = parseResourcePath(path);

    expect(segments.map(outlineSegment)).toEqual(expected);
  });

  test("counts positions in the decoded path", () => {
    const segments = parseResourcePath("a('%C3%A9')/b");

    expect(segments.map((segment) => segment.position)).toEqual([0, 1, 7]);
  });
});

const refused: readonly (readonly [string, string, number])[] = [
  ["an empty path is refused", "", 0],
  ["an empty segment is refused", "a//b", 2],
  ["a path must not begin with a qualified name", "N.f", 1],
  ["an unknown dollar word is refused", "a/$size", 2],
  ["dollar words keep their casing", "a/$COUNT", 2],
  ["nothing follows a reference", "a/$ref/$count", 6],
  ["nothing follows a raw value", "a/b/$value/c", 10],
  ["a plain slash ends a segment even in quotes", "files('a/b')", 8],
  ["a key is a literal", "a(id=b)", 5],
  ["a filter in the path must be closed", "a/$filter(b", 11],
  ["a filter in the path is checked", "a/$filter(b eq)", 12],
  ["named keys have commas between them", "a(b=1;c=2)", 5],
];

describe("a wrong resource path", () => {
  test.each(refused)("%s", (_name, path, position) => {
    const problem = faultOf(() => parseResourcePath(path));

    expect(problem.position).toBe(position);
  });
});

describe("a relative URL", () => {
  test("has a path and a query", () => {
    const { path, query } = parseRelativeUrl("customers?$top=1&x=2");

    expect([path.length, query.map((part) => part.name)]).toEqual([1, ["$top", "x"]]);
  });

  test.each([
    ["$metadata takes a format", "$metadata?$format=json", undefined],
    ["$metadata takes no filter", "$metadata?$filter=a", /only \$format/],
    ["$entity needs the URL of the entity", "$entity?$format=json", /needs the option \$id/],
    ["$entity with a type may be selected from", "$entity/N.T?$id=a&$select=b", undefined],
    ["$entity without a type may not be selected from", "$entity?$id=a&$select=b", /\$select cannot be used/],
  ] as const)("%s", (_name, url, message) => {
    const refusal = message === undefined ? undefined : faultOf(() => parseRelativeUrl(url)).message;

    if (message === undefined) expect(parseRelativeUrl(url).path.length).toBeGreaterThan(0);
    else expect(refusal).toMatch(message);
  });
});

function outlineSegment(segment: ResourceSegment): string {
  switch (segment.kind) {
    case "name":
      return segment.name;
    case "call":
      return `call ${segment.name} ${segment.parameters.map(outlineParameter).join(" ")}`;
    case "key":
      return `key ${outline(segment.value)}`;
    case "compoundKey":
      return `key ${segment.parameters.map(outlineParameter).join(" ")}`;
    case "filterSegment":
      return `filter ${outline(segment.condition)}`;
    case "text":
      return `text ${segment.text}`;
    case "crossjoin":
      return `crossjoin ${segment.sets.join(",")}`;
    default:
      return segment.kind;
  }
}

function outlineParameter(parameter: Parameter): string {
  return `${parameter.name}=${outline(parameter.value)}`;
}
