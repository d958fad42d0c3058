import { accept, acceptAfterSpaces, type Cursor, countTerm, expect, isAt, refuse, skipSpaces } from "./cursor.ts";
import type { ArrayLiteral, Expression, Member, ObjectLiteral, StringLiteral } from "./tree.ts";

/** Reads an array whose items are JSON texts or expressions. */
export function readArray(cursor: Cursor): ArrayLiteral {
  const position = cursor.position;
  return { kind: "array", items: readItems(cursor, { open: "[", close: "]" }, readValue), position };
}

/** Reads an object whose values are JSON texts or expressions. */
export function readObject(cursor: Cursor): ObjectLiteral {
  const position = cursor.position;
  return { kind: "object", members: readItems(cursor, { open: "{", close: "}" }, readMember), position };
}

type Brackets = { readonly open: string; readonly close: string };

function readItems<Item>(cursor: Cursor, brackets: Brackets, readItem: (cursor: Cursor) => Item): readonly Item[] {
  expect(cursor, brackets.open);
  skipSpaces(cursor);
  if (accept(cursor, brackets.close)) return [];
  const items: Item[] = [];
  do {
    skipSpaces(cursor);
    items.push(readItem(cursor));
  } while (acceptAfterSpaces(cursor, ","));
  if (!acceptAfterSpaces(cursor, brackets.close)) refuse(cursor, `',' or '${brackets.close}'`);
  return items;
}

function readMember(cursor: Cursor): Member {
  const position = cursor.position;
  if (!isAt(cursor, '"')) refuse(cursor, "the name of a member in double quotes");
  const name = readJsonText(cursor);
  if (!acceptAfterSpaces(cursor, ":")) refuse(cursor, "':'");
  skipSpaces(cursor);
  return { kind: "member", name, value: readValue(cursor), position };
}

function readValue(cursor: Cursor): Expression {
  return isAt(cursor, '"') ? readJsonString(cursor) : cursor.rules.expression(cursor);
}

function readJsonString(cursor: Cursor): StringLiteral {
  const position = cursor.position;
  countTerm(cursor);
  return { kind: "string", value: readJsonText(cursor), position };
}

function readJsonText(cursor: Cursor): string {
  const { text } = cursor;
  let start = cursor.position + 1;
  let value = "";
  for (let end = start; end < text.length; end += 1) {
    if (text[end] === '"') {
      cursor.position = end + 1;
      return value + text.slice(start, end);
    }
    if (text[end] !== "\\") continue;
    const escaped = readEscape(cursor, end);
    value += text.slice(start, end) + escaped.character;
    start = escaped.end;
    end = escaped.end - 1;
  }
  return refuse(cursor, "a closing double quote", text.length);
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["\\", "\\"],
  ["/", "/"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

function readEscape(cursor: Cursor, backslash: number): { readonly character: string; readonly end: number } {
  const letter = cursor.text[backslash + 1] ?? "";
  const character = escapes.get(letter);
  if (character !== undefined) return { character, end: backslash + 2 };
  const digits = cursor.text.slice(backslash + 2, backslash + 6);
  if (letter !== "u" || !/^[\da-f]{4}$/i.test(digits)) refuse(cursor, "an escape of JSON", backslash);
  return { character: String.fromCharCode(Number.parseInt(digits, 16)), end: backslash + 6 };
}
