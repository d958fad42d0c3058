import { describe, expect, test } from "vitest";
import { parseQueryString } from "../../../src/odata/syntax/query-string.ts";
import { faultOf } from "./fault.ts";

const accepted: readonly (readonly [string, string, readonly string[]])[] = [
  ["an empty query has no options", "", []],
  ["options keep their order and place", "$top=2&$skip=1", ["system $top 2 @0", "system $skip 1 @7"]],
  ["a name needs no dollar and no casing", "OrderBy=a&FILTER=b", ["system $orderby a @0", "system $filter b @10"]],
  ["the dollar may be encoded", "%24filter=a", ["system $filter a @0"]],
  ["a plus is a space and an encoded plus is a plus", "$filter=a+eq+1%2B2", ["system $filter a eq 1+2 @0"]],
  ["a value is decoded once", "$filter=a%2520b", ["system $filter a%20b @0"]],
  ["a value may hold equals signs", "$filter=f(a=1)", ["system $filter f(a=1) @0"]],
  ["an encoded ampersand is part of the value", "$search=a%26b", ["system $search a&b @0"]],
  ["an alias keeps its name", "@p=1&@q='x'", ["alias @p 1 @0", "alias @q 'x' @5"]],
  [
    "an own option is kept, even twice or without value",
    "a=1&a=2&!b",
    ["custom a 1 @0", "custom a 2 @4", "custom !b  @8"],
  ],
  ["an own option keeps its casing", "Debug=On", ["custom Debug On @0"]],
  ["levels without a dollar is an option of one's own at the top", "levels=2", ["custom levels 2 @0"]],
  ["nothing between ampersands says nothing", "&$top=1&&", ["system $top 1 @1"]],
  ["letters of any script are decoded", "$search=%E4%B8%96", ["system $search 世 @0"]],
];

describe("a query string", () => {
  test.each(accepted)("%s", (_name, query, expected) => {
    const parts = parseQueryString(query);

    expect(parts.map((part) => `${part.kind} ${part.name} ${part.value} @${part.position}`)).toEqual(expected);
  });
});

const refused: readonly (readonly [string, string, number, RegExp])[] = [
  ["the same option twice is refused", "$top=1&$top=2", 7, /more than once/],
  [
    "the same option with and without a dollar is refused",
    "$filter=a&filter=b",
    10,
    /\$filter stands in the URL more than once/,
  ],
  ["the same alias twice is refused", "@p=1&@p=2", 5, /more than once/],
  ["an unknown system option is refused", "$fliter=a", 0, /'\$fliter' is not a system query option/],
  ["levels is no option of the whole", "$levels=2", 0, /not a system query option/],
  ["a space before the equals sign makes another name", "$filter =a", 0, /not a system query option/],
  ["a system option needs a value", "$top=1&$count", 13, /'=' and a value/],
  ["an alias needs a name", "@=1", 0, /not a parameter alias/],
  ["broken percent-encoding is refused", "$filter=%zz", 8, /percent-encoding/],
  ["bytes that are no UTF-8 are refused", "$filter=%ff", 8, /percent-encoding/],
  ["a number sign is refused", "$search=#1", 8, /%23/],
];

describe("a wrong query string", () => {
  test.each(refused)("%s", (_name, query, position, message) => {
    const problem = faultOf(() => parseQueryString(query));

    expect([problem.position, problem.message]).toEqual([position, expect.stringMatching(message)]);
  });
});
