import { type Cursor, refuse } from "./cursor.ts";

/** Reads a name without dots, or refuses. */
export function readIdentifier(cursor: Cursor, expected: string): string {
  const end = identifierEnd(cursor.text, cursor.position);
  if (end === cursor.position) refuse(cursor, expected);
  const name = cursor.text.slice(cursor.position, end);
  cursor.position = end;
  return name;
}

/** Reads a name, qualified by a namespace or not, or refuses. */
export function readName(cursor: Cursor, expected: string): string {
  const end = nameEnd(cursor.text, cursor.position);
  if (end === cursor.position) refuse(cursor, expected);
  const name = cursor.text.slice(cursor.position, end);
  cursor.position = end;
  return name;
}

/** Gives the end of the possibly qualified name at a position, which is the position itself where there is none. */
export function nameEnd(text: string, start: number): number {
  let end = identifierEnd(text, start);
  while (end > start && text[end] === ".") {
    const next = identifierEnd(text, end + 1);
    if (next === end + 1) return end;
    end = next;
  }
  return end;
}

/** Gives the end of the name without dots at a position, which is the position itself where there is none. */
export function identifierEnd(text: string, start: number): number {
  let end = start;
  let characters = 0;
  while (characters < identifierLengthMax) {
    const width = partWidth(text, end, start);
    if (width === 0) return end;
    end += width;
    characters += 1;
  }
  // One character more than the longest name makes it no name at all.
  return partWidth(text, end, start) === 0 ? end : start;
}

/** Tells whether a name goes on at a position. */
export function isNamePart(text: string, position: number): boolean {
  return partWidth(text, position, -1) > 0;
}

// CSDL 4.01, 15.2: a letter or an underscore, then at most 127 letters, digits, underscores and combining marks.
const identifierLengthMax = 128;
const leadingCharacter = /^[\p{L}\p{Nl}]$/u;
const innerCharacter = /^[\p{L}\p{Nl}\p{Nd}\p{Mn}\p{Mc}\p{Pc}\p{Cf}]$/u;

/** Gives how many UTF-16 units the part of a name at a position takes: 0 where no name goes on. */
function partWidth(text: string, position: number, start: number): number {
  const unit = text.charCodeAt(position);
  if (unit < 128) return isAsciiPart(unit, position === start) ? 1 : 0;
  const point = text.codePointAt(position);
  if (point === undefined) return 0;
  const character = String.fromCodePoint(point);
  const pattern = position === start ? leadingCharacter : innerCharacter;
  return pattern.test(character) ? character.length : 0;
}

function isAsciiPart(unit: number, isLeading: boolean): boolean {
  const letter = unit | 0x20;
  if ((letter >= 0x61 && letter <= 0x7a) || unit === 0x5f) return true;
  return !isLeading && unit >= 0x30 && unit <= 0x39;
}
