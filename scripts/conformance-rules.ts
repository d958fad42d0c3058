import { parseExpression, parseOption } from "../src/odata/syntax/parse.ts";
import { decodeText, parseQueryString, type QueryPart } from "../src/odata/syntax/query-string.ts";
import { parseRelativeUrl } from "../src/odata/syntax/relative-url.ts";
import { parseResourcePath } from "../src/odata/syntax/resource-path.ts";
import { SyntaxProblem } from "../src/odata/syntax/syntax-problem.ts";

/** Checks an input against one rule of the grammar: it returns if the input is right and throws if it is wrong. */
export type Check = (input: string) => void;

// A rule for a whole text goes to the parser of that text. A rule for a part is tried inside the smallest whole text
// that has such a part. The names are compared in lower case, because the cases spell two of them in two ways.
const entries: readonly (readonly [string, Check])[] = [
  ...["commonExpr", "boolCommonExpr", "firstMemberExpr", "propertyPathExpr"].map(
    (rule) => [rule, expression()] as const,
  ),
  ["notExpr", expression({ kinds: ["not"] })],
  ["isofExpr", expression({ kinds: ["isof"] })],
  ["anyExpr", expression({ before: "collection/" })],
  ["primitiveLiteral", expression({ before: "x in (", after: ")" })],
  ["null", expression({ kinds: ["null"] })],
  ["boolean", expression({ kinds: ["boolean"] })],
  ["guid", expression({ kinds: ["guid"] })],
  ["date", expression({ kinds: ["date"] })],
  ["dateTimeOffsetLiteral", expression({ kinds: ["dateTimeOffset"] })],
  ["dateTimeOffsetValueInUrl", expression({ kinds: ["dateTimeOffset"] })],
  ["timeOfDayLiteral", expression({ kinds: ["timeOfDay"] })],
  ["stringLiteral", expression({ kinds: ["string"] })],
  ["durationLiteral", expression({ kinds: ["duration", "string"] })],
  ["binaryLiteral", expression({ kinds: ["binary"] })],
  ["enumLiteral", expression({ kinds: ["enum", "string"] })],
  ...["decimalLiteral", "doubleLiteral", "singleLiteral", "sbyteLiteral"].map(numberRule),
  ...["int16Literal", "int32Literal", "int64Literal"].map(numberRule),
  ...["Collection", "LineString", "MultiLineString", "MultiPoint", "MultiPolygon", "Point", "Polygon"].flatMap(
    geoRules,
  ),
  ["stringInUrl", expression({ before: "[", after: "]" })],
  // Values of payloads share the form of these literals, without percent-encoding.
  ["dateValue", payloadValue(["date"])],
  ["dateTimeOffsetValue", payloadValue(["dateTimeOffset"])],
  ["timeOfDayValue", payloadValue(["timeOfDay"])],
  ["durationValue", payloadValue(["duration"], { before: "duration'", after: "'" })],
  ["enumValue", payloadValue(["enum"], { before: "Name.Space'", after: "'" })],
  ...["decimalValue", "doubleValue", "singleValue", "byteValue", "sbyteValue"].map(numberValueRule),
  ...["int16Value", "int32Value", "int64Value"].map(numberValueRule),
  ["odataIdentifier", (input) => void parseOption("$compute", `1 as ${decode(input)}`)],
  ["entitySetName", (input) => void parseResourcePath(input)],
  ["functionParameter", (input) => void parseResourcePath(`Function(${input})`)],
  ["resourcePath", (input) => void parseResourcePath(input)],
  ["searchExpr", (input) => void parseOption("$search", decode(input))],
  ["odataRelativeUri", checkRelativeUrl],
  ["odataUri", checkUrl],
  ["queryOptions", (input) => void readQuery(input)],
  ...["systemQueryOption", "filter", "orderby", "select", "expand", "search", "compute"].map(singleRule("system")),
  ...["skiptoken", "deltatoken"].map(singleRule("system")),
  ["customQueryOption", singleOption("custom")],
];

export const checks: ReadonlyMap<string, Check> = new Map(
  entries.map(([rule, check]) => [rule.toLowerCase(), check] as const),
);

type Wrapping = { readonly before?: string; readonly after?: string };

function expression(options: Wrapping & { readonly kinds?: readonly string[] } = {}): Check {
  return (input) => checkExpression(decode(input), options);
}

function payloadValue(kinds: readonly string[], wrapping: Wrapping = {}): Check {
  return (input) => checkExpression(input, { ...wrapping, kinds });
}

function checkExpression(text: string, options: Wrapping & { readonly kinds?: readonly string[] }): void {
  const { before = "", after = "" } = options;
  const tree = atOffset(0 - before.length, () => parseExpression(before + text + after));
  if (options.kinds === undefined || options.kinds.includes(tree.kind)) return;
  throw new SyntaxProblem(`It is a ${tree.kind}.`, 0);
}

function numberRule(rule: string): readonly [string, Check] {
  return [rule, expression({ kinds: ["number"] })];
}

function numberValueRule(rule: string): readonly [string, Check] {
  return [rule, payloadValue(["number"])];
}

function geoRules(shape: string): readonly (readonly [string, Check])[] {
  return [
    [`geography${shape}`, expression({ kinds: ["geography"] })],
    [`geometry${shape}`, expression({ kinds: ["geometry"] })],
  ];
}

function singleRule(kind: "system"): (rule: string) => readonly [string, Check] {
  return (rule) => [rule, singleOption(kind)];
}

/** Checks that an input is one option and not two, of the wanted kind. */
function singleOption(kind: "system" | "custom"): Check {
  return (input) => {
    const parts = readQuery(input);
    const second = parts[1];
    if (second !== undefined) throw new SyntaxProblem("It is more than one option.", second.position - 1);
    if (parts[0]?.kind !== kind) throw new SyntaxProblem(`It is no ${kind} option.`, 0);
  };
}

function readQuery(query: string): readonly QueryPart[] {
  const parts = parseQueryString(query);
  readValues(parts, query, 0);
  return parts;
}

function checkRelativeUrl(input: string): void {
  const queryStart = input.indexOf("?") + 1;
  const { query } = parseRelativeUrl(input);
  readValues(query, input.slice(queryStart), queryStart);
}

function readValues(parts: readonly QueryPart[], query: string, queryStart: number): void {
  for (const part of parts) {
    if (part.kind === "custom") continue;
    const valueStart = query.indexOf("=", part.position) + 1;
    atOffset(queryStart + valueStart, () => parseOption(part.name, part.value));
  }
}

/** Runs a step whose positions count from a place within the input, and makes them count from its start. */
function atOffset<Result>(offset: number, step: () => Result): Result {
  try {
    return step();
  } catch (problem) {
    if (!(problem instanceof SyntaxProblem)) throw problem;
    throw new SyntaxProblem(problem.message, problem.position + offset, { cause: problem });
  }
}

/** A server knows its own root; here each slash behind the host may be its end, and one of them must do. */
function checkUrl(input: string): void {
  const root = /^https?:\/\/(?:\[[\da-f:.v]+\]|[\w.~-]+)(?::\d*)?\//i.exec(input);
  if (root === null) throw new SyntaxProblem("Expected http:// or https://, a host and a slash.", input.indexOf("/"));
  if (input.length === root[0].length || (input.endsWith("/") && !input.includes("?"))) return;
  const problems: SyntaxProblem[] = [];
  for (let slash = root[0].length - 1; slash !== -1; slash = input.indexOf("/", slash + 1)) {
    try {
      checkRelativeUrl(input.slice(slash + 1));
      return;
    } catch (problem) {
      if (!(problem instanceof SyntaxProblem)) throw problem;
      problems.push(problem);
    }
  }
  throw problems[0] ?? new SyntaxProblem("Expected a path.", input.length);
}

function decode(input: string): string {
  return decodeText(input, 0, "plus");
}
