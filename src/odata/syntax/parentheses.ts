import {
  accept,
  acceptAfterSpaces,
  type Cursor,
  countTerm,
  enter,
  expect,
  isAt,
  leave,
  refuse,
  skipSpaces,
} from "./cursor.ts";
import { readLiteral } from "./literal.ts";
import { identifierEnd, readIdentifier } from "./names.ts";
import type { Expression, FilterSegment, Key, Name, Parameter, Path, Segment } from "./tree.ts";

/** Reads the parentheses behind a segment: parameters, a key of one value, or a key of named values. */
export function readParentheses(cursor: Cursor, before: Name | FilterSegment): readonly Segment[] {
  enter(cursor);
  const segments = before.kind === "name" ? readAfterName(cursor, before) : [before, readKey(cursor)];
  leave(cursor);
  return segments;
}

function readAfterName(cursor: Cursor, before: Name): readonly Segment[] {
  if (!isCall(cursor)) return [before, readKey(cursor)];
  const parameters = readParameters(cursor);
  const call: Segment = { kind: "call", name: before.name, parameters, position: before.position };
  return isAt(cursor, "(") ? [call, readKey(cursor)] : [call];
}

/** Tells whether parentheses hold nothing or `name=`, as those of a function do. */
function isCall(cursor: Cursor): boolean {
  const ahead = { ...cursor, position: cursor.position + 1 };
  skipSpaces(ahead);
  return isAt(ahead, ")") || isAtNamedValue(ahead);
}

function isAtNamedValue(cursor: Cursor): boolean {
  const end = identifierEnd(cursor.text, cursor.position);
  return end > cursor.position && cursor.text[end] === "=";
}

function readKey(cursor: Cursor): Segment {
  const position = cursor.position;
  if (isCall(cursor)) return { kind: "compoundKey", parameters: readParameters(cursor), position };
  expect(cursor, "(");
  countTerm(cursor);
  const value = isAt(cursor, "@") ? readAliasValue(cursor) : readKeyLiteral(cursor);
  if (!accept(cursor, ")")) refuse(cursor, "')' after the key; a method of this name is not known");
  return { kind: "key", value, position };
}

function readKeyLiteral(cursor: Cursor): Key["value"] {
  const isLiteralStart = !isAt(cursor, "[") && !isAt(cursor, "{") && !isAt(cursor, "$");
  if (!isLiteralStart) refuse(cursor, "a key, or name=value; a method of this name is not known");
  return readLiteral(cursor);
}

function readAliasValue(cursor: Cursor): Path {
  const position = cursor.position;
  expect(cursor, "@");
  const name = readIdentifier(cursor, "the name of a parameter alias");
  return { kind: "path", segments: [{ kind: "alias", name, position }], position };
}

function readParameters(cursor: Cursor): readonly Parameter[] {
  expect(cursor, "(");
  skipSpaces(cursor);
  if (accept(cursor, ")")) return [];
  const parameters: Parameter[] = [];
  do {
    skipSpaces(cursor);
    parameters.push(readParameter(cursor));
  } while (acceptAfterSpaces(cursor, ","));
  if (!acceptAfterSpaces(cursor, ")")) refuse(cursor, "',' or ')'");
  return parameters;
}

function readParameter(cursor: Cursor): Parameter {
  const position = cursor.position;
  const name = readIdentifier(cursor, "the name of a parameter");
  expect(cursor, "=");
  const value: Expression = cursor.rules.expression(cursor);
  return { kind: "parameter", name, value, position };
}
