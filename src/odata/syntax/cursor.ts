import type { SyntaxLimits } from "./limits.ts";
import type { OptionKind, QueryOption } from "./option-tree.ts";
import { SyntaxProblem } from "./syntax-problem.ts";
import type { Expression } from "./tree.ts";

/** A place in a text that is being read; every `read…` function moves it behind what it read, or refuses. */
export type Cursor = {
  readonly text: string;
  readonly limits: SyntaxLimits;
  readonly rules: Rules;
  position: number;
  depth: number;
  terms: number;
  /** The depth at which a colon ends a condition of `case`; -1 elsewhere. */
  caseDepth: number;
};

/** The rules that contain themselves. They are reached through the cursor, so that no two files import each other. */
export type Rules = {
  readonly expression: (cursor: Cursor) => Expression;
  readonly options: (cursor: Cursor, allowed: readonly OptionKind[]) => readonly QueryOption[];
};

/** Gives a cursor at the start of a text that is not too long. */
export function openCursor(text: string, limits: SyntaxLimits, rules: Rules): Cursor {
  assertLength(text, limits);
  return { text, limits, rules, position: 0, depth: 0, terms: 0, caseDepth: -1 };
}

/** Refuses a text that is too long, before anything looks at it. */
export function assertLength(text: string, limits: SyntaxLimits): void {
  if (text.length <= limits.lengthMax) return;
  const message = `The text has ${text.length} characters; at most ${limits.lengthMax} are read.`;
  throw new SyntaxProblem(message, limits.lengthMax);
}

/** Refuses the text at a position, saying what was expected there and what stands there instead. */
export function refuse(cursor: Cursor, expected: string, position: number = cursor.position): never {
  const start = spacesEnd(cursor.text, position);
  const found = start < cursor.text.length ? `'${cursor.text.slice(start, start + excerptLength)}'` : "the end";
  throw new SyntaxProblem(`Expected ${expected}, found ${found}.`, start);
}

const excerptLength = 20;

/** Refuses a value that begins with a space: the grammar tolerates spaces around separators, and `=` is none. */
export function assertNoSpace(cursor: Cursor): void {
  if (!isSpace(cursor.text[cursor.position])) return;
  throw new SyntaxProblem("No space may stand in front of a value.", cursor.position);
}

/** Refuses anything but spaces between the cursor and the end of the text. */
export function finish(cursor: Cursor, expected: string): void {
  skipSpaces(cursor);
  if (cursor.position < cursor.text.length) refuse(cursor, expected);
}

/** Goes one construct deeper, within the limit; `leave` is its counterpart. */
export function enter(cursor: Cursor): void {
  cursor.depth += 1;
  if (cursor.depth <= cursor.limits.depthMax) return;
  throw new SyntaxProblem(`Constructs may be nested ${cursor.limits.depthMax} deep, not deeper.`, cursor.position);
}

/** Comes back from where `enter` went. */
export function leave(cursor: Cursor): void {
  cursor.depth -= 1;
}

/** Counts one more operand, value, item or segment, within the limit. */
export function countTerm(cursor: Cursor): void {
  cursor.terms += 1;
  if (cursor.terms <= cursor.limits.termsMax) return;
  const message = `There may be ${cursor.limits.termsMax} operands, values, items and segments, not more.`;
  throw new SyntaxProblem(message, cursor.position);
}

/** Tells whether the character at the cursor is the given one. */
export function isAt(cursor: Cursor, character: string): boolean {
  return cursor.text[cursor.position] === character;
}

/** Moves behind a character if it is there, and tells whether it was. */
export function accept(cursor: Cursor, character: string): boolean {
  if (cursor.text[cursor.position] !== character) return false;
  cursor.position += 1;
  return true;
}

/** Moves behind a character that must be there. */
export function expect(cursor: Cursor, character: string): void {
  if (!accept(cursor, character)) refuse(cursor, `'${character}'`);
}

/** Moves behind a word that must be there, in this spelling. */
export function expectWord(cursor: Cursor, word: string): void {
  if (!cursor.text.startsWith(word, cursor.position)) refuse(cursor, `'${word}'`);
  cursor.position += word.length;
}

/** Moves behind spaces and tabs, and tells whether there were any. */
export function skipSpaces(cursor: Cursor): boolean {
  const start = cursor.position;
  cursor.position = spacesEnd(cursor.text, start);
  return cursor.position > start;
}

/** Gives the position of the first character that is neither space nor tab. */
export function spacesEnd(text: string, start: number): number {
  let position = start;
  while (isSpace(text[position])) position += 1;
  return position;
}

/** Tells whether a character is a space or a tab, the two that the grammar lets stand between words. */
export function isSpace(character: string | undefined): boolean {
  return character === " " || character === "\t";
}

/** Reads one or more items with commas between them; spaces around a comma are tolerated. */
export function readCommaList<Item>(cursor: Cursor, readItem: (cursor: Cursor) => Item): readonly Item[] {
  const items: Item[] = [];
  do {
    if (items.length > 0) skipSpaces(cursor);
    countTerm(cursor);
    items.push(readItem(cursor));
  } while (acceptAfterSpaces(cursor, ","));
  return items;
}

/** Moves behind spaces and a character if it follows them; otherwise stays. */
export function acceptAfterSpaces(cursor: Cursor, character: string): boolean {
  const position = spacesEnd(cursor.text, cursor.position);
  if (cursor.text[position] !== character) return false;
  cursor.position = position + 1;
  return true;
}
