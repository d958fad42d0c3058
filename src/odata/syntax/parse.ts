import { assertNoSpace, type Cursor, finish, openCursor, type Rules, refuse } from "./cursor.ts";
import { readExpression } from "./expression.ts";
import { type SyntaxLimits, syntaxLimits } from "./limits.ts";
import type { QueryOption } from "./option-tree.ts";
import { readOptionValue, type SystemOptionKind } from "./option-value.ts";
import { findOptionKind, readOptions } from "./options.ts";
import type { Expression } from "./tree.ts";

/** Gives the tree of an expression, such as the value of `$filter` or of a parameter alias. */
export function parseExpression(text: string, limits: SyntaxLimits = syntaxLimits): Expression {
  const cursor = openSyntax(text, limits);
  assertNoSpace(cursor);
  const expression = readExpression(cursor);
  finish(cursor, expressionEnd);
  return expression;
}

/** Gives the tree of the option with a name such as `$filter`, `orderby` or `@alias` and a decoded value. */
export function parseOption(name: string, text: string, limits: SyntaxLimits = syntaxLimits): QueryOption {
  if (name.startsWith("@")) {
    return { kind: "alias", name: name.slice(1), value: parseExpression(text, limits), position: 0 };
  }
  const kind = findOptionKind(name);
  const cursor = openSyntax(text, limits);
  if (kind === undefined) return refuse(cursor, `a system query option, not ${name}`);
  const option = readOptionValue(cursor, kind, "alone");
  finish(cursor, endings[kind] ?? "the end");
  return option;
}

/** Gives a cursor at the start of a text, with all rules of the grammar at hand. */
export function openSyntax(text: string, limits: SyntaxLimits = syntaxLimits): Cursor {
  return openCursor(text, limits, rules);
}

const rules: Rules = { expression: readExpression, options: readOptions };

const expressionEnd = "an operator (and, or, eq, ne, gt, ge, lt, le, in, has, add, sub, …) or the end";

const endings: { readonly [Kind in SystemOptionKind]?: string } = {
  filter: expressionEnd,
  orderby: "an operator, asc, desc, ',' or the end",
  compute: "',' or the end",
  select: "'/', '(', ',' or the end",
  expand: "'/', '(', ',' or the end",
  search: "AND, OR, a word or the end",
};
