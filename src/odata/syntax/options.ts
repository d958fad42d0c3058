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
import { identifierEnd, readIdentifier } from "./names.ts";
import type { OptionKind, QueryOption } from "./option-tree.ts";
import { readOptionValue, type SystemOptionKind } from "./option-value.ts";
import { SyntaxProblem } from "./syntax-problem.ts";

/** Gives the option that a name, with or without `$` and in any casing, stands for. */
export function findOptionKind(name: string): SystemOptionKind | undefined {
  const lower = name.toLowerCase();
  return optionKinds.get(lower.startsWith("$") ? lower.slice(1) : lower);
}

/** Reads the options in parentheses behind an item; only the allowed ones, each once. */
export function readOptions(cursor: Cursor, allowed: readonly OptionKind[]): readonly QueryOption[] {
  enter(cursor);
  expect(cursor, "(");
  const options: QueryOption[] = [];
  const names = new Set<string>();
  do {
    skipSpaces(cursor);
    countTerm(cursor);
    const position = cursor.position;
    const option = readOption(cursor, allowed);
    const name = option.kind === "alias" ? `@${option.name}` : `$${option.kind}`;
    if (names.has(name)) throw new SyntaxProblem(`${name} is given twice; it may be given once.`, position);
    names.add(name);
    options.push(option);
  } while (acceptAfterSpaces(cursor, ";"));
  if (!acceptAfterSpaces(cursor, ")")) refuse(cursor, "an operator, ';' or ')'");
  leave(cursor);
  return options;
}

const optionKinds: ReadonlyMap<string, SystemOptionKind> = new Map(
  (
    [
      ...(["filter", "search", "orderby", "select", "expand", "compute", "apply", "count", "top", "skip"] as const),
      ...(["index", "levels", "format", "id", "skiptoken", "deltatoken", "schemaversion"] as const),
    ] as const satisfies readonly SystemOptionKind[]
  ).map((kind) => [kind, kind] as const),
);

function readOption(cursor: Cursor, allowed: readonly OptionKind[]): QueryOption {
  const start = cursor.position;
  if (isAt(cursor, "@") && allowed.includes("alias")) return readAlias(cursor);
  const end = identifierEnd(cursor.text, isAt(cursor, "$") ? start + 1 : start);
  const kind = findOptionKind(cursor.text.slice(start, end));
  if (kind === undefined || !allowed.includes(kind)) {
    return refuse(cursor, `one of ${allowed.map(printOptionName).join(", ")}`);
  }
  cursor.position = end;
  expect(cursor, "=");
  return readOptionValue(cursor, kind, "nested");
}

function readAlias(cursor: Cursor): QueryOption {
  const position = cursor.position;
  accept(cursor, "@");
  const name = readIdentifier(cursor, "the name of an alias");
  expect(cursor, "=");
  return { kind: "alias", name, value: cursor.rules.expression(cursor), position };
}

function printOptionName(kind: OptionKind): string {
  return kind === "alias" ? "@alias" : `$${kind}`;
}

/** The names of the options of OData, as URLs have them. */
export const optionNames: readonly string[] = [...optionKinds.keys()].map((kind) => `$${kind}`);
