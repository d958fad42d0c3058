import { accept, acceptAfterSpaces, type Cursor, expect, isAt, refuse, skipSpaces, spacesEnd } from "./cursor.ts";
import { nameEnd, readName } from "./names.ts";
import type { Branch, Case, Expression, Method, MethodName, TypeName, TypeTest } from "./tree.ts";

/** A canonical function with the number of values it takes. */
export type Signature = { readonly name: MethodName; readonly valuesMin: number; readonly valuesMax: number };

/** Reads the parentheses of a method, `case`, `cast` or `isof`, if the name is one of theirs. */
export function readMethod(cursor: Cursor, name: string, position: number): Method | Case | TypeTest | undefined {
  const lower = name.toLowerCase();
  const signature = signaturesByName.get(lower);
  if (signature !== undefined) return readCall(cursor, signature, position);
  if (lower === "cast" || lower === "isof") return readTypeTest(cursor, lower, position);
  return lower === "case" ? readCase(cursor, position) : undefined;
}

/** The canonical functions of OData URL Conventions 4.01, 5.1.1.5 to 5.1.1.12, as they are printed. */
export const signatures: readonly Signature[] = [
  { name: "concat", valuesMin: 2, valuesMax: 2 },
  { name: "contains", valuesMin: 2, valuesMax: 2 },
  { name: "endswith", valuesMin: 2, valuesMax: 2 },
  { name: "indexof", valuesMin: 2, valuesMax: 2 },
  { name: "length", valuesMin: 1, valuesMax: 1 },
  { name: "matchesPattern", valuesMin: 2, valuesMax: 2 },
  { name: "startswith", valuesMin: 2, valuesMax: 2 },
  { name: "substring", valuesMin: 2, valuesMax: 3 },
  { name: "tolower", valuesMin: 1, valuesMax: 1 },
  { name: "toupper", valuesMin: 1, valuesMax: 1 },
  { name: "trim", valuesMin: 1, valuesMax: 1 },
  { name: "hassubset", valuesMin: 2, valuesMax: 2 },
  { name: "hassubsequence", valuesMin: 2, valuesMax: 2 },
  { name: "year", valuesMin: 1, valuesMax: 1 },
  { name: "month", valuesMin: 1, valuesMax: 1 },
  { name: "day", valuesMin: 1, valuesMax: 1 },
  { name: "hour", valuesMin: 1, valuesMax: 1 },
  { name: "minute", valuesMin: 1, valuesMax: 1 },
  { name: "second", valuesMin: 1, valuesMax: 1 },
  { name: "fractionalseconds", valuesMin: 1, valuesMax: 1 },
  { name: "totalseconds", valuesMin: 1, valuesMax: 1 },
  { name: "date", valuesMin: 1, valuesMax: 1 },
  { name: "time", valuesMin: 1, valuesMax: 1 },
  { name: "totaloffsetminutes", valuesMin: 1, valuesMax: 1 },
  { name: "mindatetime", valuesMin: 0, valuesMax: 0 },
  { name: "maxdatetime", valuesMin: 0, valuesMax: 0 },
  { name: "now", valuesMin: 0, valuesMax: 0 },
  { name: "round", valuesMin: 1, valuesMax: 1 },
  { name: "floor", valuesMin: 1, valuesMax: 1 },
  { name: "ceiling", valuesMin: 1, valuesMax: 1 },
  { name: "geo.distance", valuesMin: 2, valuesMax: 2 },
  { name: "geo.length", valuesMin: 1, valuesMax: 1 },
  { name: "geo.intersects", valuesMin: 2, valuesMax: 2 },
];

const signaturesByName: ReadonlyMap<string, Signature> = new Map(
  signatures.map((signature) => [signature.name.toLowerCase(), signature] as const),
);

function readCall(cursor: Cursor, signature: Signature, position: number): Method {
  expect(cursor, "(");
  skipSpaces(cursor);
  const values: Expression[] = [];
  while (values.length < signature.valuesMax) {
    if (values.length >= signature.valuesMin && isAt(cursor, ")")) break;
    if (values.length > 0) expectComma(cursor, signature);
    values.push(cursor.rules.expression(cursor));
    skipSpaces(cursor);
  }
  if (!accept(cursor, ")")) refuse(cursor, `')': ${signature.name} takes at most ${signature.valuesMax}`);
  return { kind: "method", name: signature.name, values, position };
}

function expectComma(cursor: Cursor, signature: Signature): void {
  if (!accept(cursor, ",")) refuse(cursor, `',': ${signature.name} takes at least ${signature.valuesMin}`);
  skipSpaces(cursor);
}

function readTypeTest(cursor: Cursor, kind: TypeTest["kind"], position: number): TypeTest {
  expect(cursor, "(");
  skipSpaces(cursor);
  const operand = isTypeAlone(cursor) ? undefined : readOperandBeforeType(cursor);
  const type = readTypeName(cursor);
  if (!acceptAfterSpaces(cursor, ")")) refuse(cursor, "')' after the type");
  return { kind, operand, type, position };
}

function readOperandBeforeType(cursor: Cursor): Expression {
  const operand = cursor.rules.expression(cursor);
  if (!acceptAfterSpaces(cursor, ",")) refuse(cursor, "',' and a type");
  skipSpaces(cursor);
  return operand;
}

/** Tells whether a type, and nothing else, stands between the cursor and the closing parenthesis. */
function isTypeAlone(cursor: Cursor): boolean {
  const { text, position } = cursor;
  const quote = text[position] === "'" ? 1 : 0;
  const end = nameEnd(text, position + quote);
  if (end === position + quote) return false;
  if (text.slice(position + quote, end) !== "Collection" || text[end] !== "(") {
    return text[spacesEnd(text, end + quote)] === ")";
  }
  const itemEnd = nameEnd(text, end + 1);
  return text[itemEnd] === ")" && text[spacesEnd(text, itemEnd + 1 + quote)] === ")";
}

// The grammar has the type without quotes; Microsoft Graph documents `isof('microsoft.graph.user')`.
function readTypeName(cursor: Cursor): TypeName {
  const position = cursor.position;
  const isQuoted = accept(cursor, "'");
  let name = readName(cursor, "the name of a type");
  const isCollection = name === "Collection" && accept(cursor, "(");
  if (isCollection) {
    name = readName(cursor, "the name of a type");
    expect(cursor, ")");
  }
  if (isQuoted) expect(cursor, "'");
  return { kind: "type", name, multiplicity: isCollection ? "many" : "one", position };
}

function readCase(cursor: Cursor, position: number): Case {
  expect(cursor, "(");
  const branches: Branch[] = [];
  do {
    skipSpaces(cursor);
    branches.push(readBranch(cursor));
  } while (acceptAfterSpaces(cursor, ","));
  if (!acceptAfterSpaces(cursor, ")")) refuse(cursor, "',' or ')'");
  return { kind: "case", branches, position };
}

function readBranch(cursor: Cursor): Branch {
  const outerCaseDepth = cursor.caseDepth;
  cursor.caseDepth = cursor.depth + 1;
  const condition = cursor.rules.expression(cursor);
  if (!acceptAfterSpaces(cursor, ":")) refuse(cursor, "an operator or ':' after the condition");
  skipSpaces(cursor);
  cursor.caseDepth = -1;
  const value = cursor.rules.expression(cursor);
  cursor.caseDepth = outerCaseDepth;
  return { condition, value };
}
