import { describe, expect, test } from "vitest";
import { parseExpression } from "../../../src/odata/syntax/parse.ts";
import { faultOf } from "./fault.ts";
import { outline } from "./outline.ts";

const accepted: readonly (readonly [string, string, string])[] = [
  ["a path leads through complex properties", "profile/address/city", "profile/address/city"],
  ["a path may cast on its way", "address/N.Home/city", "address/N.Home/city"],
  ["a path may begin with a cast", "N.Manager/budget", "N.Manager/budget"],
  ["a path may end in a cast", "address/N.Home", "address/N.Home"],
  ["a name may hold letters of any script", "größe/名前 eq 1", "(eq größe/名前 integer:1)"],
  ["a name may have 128 characters", "a".repeat(128), "a".repeat(128)],
  ["a collection is counted", "items/$count gt 1", "(gt items/count() integer:1)"],
  [
    "a filtered collection is counted",
    "items/$count($filter=a gt 1;$search=x) gt 1",
    "(gt items/count(filter search) integer:1)",
  ],
  ["options of a count need no dollar", "items/$count(filter=a)", "items/count(filter)"],
  ["a collection is filtered on the way", "items/$filter(a gt 1)/$count", "items/filter((gt a integer:1))/count()"],
  ["a filtered collection has a key", "items/$filter(a)(id='x')", "items/filter(a)/key(id='x')"],
  ["any binds a variable", "items/any(x:x/a eq 1)", "items/any(x:(eq x/a integer:1))"],
  ["any may have no predicate", "items/any( )", "items/any()"],
  ["spaces may stand in a lambda", "items/any( x : x eq 1 )", "items/any(x:(eq x integer:1))"],
  ["all binds a variable", "items/ALL(x:x)", "items/all(x:x)"],
  ["lambdas nest", "a/any(x:x/b/all(y:y eq x/c))", "a/any(x:x/b/all(y:(eq y x/c)))"],
  ["$it is the current instance", "$it/a eq $it", "(eq $it/a $it)"],
  ["$this is the instance of a nested option", "endswith($this,'.com')", "endswith($this '.com')"],
  ["$these is a collection of the aggregation standard", "$these/$count", "$these/count()"],
  ["$root leads to other collections", "$root/people('a')/name", "$root/people/key('a')/name"],
  ["a key may be one literal", "items(1)/a", "items/key(integer:1)/a"],
  ["a key may be an alias", "items(@k)/a", "items/key(alias:k)/a"],
  ["a key of named values looks like a call", "items(id=1,no='a')", "call:items(id=integer:1 no='a')"],
  [
    "a function has named parameters",
    "N.near(place=a/b,limit=5 add 3)",
    "call:N.near(place=a/b limit=(add integer:5 integer:3))",
  ],
  ["a function may have no parameters", "a/N.best()/name", "a/call:N.best()/name"],
  ["a function may be given an alias or an array", "f(a=@x,b=[1, 2])", "call:f(a=alias:x b=[integer:1 integer:2])"],
  ["the result of a function has a key", "f(a=1)('k')", "call:f(a=integer:1)/key('k')"],
  ["an alias stands for a value", "a eq @p", "(eq a alias:p)"],
  ["an alias is the start of a path", "@p/a/b", "alias:p/a/b"],
  [
    "an annotation has a namespace",
    "@Core.Messages/any(m:m/severity eq 'error')",
    "annotation:Core.Messages:/any(m:(eq m/severity 'error'))",
  ],
  [
    "an annotation may have a qualifier",
    "price/@Measures.Unit#Short eq 'EUR'",
    "(eq price/annotation:Measures.Unit:Short 'EUR')",
  ],
];

describe("a path", () => {
  test.each(accepted)("%s", (_name, input, expected) => {
    const tree = parseExpression(input);

    expect(outline(tree)).toBe(expected);
  });
});

const refused: readonly (readonly [string, string, number])[] = [
  ["a path must not end in a slash", "a/", 2],
  ["a path must not have an empty segment", "a//b", 2],
  ["a type alone is no expression", "N.Manager", 9],
  ["a name must not have 129 characters", "a".repeat(129), 0],
  ["a name must not begin with a digit", "a/1b", 2],
  ["a name must not end in a dot", "a. eq 1", 1],
  ["any needs a collection", "any(x:x)", 0],
  ["all needs a predicate", "items/all()", 10],
  ["a lambda needs a colon", "items/any(x x)", 12],
  ["nothing follows a count", "items/$count/a", 12],
  ["nothing follows a lambda", "items/any()/a", 11],
  ["$root needs a path", "$root eq 1", 6],
  ["unknown dollar words are refused", "$me/a", 0],
  ["$it is written small", "$IT/a", 0],
  ["$value is no part of an expression", "a/$value", 2],
  ["a count takes only filter and search", "items/$count($top=1)", 13],
  ["a count takes each option once", "items/$count($filter=a;filter=b)", 23],
  ["parameters must have names", "f(a=1,2)", 6],
  ["an equals sign must follow the name of a parameter at once", "f(a =1)", 2],
  ["a path must not follow a method", "tolower(a)/b", 10],
  ["an alias must have a name", "a eq @", 6],
];

describe("a wrong path", () => {
  test.each(refused)("%s", (_name, input, position) => {
    const problem = faultOf(() => parseExpression(input));

    expect(problem.position).toBe(position);
  });
});
