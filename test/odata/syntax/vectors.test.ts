import { describe, expect, test } from "vitest";
import { signatures } from "../../../src/odata/syntax/method.ts";
import { operators } from "../../../src/odata/syntax/operators.ts";
import { parseExpression, parseOption } from "../../../src/odata/syntax/parse.ts";
import { parseQueryString } from "../../../src/odata/syntax/query-string.ts";
import { parseResourcePath } from "../../../src/odata/syntax/resource-path.ts";
import { faultOf } from "./fault.ts";

/** How a rule of the grammar is read: as an expression, as the value of an option, or as the path or query of a URL. */
const readers = {
  expression: parseExpression,
  path: parseResourcePath,
  query: parseQueryString,
} as const;

type Reader = keyof typeof readers | `$${string}`;

/** Each rule with inputs that it takes and inputs that it refuses: at least two of the one and one of the other. */
type Vectors = readonly [rule: string, reader: Reader, right: readonly string[], wrong: readonly string[]];

const literals: readonly Vectors[] = [
  ["nullValue", "expression", ["null", "a eq null", "[null]"], ["null null", "null/a"]],
  ["booleanValue", "expression", ["true", "FALSE", "a eq True"], ["true false", "a eq true1 b"]],
  [
    "guidValue",
    "expression",
    ["00000000-0000-0000-0000-000000000000", "abcdefab-cdef-abcd-efab-cdefabcdefab"],
    ["0000000-0000-0000-0000-000000000000", "00000000-0000-0000-0000-00000000000g"],
  ],
  ["dateValue", "expression", ["0001-01-01", "9999-12-31", "-0044-03-15"], ["2024-00-01", "2024-01-00", "2024-1-1"]],
  [
    "dateTimeOffsetValue",
    "expression",
    ["2024-01-01T00:00Z", "2024-01-01T23:59:59.999999999999+14:00"],
    ["2024-01-01T25:00Z", "2024-01-01T10:60Z", "2024-01-01T10:00+24:00"],
  ],
  ["timeOfDayValue", "expression", ["00:00", "23:59:59", "12:00:00.5"], ["24:00", "12:60", "12:00:00."]],
  [
    "durationLiteral",
    "expression",
    ["duration'P1DT2H3M4.5S'", "duration'-PT0S'", "DURATION'P0D'"],
    ["duration'1D'", "duration'P1H'", "duration'PT1.5H'"],
  ],
  ["decimalValue", "expression", ["1.0", "-0.5", "+12.25"], ["1.", ".5", "1.2.3"]],
  ["doubleValue", "expression", ["1e5", "-1.5E-3", "INF"], ["1e", "1e+", "1e1.5"]],
  ["integerValue", "expression", ["0", "-1", "+9223372036854775807"], ["0x10", "1_000", "1,000"]],
  ["string", "expression", ["''", "'a''b'", "'%_\\'"], ["'", "'a''", "''a"]],
  ["binary", "expression", ["binary''", "binary'AAAA'", "BINARY'QQ'"], ["binary'A'", "binary'A A A'", 'binary"AA"']],
  ["enum", "expression", ["N.E'a'", "N.E'a,b'", "N.M.E'-1'"], ["N.E'a,'", "N.E' a'", "E'a'"]],
  [
    "geographyPoint",
    "expression",
    ["geography'SRID=0;Point(0 0)'", "GEOGRAPHY'SRID=4326;POINT(-1.5 2)'"],
    ["geography'SRID=0;Point()'", "geography'SRID=;Point(0 0)'"],
  ],
  [
    "geometryPolygon",
    "expression",
    ["geometry'SRID=0;Polygon((0 0,1 0,1 1,0 0))'", "geometry'SRID=0;Polygon((0 0,9 0,9 9,0 0),(1 1,2 1,2 2,1 1))'"],
    ["geometry'SRID=0;Polygon(0 0,1 0)'"],
  ],
  [
    "geometryMultiPolygon",
    "expression",
    ["geometry'SRID=0;MultiPolygon()'", "geometry'SRID=0;MultiPolygon(((0 0,1 0,1 1,0 0)))'"],
    ["geometry'SRID=0;MultiPolygon((0 0,1 0))'"],
  ],
];

const expressions: readonly Vectors[] = [
  ["parenExpr", "expression", ["(a)", "((a eq 1))", "( a )"], ["()", "(a", "a)"]],
  ["notExpr", "expression", ["not a", "not(a)", "NOT not a"], ["not ", "nota b", "not (a"]],
  ["negateExpr", "expression", ["-a", "- (a add 1)", "--a"], ["-", "a - b"]],
  ["listExpr", "expression", ["a in ()", "a in (1,2)", "a in ( 'x' , null )"], ["a in (1,)", "a in (,1)", "a in 1,2"]],
  ["arrayExpr", "expression", ["[]", "[1,2]", '["a", b]'], ["[1,]", "[,]", "[1"]],
  ["objectExpr", "expression", ["{}", '{"a":1}', '{"a":{"b":[]},"c":null}'], ["{a:1}", '{"a"}', '{"a":1,}']],
  [
    "caseExpr",
    "expression",
    ["case(a:1)", "case(a:1,true:2)", "CASE( a eq 1 : 'x' )"],
    ["case()", "case(a,1)", "case(a:)"],
  ],
  [
    "castExpr",
    "expression",
    ["cast(a,Edm.String)", "cast(Edm.Int32)", "cast(a,Collection(N.T))"],
    ["cast()", "cast(a,b,c)", "cast(a,'1')"],
  ],
  ["isofExpr", "expression", ["isof(N.T)", "isof(a,N.T)", "isof( a , Edm.Date )"], ["isof()", "isof(1,2)"]],
  ["hasExpr", "expression", ["a has N.E'x'", "a has 'x'", "a/b HAS N.E'x,y'"], ["a has", "a has 1", "has N.E'x'"]],
  ["anyExpr", "expression", ["a/any()", "a/any(x:x)", "a/b/ANY(x:x/c eq 1)"], ["a/any(x)", "a/any(:x)", "a/any(1:x)"]],
  ["allExpr", "expression", ["a/all(x:x)", "a/all( x : x/b )"], ["a/all()", "a/all(x)"]],
  [
    "countExpr",
    "expression",
    ["a/$count", "a/$count($filter=b)", "a/$count($search=x;$filter=b)"],
    ["$count", "a/$count()", "a/$count($top=1)"],
  ],
  ["filterExpr", "expression", ["a/$filter(b)/$count", "a/$filter(b eq 1)/any()"], ["a/$filter()", "a/$filter"]],
  ["rootExpr", "expression", ["$root/a", "$root/a('k')/b"], ["$root", "$ROOT/a"]],
  ["implicitVariableExpr", "expression", ["$it", "$this/a", "$it/a/b"], ["$that", "a/$it"]],
  ["parameterAlias", "expression", ["@a", "@a/b", "a eq @b_1"], ["@", "@1", "a@"]],
  ["annotationExpr", "expression", ["@N.T eq 1", "a/@N.T#q", "@N.T/b"], ["a/@", "@N.T#"]],
  ["functionExpr", "expression", ["f()", "N.f(a=1)/b", "a/f(b=@c,d=[1])"], ["f(a=)", "f(a=1", "f(=1)"]],
  ["keyPredicate", "expression", ["a(1)/b", "a('k')/b", "a(k=1,l='x')"], ["a(1,2)", "a('k'"]],
  ["odataIdentifier", "expression", ["_a", "ä1", "名前"], ["1a", "a-b", "a b"]],
];

const options: readonly Vectors[] = [
  ["filter", "$filter", ["a", "a eq 1", "not (a)"], ["", "a eq", " a"]],
  ["orderby", "$orderby", ["a", "a desc,b ASC", "length(a) desc"], ["", "a,,b", "a descending"]],
  ["select", "$select", ["a", "*", "a/b,N.*,c($top=1)"], ["", "a,", "a/"]],
  ["expand", "$expand", ["a", "*", "a/$ref,b($levels=max)"], ["", "a/$value", "a()"]],
  ["compute", "$compute", ["a as b", "a add 1 AS b", "1 as a,2 as b"], ["a", "a as", "a as b c"]],
  ["search", "$search", ["a", '"a b" OR NOT c', "(a b)"], ["", "(a", '"a']],
  ["top", "$top", ["0", "10", "007"], ["", "-1", "1e3"]],
  ["skip", "$skip", ["0", "99"], ["", "-1", "x"]],
  ["index", "$index", ["0", "-1", "12"], ["", "--1", "1.5"]],
  ["count", "$count", ["true", "FALSE"], ["", "1", "yes"]],
  ["levels", "$levels", ["1", "max", "12"], ["", "0", "-1"]],
  ["format", "$format", ["json", "application/json;odata.metadata=full", "XML"], ["", "yaml", "a b"]],
  ["id", "$id", ["customers('x')", "https://host/v1.0/customers/x"], [""]],
  ["skiptoken", "$skiptoken", ["a", "a=b"], [""]],
  ["deltatoken", "$deltatoken", ["a", "latest"], [""]],
  ["schemaversion", "$schemaversion", ["*", "1.0-beta"], ["", "**", "a b"]],
  ["aliasAndValue", "query", ["@a=1", "@a='x'&@b=@a"], ["@=1", "@a", "@a=1&@a=2"]],
  ["systemQueryOption", "query", ["$top=1", "TOP=1&$Skip=2", "%24top=1"], ["$top=1&top=2", "$topp=1", "$top"]],
  ["customQueryOption", "query", ["a=1", "a", "a=1&a=2"], ["$a=1", "a=%"]],
];

const paths: readonly Vectors[] = [
  ["entitySet", "path", ["customers", "customers/x"], ["", "/customers"]],
  [
    "keyInParentheses",
    "path",
    ["customers('x')", "customers(id='x')", "customers(@k)"],
    ["customers('x'", "customers(x)"],
  ],
  ["count", "path", ["customers/$count", "a/b/$count"], ["$count", "customers/$count/a"]],
  ["ref", "path", ["a/b/$ref", "a('x')/b/$ref"], ["$ref", "a/$ref/b"]],
  ["value", "path", ["a('x')/b/$value", "a/b/$value"], ["$value", "a/$value/b"]],
  ["filterPathSegment", "path", ["a/$filter(b)", "a/$filter(@f)/$each"], ["a/$filter", "a/$filter()"]],
  ["query", "path", ["a/$query", "a/b/$query"], ["$query", "a/$query/b"]],
  ["crossjoin", "path", ["$crossjoin(a,b)", "$crossjoin(a,b)/$count"], ["$crossjoin()", "$crossjoin(a"]],
  ["all", "path", ["$all", "$all/N.T"], ["$ALL", "a/$all"]],
  ["boundFunction", "path", ["a/N.f()", "a/N.f(b=1,c=@d)"], ["a/N.f(b=)", "a/N.f(b=1"]],
];

const every = [...literals, ...expressions, ...options, ...paths];

describe.each(every)("the rule %s", (_rule, reader, right, wrong) => {
  const read = (text: string): unknown => {
    if (reader === "expression" || reader === "path" || reader === "query") return readers[reader](text);
    return parseOption(reader, text);
  };

  test.each(right)("takes %s", (text) => {
    expect(read(text)).toBeDefined();
  });

  test.each(wrong)("refuses '%s'", (text) => {
    expect(faultOf(() => read(text)).message).not.toBe("");
  });

  test("has vectors of both sorts", () => {
    expect([right.length >= 2, wrong.length >= 1]).toEqual([true, true]);
  });
});

describe.each(signatures)("the method $name", ({ name, valuesMin, valuesMax }) => {
  const called = (count: number) => `${name}(${Array(count).fill("a").join(",")})`;

  test.each([valuesMin, valuesMax])("takes %i values", (count) => {
    const trees = [parseExpression(called(count)), parseExpression(called(count).toUpperCase())];

    expect(trees).toMatchObject([
      { kind: "method", name },
      { kind: "method", name },
    ]);
  });

  test("refuses more values, and a comma that nothing follows", () => {
    const faults = [called(valuesMax + 1), `${name}(a,)`].map((text) => faultOf(() => parseExpression(text)).position);

    expect(Math.min(...faults)).toBeGreaterThan(name.length);
  });
});

describe.each(operators)("the operator $word", ({ word }) => {
  const right = word === "has" ? "N.E'x'" : "b";

  test("stands between two operands, in any casing, after spaces of any number", () => {
    const texts = [`a ${word} ${right}`, `a  ${word.toUpperCase()}\t${right}`];

    const kinds = texts.map((text) => parseExpression(text).kind);

    expect(kinds).toEqual(Array(2).fill(word === "has" || word === "in" ? word : "infix"));
  });

  test.each([`a ${word}`, `${word} a`, `a ${word}${right}`, `a ${word} ${word} ${right}`.replace("in in", "in ,")])(
    "is refused as in '%s'",
    (text) => {
      expect(faultOf(() => parseExpression(text)).message).not.toBe("");
    },
  );
});
