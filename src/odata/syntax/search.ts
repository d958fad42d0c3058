import { type Cursor, countTerm, enter, isSpace, leave, refuse, skipSpaces } from "./cursor.ts";
import type { Search } from "./search-tree.ts";

/** Where a search stands: as an option of its own, or among the options of an item, where `;` parts them. */
export type SearchPlace = "alone" | "nested";

/** Reads a search of words and phrases with AND, OR, NOT and parentheses. */
export function readSearch(cursor: Cursor, place: SearchPlace): Search {
  skipSpaces(cursor);
  if (cursor.text[cursor.position] === "'") return readIncomplete(cursor);
  const tokens = readTokens(cursor, place);
  const walk: Walk = { cursor, tokens, index: 0 };
  const search = readOr(walk);
  const rest = tokens[walk.index];
  return rest === undefined ? search : refuse(cursor, "AND, OR, a word or the end", rest.position);
}

type Token = {
  readonly kind: "word" | "phrase" | "open" | "close";
  readonly text: string;
  readonly position: number;
  readonly isSpaced: boolean;
};

type Walk = { readonly cursor: Cursor; readonly tokens: readonly Token[]; index: number };

// OData URL Conventions 4.01, 5.1.8.1: a client may search while its user still types; such a text stands in single
// quotes, whatever it holds.
function readIncomplete(cursor: Cursor): Search {
  const { text, position } = cursor;
  let end = text.indexOf("'", position + 1);
  while (end !== -1 && text[end + 1] === "'") end = text.indexOf("'", end + 2);
  if (end === -1) refuse(cursor, "a closing quote", text.length);
  cursor.position = end + 1;
  return { kind: "incomplete", text: text.slice(position + 1, end).replaceAll("''", "'"), position };
}

function readTokens(cursor: Cursor, place: SearchPlace): readonly Token[] {
  const tokens: Token[] = [];
  let opened = 0;
  for (;;) {
    const isSpaced = skipSpaces(cursor);
    const character = cursor.text[cursor.position];
    if (character === undefined || (character === ";" && place === "nested")) return tokens;
    if (character === ")" && opened === 0) return tokens;
    if (character === "(") opened += 1;
    if (character === ")") opened -= 1;
    countTerm(cursor);
    tokens.push(readToken(cursor, place, isSpaced));
  }
}

function readToken(cursor: Cursor, place: SearchPlace, isSpaced: boolean): Token {
  const { text, position } = cursor;
  const character = text[position];
  if (character === '"') return { kind: "phrase", text: readPhrase(cursor), position, isSpaced };
  if (character === "(" || character === ")") {
    cursor.position += 1;
    return { kind: character === "(" ? "open" : "close", text: character, position, isSpaced };
  }
  let end = position;
  while (isWordPart(text[end], place)) end += 1;
  if (end === position) refuse(cursor, "a word, a phrase in double quotes, NOT or '('");
  cursor.position = end;
  return { kind: "word", text: text.slice(position, end), position, isSpaced };
}

function isWordPart(character: string | undefined, place: SearchPlace): boolean {
  if (character === undefined || isSpace(character)) return false;
  if (character === "(" || character === ")" || character === '"') return false;
  return character !== ";" || place === "alone";
}

// Microsoft Graph writes `\"` and `\\` within a phrase; any other backslash stands for itself.
function readPhrase(cursor: Cursor): string {
  const { text } = cursor;
  let phrase = "";
  let start = cursor.position + 1;
  for (let end = start; end < text.length; end += 1) {
    if (text[end] === '"') {
      phrase += text.slice(start, end);
      if (phrase === "") refuse(cursor, "a phrase that is not empty");
      cursor.position = end + 1;
      return phrase;
    }
    const isEscape = text[end] === "\\" && (text[end + 1] === '"' || text[end + 1] === "\\");
    if (!isEscape) continue;
    phrase += text.slice(start, end);
    start = end + 1;
    end += 1;
  }
  return refuse(cursor, "a closing double quote", text.length);
}

function readOr(walk: Walk): Search {
  let left = readAnd(walk);
  while (isOperator(walk, "OR")) {
    const position = skipOperator(walk);
    left = { kind: "or", left, right: readAnd(walk), position };
  }
  return left;
}

function readAnd(walk: Walk): Search {
  let left = readNot(walk);
  for (;;) {
    const next = walk.tokens[walk.index];
    if (next === undefined || next.kind === "close" || isOperator(walk, "OR")) return left;
    if (!next.isSpaced) refuse(walk.cursor, "a space", next.position);
    if (isOperator(walk, "AND")) skipOperator(walk);
    left = { kind: "and", left, right: readNot(walk), position: next.position };
  }
}

function readNot(walk: Walk): Search {
  if (!isOperator(walk, "NOT")) return readPart(walk);
  const position = skipOperator(walk);
  enter(walk.cursor);
  const operand = readNot(walk);
  leave(walk.cursor);
  return { kind: "not", operand, position };
}

function readPart(walk: Walk): Search {
  const token = walk.tokens[walk.index];
  if (token === undefined) return refuse(walk.cursor, "a word, a phrase, NOT or '('");
  const { kind, text, position } = token;
  walk.index += 1;
  if (kind === "word" || kind === "phrase") return { kind, text, position };
  if (kind === "close") return refuse(walk.cursor, "a word, a phrase, NOT or '('", position);
  enter(walk.cursor);
  const search = readOr(walk);
  leave(walk.cursor);
  const close = walk.tokens[walk.index];
  if (close?.kind !== "close") return refuse(walk.cursor, "')'", close?.position);
  walk.index += 1;
  return search;
}

// AND, OR and NOT are operators where something follows that they can work on, and words elsewhere.
function isOperator(walk: Walk, word: "AND" | "OR" | "NOT"): boolean {
  const token = walk.tokens[walk.index];
  if (token?.kind !== "word" || token.text !== word) return false;
  const next = walk.tokens[walk.index + 1];
  return next !== undefined && next.kind !== "close";
}

function skipOperator(walk: Walk): number {
  const position = walk.tokens[walk.index]?.position ?? walk.cursor.position;
  walk.index += 1;
  return position;
}
