import {
  accept,
  acceptAfterSpaces,
  type Cursor,
  countTerm,
  enter,
  expect,
  isAt,
  isSpace,
  leave,
  refuse,
  skipSpaces,
  spacesEnd,
} from "./cursor.ts";
import { readArray, readObject } from "./json.ts";
import {
  isNumberStart,
  readGuid,
  readLiteral,
  readNumberOrDate,
  readPrefixedLiteral,
  readStringLiteral,
  wordLiteral,
} from "./literal.ts";
import { readMethod } from "./method.ts";
import { readName } from "./names.ts";
import { findOperator, precedence } from "./operators.ts";
import { readAliasPath, readNamedPath, readVariablePath } from "./path.ts";
import type { EnumLiteral, Expression, Has, List, Literal, StringLiteral } from "./tree.ts";

/** Reads one expression, up to the first character that cannot belong to it. */
export function readExpression(cursor: Cursor): Expression {
  enter(cursor);
  const expression = continueInfix(cursor, readUnary(cursor), precedence.or);
  leave(cursor);
  return expression;
}

/** Reads the operators that follow a left operand and bind at least as tightly as the given precedence. */
function continueInfix(cursor: Cursor, first: Expression, precedenceMin: number): Expression {
  let left = first;
  for (;;) {
    const operator = findOperator(cursor);
    if (operator === undefined || operator.precedence < precedenceMin) return left;
    const position = spacesEnd(cursor.text, cursor.position);
    cursor.position = spacesEnd(cursor.text, position + operator.word.length);
    if (operator.word === "has") {
      left = { kind: "has", left, flags: readFlags(cursor), position };
    } else if (operator.word === "in") {
      left = { kind: "in", left, right: readRightOfIn(cursor), position };
    } else {
      const right = continueInfix(cursor, readUnary(cursor), operator.precedence + 1);
      left = { kind: "infix", operator: operator.word, left, right, position };
    }
  }
}

function readFlags(cursor: Cursor): Has["flags"] {
  const position = cursor.position;
  countTerm(cursor);
  const flags = isAt(cursor, "'") ? readStringLiteral(cursor) : readOperand(cursor);
  return isFlags(flags) ? flags : refuse(cursor, "an enumeration value after 'has'", position);
}

function isFlags(expression: Expression): expression is EnumLiteral | StringLiteral {
  return expression.kind === "enum" || expression.kind === "string";
}

/** Reads `(…)` with literals as a list, and anything else as an operand. */
function readRightOfIn(cursor: Cursor): List | Expression {
  return isAt(cursor, "(") ? readParenthesized(cursor) : readUnary(cursor);
}

function readParenthesized(cursor: Cursor): List | Expression {
  enter(cursor);
  const inner = readListOrGroup(cursor);
  leave(cursor);
  return inner;
}

function readListOrGroup(cursor: Cursor): List | Expression {
  const position = cursor.position;
  cursor.position += 1;
  skipSpaces(cursor);
  if (accept(cursor, ")")) return { kind: "list", items: [], position };
  const start = cursor.position;
  const first = cursor.rules.expression(cursor);
  skipSpaces(cursor);
  // A literal with parentheses of its own, as in `((1))`, is an expression.
  const isLiteral = isLiteralNode(first) && first.position === start;
  if (!isLiteral) {
    expect(cursor, ")");
    return first;
  }
  return { kind: "list", items: readListRest(cursor, first), position };
}

function readListRest(cursor: Cursor, first: Literal): readonly Literal[] {
  const items = [first];
  while (accept(cursor, ",")) {
    skipSpaces(cursor);
    countTerm(cursor);
    items.push(readLiteral(cursor));
    skipSpaces(cursor);
  }
  if (!accept(cursor, ")")) refuse(cursor, "',' or ')'");
  return items;
}

const literalKinds: ReadonlySet<string> = new Set<Literal["kind"]>([
  "null",
  "boolean",
  "number",
  "string",
  "guid",
  "date",
  "dateTimeOffset",
  "timeOfDay",
  "duration",
  "enum",
  "binary",
  "geography",
  "geometry",
]);

function isLiteralNode(expression: Expression): expression is Literal {
  return literalKinds.has(expression.kind);
}

function readUnary(cursor: Cursor): Expression {
  if (isAt(cursor, "-") && !isNumberStart(cursor)) return readNegation(cursor, "negate", 1);
  if (isAtNot(cursor)) return readNegation(cursor, "not", 3);
  return readOperand(cursor);
}

function readNegation(cursor: Cursor, kind: "not" | "negate", length: number): Expression {
  const position = cursor.position;
  cursor.position += length;
  skipSpaces(cursor);
  enter(cursor);
  const operand = continueInfix(cursor, readUnary(cursor), precedence.membership);
  leave(cursor);
  return { kind, operand, position };
}

// The grammar asks for a space behind `not`; Microsoft Graph documents `not(…)` and `NOT(…)` too.
function isAtNot(cursor: Cursor): boolean {
  const { text, position } = cursor;
  const first = text[position];
  if (first !== "n" && first !== "N") return false;
  const next = text[position + 3];
  return (isSpace(next) || next === "(") && text.slice(position, position + 3).toLowerCase() === "not";
}

function readOperand(cursor: Cursor): Expression {
  countTerm(cursor);
  switch (cursor.text[cursor.position]) {
    case "(":
      return readGroup(cursor);
    case "'":
      return readStringLiteral(cursor);
    case "[":
      return readArray(cursor);
    case "{":
      return readObject(cursor);
    case "$":
      return readVariablePath(cursor);
    case "@":
      return readAliasPath(cursor);
    default:
      return isNumberStart(cursor) ? readNumberOrDate(cursor) : readNamed(cursor);
  }
}

function readGroup(cursor: Cursor): Expression {
  cursor.position += 1;
  skipSpaces(cursor);
  const expression = cursor.rules.expression(cursor);
  if (!acceptAfterSpaces(cursor, ")")) refuse(cursor, "an operator or ')'");
  return expression;
}

/** Reads what begins with a name: a method call, a literal with a prefix, a word such as `null`, or a path. */
function readNamed(cursor: Cursor): Expression {
  const position = cursor.position;
  const guid = readGuid(cursor);
  if (guid !== undefined) return guid;
  const name = readName(cursor, "a value, a property or a function");
  if (isAt(cursor, "'")) return readPrefixedLiteral(cursor, name, position);
  if (isAt(cursor, "(")) return readMethod(cursor, name, position) ?? readNamedPath(cursor, name, position);
  return wordLiteral(name, position) ?? readNamedPath(cursor, name, position);
}
