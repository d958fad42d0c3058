import { accept, acceptAfterSpaces, type Cursor, countTerm, expect, isAt, refuse } from "./cursor.ts";
import { readGeoLiteral } from "./geo.ts";
import { isNamePart, nameEnd, readIdentifier, readName } from "./names.ts";
import { dateEnd, digitsEnd, guidEnd, isDigit, isDuration, numberEnd, timeEnd, zoneEnd } from "./temporal.ts";
import type { EnumLiteral, Literal, NumberLiteral, StringLiteral } from "./tree.ts";

/** Reads a literal where nothing else may stand: in a list, or as a key. */
export function readLiteral(cursor: Cursor): Literal {
  if (isAt(cursor, "'")) return readStringLiteral(cursor);
  if (isNumberStart(cursor)) return readNumberOrDate(cursor);
  const guid = readGuid(cursor);
  if (guid !== undefined) return guid;
  const position = cursor.position;
  const name = readName(cursor, "a literal");
  if (isAt(cursor, "'")) return readPrefixedLiteral(cursor, name, position);
  return wordLiteral(name, position) ?? refuse(cursor, "a literal", position);
}

/** Tells whether a number, or what begins like one, stands at the cursor. */
export function isNumberStart(cursor: Cursor): boolean {
  const { text, position } = cursor;
  if (isDigit(text, position)) return true;
  if (text[position] === "+") return isDigit(text, position + 1);
  if (text[position] !== "-") return false;
  return isDigit(text, position + 1) || isNegativeInfinity(text, position);
}

/** Reads what begins with a digit or a sign: a GUID, a date, a time or a number. */
export function readNumberOrDate(cursor: Cursor): Literal {
  return readGuid(cursor) ?? readDate(cursor) ?? readTimeOfDay(cursor) ?? readNumber(cursor);
}

/** Reads a GUID if one stands at the cursor. */
export function readGuid(cursor: Cursor): Literal | undefined {
  const position = cursor.position;
  const end = guidEnd(cursor.text, position);
  if (end === position || isNamePart(cursor.text, end)) return undefined;
  return { kind: "guid", text: take(cursor, end), position };
}

/** Reads a text in single quotes; a quote inside is written twice. */
export function readStringLiteral(cursor: Cursor): StringLiteral {
  const position = cursor.position;
  return { kind: "string", value: readQuotedText(cursor), position };
}

/** Gives the literal that a word stands for, if it stands for one. */
export function wordLiteral(word: string, position: number): Literal | undefined {
  if (word === "null") return { kind: "null", position };
  if (word === "NaN" || word === "INF") return { kind: "number", form: "double", text: word, position };
  if (word.length !== 4 && word.length !== 5) return undefined;
  const lower = word.toLowerCase();
  if (lower === "true") return { kind: "boolean", value: true, position };
  return lower === "false" ? { kind: "boolean", value: false, position } : undefined;
}

/** Reads the quoted part of a literal whose prefix was read: a duration, an enumeration value and the like. */
export function readPrefixedLiteral(cursor: Cursor, prefix: string, position: number): Literal {
  const lower = prefix.toLowerCase();
  if (lower === "geography" || lower === "geometry") return readGeoLiteral(cursor, lower, position);
  if (prefix.includes(".")) return readEnumLiteral(cursor, prefix, position);
  const start = cursor.position + 1;
  if (lower !== "duration" && lower !== "binary") {
    refuse(cursor, "duration, binary, geography, geometry or a qualified enumeration type before the quote", position);
  }
  const text = readQuotedText(cursor);
  if (lower === "duration") {
    if (!isDuration(text)) refuse(cursor, "a duration like P1DT2H3M4.5S", start);
    return { kind: "duration", text: text.toUpperCase(), position };
  }
  if (!isBase64(text)) refuse(cursor, "bytes in base64url", start);
  return { kind: "binary", text, position };
}

function readEnumLiteral(cursor: Cursor, typeName: string, position: number): EnumLiteral {
  const members: string[] = [];
  expect(cursor, "'");
  do {
    countTerm(cursor);
    members.push(readEnumMember(cursor));
  } while (accept(cursor, ","));
  expect(cursor, "'");
  return { kind: "enum", typeName, members, position };
}

function readEnumMember(cursor: Cursor): string {
  const start = cursor.position;
  const signed = isAt(cursor, "+") || isAt(cursor, "-") ? start + 1 : start;
  const end = digitsEnd(cursor.text, signed);
  if (end === signed) return readIdentifier(cursor, "the name or number of an enumeration member");
  return withoutPlus(take(cursor, end));
}

function readDate(cursor: Cursor): Literal | undefined {
  const position = cursor.position;
  const end = dateEnd(cursor.text, position);
  if (end === position) return undefined;
  if (cursor.text[end] !== "T" && cursor.text[end] !== "t") {
    return { kind: "date", text: take(cursor, end), position };
  }
  const time = timeEnd(cursor.text, end + 1);
  if (time === end + 1) refuse(cursor, "a time of day such as 23:59:59", time);
  const zone = zoneEnd(cursor.text, time);
  if (zone === time) refuse(cursor, "'Z' or an offset such as +01:00", zone);
  return { kind: "dateTimeOffset", text: take(cursor, zone).toUpperCase(), position };
}

function readTimeOfDay(cursor: Cursor): Literal | undefined {
  const position = cursor.position;
  const end = timeEnd(cursor.text, position);
  if (end === position || isEndOfCondition(cursor, end)) return undefined;
  return { kind: "timeOfDay", text: take(cursor, end), position };
}

// The colon in `case(a gt 10:15)` parts condition and value, although `10:15` is also a time. A condition cannot end
// where its `case` ends or goes on, so a time cannot stand there.
function isEndOfCondition(cursor: Cursor, end: number): boolean {
  if (cursor.caseDepth !== cursor.depth) return false;
  const ahead = { ...cursor, position: end };
  return acceptAfterSpaces(ahead, ",") || acceptAfterSpaces(ahead, ")");
}

function readNumber(cursor: Cursor): NumberLiteral {
  const position = cursor.position;
  if (isNegativeInfinity(cursor.text, position)) {
    return { kind: "number", form: "double", text: take(cursor, position + 4), position };
  }
  const end = numberEnd(cursor.text, position);
  if (end === position) refuse(cursor, "a number");
  const text = withoutPlus(take(cursor, end));
  return { kind: "number", form: numberForm(text), text, position };
}

function numberForm(text: string): NumberLiteral["form"] {
  if (text.includes("e") || text.includes("E")) return "double";
  return text.includes(".") ? "decimal" : "integer";
}

function isNegativeInfinity(text: string, position: number): boolean {
  return text.startsWith("-INF", position) && nameEnd(text, position + 1) === position + 4;
}

function readQuotedText(cursor: Cursor): string {
  const start = cursor.position + 1;
  let end = cursor.text.indexOf("'", start);
  let isDoubled = false;
  while (end !== -1 && cursor.text[end + 1] === "'") {
    isDoubled = true;
    end = cursor.text.indexOf("'", end + 2);
  }
  if (end === -1) refuse(cursor, "a closing quote", cursor.text.length);
  cursor.position = end + 1;
  const text = cursor.text.slice(start, end);
  return isDoubled ? text.replaceAll("''", "'") : text;
}

// RFC 4648 section 5, where the last character of a shortened group must leave the unused bits zero.
function isBase64(text: string): boolean {
  const digits = text.replace(/={1,2}$/, "");
  if (!/^[\w-]*$/.test(digits)) return false;
  const padding = text.length - digits.length;
  const rest = digits.length % 4;
  if (rest === 0) return padding === 0;
  if (rest === 2) return padding !== 1 && /[AQgw]$/.test(digits);
  return rest === 3 && padding !== 2 && /[AEIMQUYcgkosw048]$/.test(digits);
}

function withoutPlus(text: string): string {
  return text.startsWith("+") ? text.slice(1) : text;
}

function take(cursor: Cursor, end: number): string {
  const text = cursor.text.slice(cursor.position, end);
  cursor.position = end;
  return text;
}
