import {
  accept,
  acceptAfterSpaces,
  type Cursor,
  countTerm,
  enter,
  expect,
  expectWord,
  isAt,
  leave,
  refuse,
  skipSpaces,
} from "./cursor.ts";
import { readIdentifier, readName } from "./names.ts";
import { readParentheses } from "./parentheses.ts";
import type { Annotation, CountOption, Lambda, Path, Predicate, Segment, Variable } from "./tree.ts";

/** Reads the path whose first name was just read. */
export function readNamedPath(cursor: Cursor, name: string, position: number): Path {
  // OData URL Conventions 4.01, 5.1.1.13: a lambda operator is applied to a collection, never to the current instance.
  if (isAt(cursor, "(") && isLambdaName(name.toLowerCase())) {
    refuse(cursor, `a collection and '/' in front of '${name}'`, position);
  }
  const segments: Segment[] = [...readAfterName(cursor, name, position)];
  // An expression that is a type alone means nothing; only a cast in front of a property may begin with one.
  if (name.includes(".") && segments[0]?.kind === "name" && segments.length === 1 && !isAt(cursor, "/")) {
    refuse(cursor, `'/' or '(' after '${name}'`);
  }
  return readRest(cursor, segments, position);
}

/** Reads a path that begins with `$it`, `$root`, `$this` or `$these`. */
export function readVariablePath(cursor: Cursor): Path {
  const position = cursor.position;
  const name = variables.find((variable) => cursor.text.startsWith(variable, position));
  if (name === undefined) return refuse(cursor, "$it, $root, $this or $these");
  const variable: Variable = { kind: "variable", name, position };
  cursor.position += name.length;
  if (name === "$root" && !isAt(cursor, "/")) refuse(cursor, "'/' after $root");
  return readRest(cursor, [variable], position);
}

// These are compared in their casing, as the grammar has it; `$these` is of the Data Aggregation standard.
const variables = ["$it", "$root", "$these", "$this"] as const satisfies readonly Variable["name"][];

/** Reads a path that begins with a parameter alias or an annotation. */
export function readAliasPath(cursor: Cursor): Path {
  const position = cursor.position;
  const annotation = readAnnotation(cursor);
  const isAlias = annotation.qualifier === undefined && !annotation.name.includes(".");
  const first: Segment = isAlias ? { kind: "alias", name: annotation.name, position } : annotation;
  return readRest(cursor, [first], position);
}

/** Reads `@term` or `@term#qualifier`. */
export function readAnnotation(cursor: Cursor): Annotation {
  const position = cursor.position;
  expect(cursor, "@");
  const name = readName(cursor, "the name of an alias or annotation");
  const qualifier = accept(cursor, "#") ? readIdentifier(cursor, "a qualifier") : undefined;
  return { kind: "annotation", name, qualifier, position };
}

function readRest(cursor: Cursor, segments: Segment[], position: number): Path {
  while (accept(cursor, "/")) {
    countTerm(cursor);
    const read = readSegment(cursor);
    segments.push(...read);
    const last = read.at(-1)?.kind;
    if (last === "count" || last === "any" || last === "all") break;
  }
  return { kind: "path", segments, position };
}

function readSegment(cursor: Cursor): readonly Segment[] {
  const position = cursor.position;
  if (isAt(cursor, "@")) return [readAnnotation(cursor)];
  if (isAt(cursor, "$")) return readDollarSegment(cursor);
  const name = readName(cursor, "a property, a type, a function, $count, any or all");
  if (!isAt(cursor, "(")) return [{ kind: "name", name, position }];
  const lower = name.toLowerCase();
  if (isLambdaName(lower)) return [readLambda(cursor, lower, position)];
  return readAfterName(cursor, name, position);
}

function isLambdaName(name: string): name is Lambda["kind"] {
  return name === "any" || name === "all";
}

function readAfterName(cursor: Cursor, name: string, position: number): readonly Segment[] {
  if (!isAt(cursor, "(")) return [{ kind: "name", name, position }];
  return readParentheses(cursor, { kind: "name", name, position });
}

function readDollarSegment(cursor: Cursor): readonly Segment[] {
  const position = cursor.position;
  const { text } = cursor;
  if (text.startsWith("$count", position)) {
    cursor.position += "$count".length;
    return [{ kind: "count", options: readCountOptions(cursor), position }];
  }
  expectWord(cursor, text.startsWith("$f", position) ? "$filter(" : "$count");
  skipSpaces(cursor);
  const condition = cursor.rules.expression(cursor);
  if (!acceptAfterSpaces(cursor, ")")) refuse(cursor, "an operator or ')'");
  const segment: Segment = { kind: "filterSegment", condition, position };
  return isAt(cursor, "(") ? readParentheses(cursor, segment) : [segment];
}

function readCountOptions(cursor: Cursor): readonly CountOption[] {
  if (!isAt(cursor, "(")) return [];
  return cursor.rules.options(cursor, ["filter", "search"]).flatMap((option) => {
    return option.kind === "filter" || option.kind === "search" ? [option] : [];
  });
}

// OData URL Conventions 4.01, 5.1.1.13: `any` may stand without a predicate, `all` may not.
function readLambda(cursor: Cursor, kind: Lambda["kind"], position: number): Lambda {
  expect(cursor, "(");
  skipSpaces(cursor);
  if (kind === "any" && accept(cursor, ")")) return { kind, predicate: undefined, position };
  const predicate = readPredicate(cursor);
  if (!acceptAfterSpaces(cursor, ")")) refuse(cursor, "an operator or ')'");
  return { kind, predicate, position };
}

function readPredicate(cursor: Cursor): Predicate {
  enter(cursor);
  const variable = readIdentifier(cursor, "a lambda variable");
  if (!acceptAfterSpaces(cursor, ":")) refuse(cursor, `':' after the lambda variable '${variable}'`);
  skipSpaces(cursor);
  const condition = cursor.rules.expression(cursor);
  leave(cursor);
  return { variable, condition };
}
