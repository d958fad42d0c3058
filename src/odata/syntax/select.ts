import { accept, type Cursor, countTerm, expectWord, isAt, refuse, skipSpaces } from "./cursor.ts";
import { identifierEnd, readIdentifier, readName } from "./names.ts";
import type { OptionKind, SelectItem } from "./option-tree.ts";
import { readAnnotation } from "./path.ts";
import type { Annotation, Name } from "./tree.ts";

/** Reads one item of `$select`: `*`, all operations of a namespace, or a path with options. */
export function readSelectItem(cursor: Cursor): SelectItem {
  const position = cursor.position;
  if (accept(cursor, "*")) return { kind: "all", position };
  const first = readSelectSegment(cursor);
  if (first.kind === "name" && cursor.text.startsWith(".*", cursor.position)) {
    expectWord(cursor, ".*");
    return { kind: "operations", namespace: first.name, position };
  }
  const path = [first];
  while (accept(cursor, "/")) {
    countTerm(cursor);
    path.push(readSelectSegment(cursor));
  }
  const overload = isAtOverload(cursor) ? readOverload(cursor) : undefined;
  const options = isAt(cursor, "(") ? cursor.rules.options(cursor, selectOptions) : [];
  return { kind: "property", path, overload, options, position };
}

/** Reads a name or an annotation in a path of `$select` or `$expand`. */
export function readSelectSegment(cursor: Cursor): Name | Annotation {
  if (isAt(cursor, "@")) return readAnnotation(cursor);
  const position = cursor.position;
  return { kind: "name", name: readName(cursor, "the name of a property, or '*'"), position };
}

const selectOptions = [
  ...(["filter", "search", "count", "orderby", "skip", "top"] as const),
  ...(["compute", "select", "alias"] as const),
] as const satisfies readonly OptionKind[];

/** Tells whether parentheses hold names, which tell overloads of a function apart, and not options. */
function isAtOverload(cursor: Cursor): boolean {
  if (!isAt(cursor, "(")) return false;
  const start = cursor.position + 1;
  const end = identifierEnd(cursor.text, start);
  const next = cursor.text[end];
  return end > start && (next === "," || next === ")");
}

function readOverload(cursor: Cursor): readonly string[] {
  const names: string[] = [];
  accept(cursor, "(");
  do {
    skipSpaces(cursor);
    countTerm(cursor);
    names.push(readIdentifier(cursor, "the name of a parameter"));
  } while (accept(cursor, ","));
  if (!accept(cursor, ")")) refuse(cursor, "',' or ')'");
  return names;
}
