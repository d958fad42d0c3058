import { describe, expect, test } from "vitest";
import { parseExpression } from "../../../src/odata/syntax/parse.ts";
import { faultOf } from "./fault.ts";
import { outline } from "./outline.ts";

const accepted: readonly (readonly [string, string, string])[] = [
  ["a comparison takes a property and a literal", "city eq 'Oslo'", "(eq city 'Oslo')"],
  [
    "every comparison operator is known",
    "a ne 1 or a gt 1 or a ge 1",
    "(or (or (ne a integer:1) (gt a integer:1)) (ge a integer:1))",
  ],
  ["less-than operators are known", "a lt 1 and a le 1", "(and (lt a integer:1) (le a integer:1))"],
  ["operators are read in any casing", "a EQ 1 AnD NOT b", "(and (eq a integer:1) (not b))"],
  ["a tab parts words as a space does", "a\teq\t1", "(eq a integer:1)"],
  ["several spaces are one", "a  eq   1", "(eq a integer:1)"],
  ["spaces at the end are tolerated", "a eq 1  ", "(eq a integer:1)"],
  ["and binds tighter than or", "a or b and c", "(or a (and b c))"],
  ["or before and keeps its side", "a and b or c and d", "(or (and a b) (and c d))"],
  ["comparison binds tighter than and", "a eq b and c", "(and (eq a b) c)"],
  ["relation binds tighter than equality", "a eq b gt c", "(eq a (gt b c))"],
  ["addition binds tighter than relation", "a gt b add c", "(gt a (add b c))"],
  ["multiplication binds tighter than addition", "a add b mul c", "(add a (mul b c))"],
  ["not binds tighter than comparison", "not a eq b", "(eq (not a) b)"],
  ["not binds tighter than multiplication", "not a mul b", "(mul (not a) b)"],
  ["the unary minus binds tighter than multiplication", "-a mul b", "(mul (negate a) b)"],
  ["has binds tighter than not", "not a has N.F'x'", "(not (has a enum:N.F:x))"],
  ["has may be followed by a comparison", "a has N.F'x' eq true", "(eq (has a enum:N.F:x) boolean:true)"],
  ["operators of one rank group from the left", "a sub b sub c", "(sub (sub a b) c)"],
  ["div, divby and mod have one rank", "a div b divby c mod d", "(mod (divby (div a b) c) d)"],
  ["parentheses change the grouping", "a mul (b add c)", "(mul a (add b c))"],
  ["spaces may stand inside parentheses", "( a or b )", "(or a b)"],
  ["not may touch its parenthesis", "not(a eq 1)", "(not (eq a integer:1))"],
  ["an operator may touch the parenthesis that follows it", "a and(b)", "(and a b)"],
  ["not may be repeated", "not not a", "(not (not a))"],
  ["a minus before a property negates it", "- a", "(negate a)"],
  ["a minus before digits belongs to the number", "a sub -1", "(sub a integer:-1)"],
  ["two minuses negate twice", "--a", "(negate (negate a))"],
  ["a property may be named like an operator", "and/or eq eq", "(eq and/or eq)"],
  ["a property may be named like a method", "date eq year", "(eq date year)"],
  ["in takes a list of literals", "a in ('x', 'y')", "(in a <'x' 'y'>)"],
  ["in takes a list of one", "a in ('x')", "(in a <'x'>)"],
  ["in takes an empty list", "a in ()", "(in a <>)"],
  ["in may touch its list", "a in(1,2)", "(in a <integer:1 integer:2>)"],
  ["in takes a collection", "a in b/c", "(in a b/c)"],
  ["in takes a collection in parentheses", "a in (b)", "(in a b)"],
  ["in takes an array", 'a in ["x"]', "(in a ['x'])"],
  ["in is followed by further conditions", "a in (1) and b", "(and (in a <integer:1>) b)"],
  ["in binds tighter than not", "not a in (1,2)", "(not (in a <integer:1 integer:2>))"],
  ["in binds tighter than a sum", "a in (1) eq b", "(eq (in a <integer:1>) b)"],
  ["in takes a sum in parentheses only", "a in (b add c)", "(in a (add b c))"],
  ["one literal in two parentheses is an expression", "a in ((1))", "(in a integer:1)"],
  ["has takes a quoted value without a type", "a has 'x'", "(has a 'x')"],
  ["a method takes its values", "startswith(a/b,'x')", "startswith(a/b 'x')"],
  ["a method is read in any casing and printed in one", "MATCHESPATTERN(a,'x')", "matchesPattern(a 'x')"],
  ["a method without values has empty parentheses", "now( )", "now()"],
  [
    "substring takes two values or three",
    "concat(substring(a,1),substring(a, 1 , 2))",
    "concat(substring(a integer:1) substring(a integer:1 integer:2))",
  ],
  ["a geographic method has a dotted name", "geo.distance(a,b) lt 5.0", "(lt geo.distance(a b) decimal:5.0)"],
  ["methods nest", "tolower(trim(a)) eq 'x'", "(eq tolower(trim(a)) 'x')"],
  ["cast takes an expression and a type", "cast(a/b,Edm.String)", "(cast a/b one Edm.String)"],
  ["cast takes a type alone", "cast(N.T)", "(cast - one N.T)"],
  ["isof takes a collection of a type", "isof(a, Collection(Edm.Int32) )", "(isof a many Edm.Int32)"],
  ["isof takes a collection type alone", "isof(Collection(N.T))", "(isof - many N.T)"],
  [
    "isof takes the quoted type of Microsoft Graph",
    "isof('microsoft.graph.user')",
    "(isof - one microsoft.graph.user)",
  ],
  ["cast takes a text and a quoted type", "cast('x', 'N.T')", "(cast 'x' one N.T)"],
  [
    "case takes conditions and values",
    "case(a gt 0:1,true:-1)",
    "(case (gt a integer:0)=>integer:1 boolean:true=>integer:-1)",
  ],
  [
    "the colon of case is not that of a time",
    "case(a gt 10:15, a lt 10:15)",
    "(case (gt a integer:10)=>integer:15 (lt a integer:10)=>integer:15)",
  ],
  ["a time may be compared in case", "case(a gt 10:15 : 1)", "(case (gt a timeOfDay:10:15)=>integer:1)"],
  [
    "a list in a condition may hold times",
    "case(a in ('x',10:15):1)",
    "(case (in a <'x' timeOfDay:10:15>)=>integer:1)",
  ],
  ["a case may stand in a case", "case(a:case(b:1),c:10:15)", "(case a=>(case b=>integer:1) c=>timeOfDay:10:15)"],
  ["an array holds texts and expressions", '["x",1 add 2,a/b]', "['x' (add integer:1 integer:2) a/b]"],
  ["an array may be empty", "[ ]", "[]"],
  ["an object holds members", '{"a" : "x", "b":[{}]}', "{a:'x' b:[{}]}"],
  ["a JSON text is unescaped", String.raw`["\"\\\/\b\f\n\r\t\u00e9"]`, "['\"\\/\b\f\n\r\té']"],
];

describe("an expression", () => {
  test.each(accepted)("%s", (_name, input, expected) => {
    const tree = parseExpression(input);

    expect(outline(tree)).toBe(expected);
  });
});

const refused: readonly (readonly [string, string, number, RegExp])[] = [
  ["an empty text is no expression", "", 0, /value.*found the end/],
  ["a space in front is refused", " a", 0, /No space/],
  ["an operator needs a right operand", "a eq ", 5, /found the end/],
  ["an unknown operator is refused where it stands", "a equals 1", 2, /operator.*found 'equals 1'/],
  ["a word must be parted from the literal before it", "1and 2", 1, /operator/],
  ["a word must be parted from the word after it", "a eq1", 2, /operator/],
  ["an open parenthesis must be closed", "(a eq 1", 7, /operator or '\)'/],
  ["a closing parenthesis must have been opened", "a)", 1, /the end/],
  ["a list stands only right of in", "a eq (1,2)", 7, /operator or '\)'/],
  ["a list holds literals only", "a in (1,b)", 8, /literal/],
  ["has takes an enumeration value only", "a has b", 6, /enumeration/],
  ["a method takes no fewer values", "concat(a)", 8, /','.*at least 2/],
  ["a method takes no more values", "length(a,b)", 8, /'\)'.*at most 1/],
  ["a method needs its values", "tolower()", 8, /value/],
  ["an unknown method is named as such", "substringof('a',b)", 15, /method/],
  ["not needs an operand", "not ", 4, /value/],
  ["cast needs a type", "cast(a,1)", 7, /type/],
  ["case needs a value for each condition", "case(a)", 6, /':'/],
  ["case needs a condition", "case()", 5, /value/],
  ["an array must be closed", "[1,2", 4, /'\]'/],
  ["a member needs a name in double quotes", "{a:1}", 1, /double quotes/],
  ["a JSON text alone is no expression", '"x"', 0, /value/],
  ["an escape of JSON must be known", String.raw`["\x"]`, 2, /escape/],
  ["a JSON text must be closed", '["x', 3, /double quote/],
];

describe("a wrong expression", () => {
  test.each(refused)("%s", (_name, input, position, message) => {
    const problem = faultOf(() => parseExpression(input));

    expect([problem.position, problem.message]).toEqual([position, expect.stringMatching(message)]);
  });
});

test("every node knows where it begins, and an infix node where its operator stands", () => {
  const tree = parseExpression("not (a/b eq 'x') and f(c=1)");

  expect(tree).toEqual({
    kind: "infix",
    operator: "and",
    position: 17,
    left: {
      kind: "not",
      position: 0,
      operand: {
        kind: "infix",
        operator: "eq",
        position: 9,
        left: {
          kind: "path",
          position: 5,
          segments: [
            { kind: "name", name: "a", position: 5 },
            { kind: "name", name: "b", position: 7 },
          ],
        },
        right: { kind: "string", value: "x", position: 12 },
      },
    },
    right: {
      kind: "path",
      position: 21,
      segments: [
        {
          kind: "call",
          name: "f",
          position: 21,
          parameters: [
            {
              kind: "parameter",
              name: "c",
              value: { kind: "number", form: "integer", text: "1", position: 25 },
              position: 23,
            },
          ],
        },
      ],
    },
  });
});
