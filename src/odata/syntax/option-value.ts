import { assertNoSpace, type Cursor, isSpace, readCommaList, refuse, spacesEnd } from "./cursor.ts";
import { readExpandItem } from "./expand.ts";
import { identifierEnd, readIdentifier } from "./names.ts";
import type { ComputeItem, OptionKind, OrderItem, QueryOption, TextOptionKind } from "./option-tree.ts";
import { readSearch, type SearchPlace } from "./search.ts";
import { readSelectItem } from "./select.ts";
import { digitsEnd } from "./temporal.ts";

/** Options that have a name of their own, which an alias has not. */
export type SystemOptionKind = Exclude<OptionKind, "alias">;

/** Reads the value of a system query option, up to the first character that cannot belong to it. */
export function readOptionValue(cursor: Cursor, kind: SystemOptionKind, place: SearchPlace): QueryOption {
  const position = cursor.position;
  if (kind === "search") return { kind, search: readSearch(cursor, place), position };
  assertNoSpace(cursor);
  switch (kind) {
    case "filter":
      return { kind, condition: cursor.rules.expression(cursor), position };
    case "orderby":
      return { kind, items: readCommaList(cursor, readOrderItem), position };
    case "select":
      return { kind, items: readCommaList(cursor, readSelectItem), position };
    case "expand":
      return { kind, items: readCommaList(cursor, readExpandItem), position };
    case "compute":
      return { kind, items: readCommaList(cursor, readComputeItem), position };
    case "count":
      return { kind, value: readBoolean(cursor), position };
    case "top":
    case "skip":
      return { kind, value: readWholeNumber(cursor), position };
    case "index":
      return { kind, value: readIndex(cursor), position };
    case "levels":
      return { kind, value: readLevels(cursor), position };
    default:
      return { kind, text: readText(cursor, kind), position };
  }
}

function readOrderItem(cursor: Cursor): OrderItem {
  const position = cursor.position;
  const expression = cursor.rules.expression(cursor);
  return { kind: "order", expression, direction: readDirection(cursor), position };
}

function readDirection(cursor: Cursor): OrderItem["direction"] {
  const { text, position } = cursor;
  const start = spacesEnd(text, position);
  const end = identifierEnd(text, start);
  if (start === position || end === start) return "asc";
  const word = text.slice(start, end).toLowerCase();
  if (word !== "asc" && word !== "desc") return refuse(cursor, "an operator, asc, desc, ',' or the end", start);
  cursor.position = end;
  return word;
}

function readComputeItem(cursor: Cursor): ComputeItem {
  const position = cursor.position;
  const expression = cursor.rules.expression(cursor);
  const start = spacesEnd(cursor.text, cursor.position);
  const isAs = cursor.text.slice(start, start + 2).toLowerCase() === "as" && isSpace(cursor.text[start + 2]);
  if (!isAs || start === cursor.position) refuse(cursor, "an operator, or 'as' and a name");
  cursor.position = spacesEnd(cursor.text, start + 2);
  return { kind: "computed", expression, name: readIdentifier(cursor, "a name without dots"), position };
}

function readBoolean(cursor: Cursor): boolean {
  const start = cursor.position;
  const word = cursor.text.slice(start, identifierEnd(cursor.text, start)).toLowerCase();
  if (word !== "true" && word !== "false") refuse(cursor, "true or false");
  cursor.position += word.length;
  return word === "true";
}

function readWholeNumber(cursor: Cursor): number {
  const start = cursor.position;
  const end = digitsEnd(cursor.text, start);
  if (end === start) refuse(cursor, "a whole number that is not negative");
  const value = Number(cursor.text.slice(start, end));
  if (value > Number.MAX_SAFE_INTEGER) refuse(cursor, `a number of at most ${Number.MAX_SAFE_INTEGER}`);
  cursor.position = end;
  return value;
}

function readIndex(cursor: Cursor): number {
  if (cursor.text[cursor.position] !== "-") return readWholeNumber(cursor);
  cursor.position += 1;
  return 0 - readWholeNumber(cursor);
}

function readLevels(cursor: Cursor): number | "max" {
  const { text, position } = cursor;
  if (text.slice(position, position + 3).toLowerCase() === "max") {
    cursor.position += 3;
    return "max";
  }
  if (text[position] === "0") refuse(cursor, "a number from 1 on without leading zeroes, or max");
  return readWholeNumber(cursor);
}

const textPatterns: Readonly<Record<TextOptionKind, { readonly pattern: RegExp; readonly expected: string }>> = {
  apply: { pattern: /./s, expected: "transformations" },
  deltatoken: { pattern: /./s, expected: "a token" },
  skiptoken: { pattern: /./s, expected: "a token" },
  id: { pattern: /./s, expected: "the URL of an entity" },
  schemaversion: { pattern: /^(?:\*|[\w.~-]+)$/, expected: "'*', or letters, digits and '-._~'" },
  format: { pattern: /^(?:atom|json|xml|[^\s/]+\/[^\s/]+)$/i, expected: "json, xml, atom or a media type" },
};

function readText(cursor: Cursor, kind: TextOptionKind): string {
  const text = cursor.text.slice(cursor.position);
  const { pattern, expected } = textPatterns[kind];
  if (!pattern.test(text)) refuse(cursor, expected);
  cursor.position = cursor.text.length;
  return text;
}
