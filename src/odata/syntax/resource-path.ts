import {
  accept,
  acceptAfterSpaces,
  assertLength,
  type Cursor,
  expect,
  finish,
  isAt,
  refuse,
  skipSpaces,
} from "./cursor.ts";
import { type SyntaxLimits, syntaxLimits } from "./limits.ts";
import { identifierEnd, nameEnd, readIdentifier, readName } from "./names.ts";
import { readParentheses } from "./parentheses.ts";
import { openSyntax } from "./parse.ts";
import { splitPath } from "./split-path.ts";
import { SyntaxProblem } from "./syntax-problem.ts";
import type { Call, CompoundKey, FilterSegment, Key, Name, Parameter, Segment } from "./tree.ts";

/** A path behind the root of the service; a segment that is no name is a key or an ordinal until names are bound. */
export type ResourcePath = readonly ResourceSegment[];

export type ResourceSegment =
  | Name
  | Call
  | Key
  | CompoundKey
  | FilterSegment
  | { readonly kind: "text"; readonly text: string; readonly position: number }
  | { readonly kind: "crossjoin"; readonly sets: readonly string[]; readonly position: number }
  | { readonly kind: FirstWord | LaterWord; readonly position: number };

type FirstWord = "$batch" | "$entity" | "$metadata" | "$all";
type LaterWord = "$count" | "$ref" | "$value" | "$each" | "$query";

/** Gives the segments of a path as it was sent, without a slash in front and without the query. */
export function parseResourcePath(path: string, limits: SyntaxLimits = syntaxLimits): ResourcePath {
  assertLength(path, limits);
  const { text, pieces } = splitPath(path);
  const segments: ResourceSegment[] = [];
  for (const { start, end } of pieces) {
    // The cursor sees no further than its segment, but counts from the start of the path.
    const cursor = openSyntax(text.slice(0, end), limits);
    cursor.position = start;
    const last = segments.at(-1);
    segments.push(...(last === undefined ? readFirst(cursor) : readLater(cursor, last)));
    finish(cursor, "'/' or the end");
    if (segments.length > limits.termsMax) {
      throw new SyntaxProblem(`A path may have ${limits.termsMax} segments, not more.`, start);
    }
  }
  return segments;
}

const firstWords = ["$batch", "$entity", "$metadata", "$all"] as const satisfies readonly FirstWord[];
const laterWords = ["$count", "$ref", "$value", "$each", "$query"] as const satisfies readonly LaterWord[];

function readFirst(cursor: Cursor): readonly ResourceSegment[] {
  const position = cursor.position;
  if (isAt(cursor, "$")) {
    if (cursor.text.startsWith("$crossjoin(", position)) return [readCrossjoin(cursor)];
    return [readWord(cursor, firstWords)];
  }
  const name = readIdentifier(cursor, "the name of an entity set, a singleton or an operation");
  return readAfterName(cursor, { kind: "name", name, position });
}

function readLater(cursor: Cursor, last: ResourceSegment): readonly ResourceSegment[] {
  assertContinues(cursor, last);
  const position = cursor.position;
  if (cursor.text.startsWith("$filter(", position)) return readFilter(cursor);
  if (isAt(cursor, "$")) return [readWord(cursor, laterWords)];
  const end = nameEnd(cursor.text, position);
  const next = cursor.text[end];
  if (end > position && (next === undefined || next === "(")) {
    return readAfterName(cursor, { kind: "name", name: readName(cursor, "a name"), position });
  }
  return [readText(cursor)];
}

// What these words stand for is the end of a path: nothing can be found beyond a number, a reference or raw bytes.
function assertContinues(cursor: Cursor, last: ResourceSegment): void {
  const isEnd = last.kind.startsWith("$") && last.kind !== "$each" && last.kind !== "$all" && last.kind !== "$entity";
  if (isEnd) refuse(cursor, `the end after ${last.kind}`, cursor.position - 1);
}

function readWord<Word extends FirstWord | LaterWord>(cursor: Cursor, words: readonly Word[]): ResourceSegment {
  const position = cursor.position;
  const end = identifierEnd(cursor.text, position + 1);
  const text = cursor.text.slice(position, end);
  const kind = words.find((word) => word === text);
  if (kind === undefined) return refuse(cursor, `one of ${words.join(", ")}`);
  cursor.position = end;
  return { kind, position };
}

function readCrossjoin(cursor: Cursor): ResourceSegment {
  const position = cursor.position;
  cursor.position += "$crossjoin".length;
  expect(cursor, "(");
  const sets: string[] = [];
  do {
    sets.push(readIdentifier(cursor, "the name of an entity set"));
  } while (accept(cursor, ","));
  expect(cursor, ")");
  return { kind: "crossjoin", sets, position };
}

function readAfterName(cursor: Cursor, name: Name): readonly ResourceSegment[] {
  if (!isAt(cursor, "(")) return [name];
  return readParentheses(cursor, name).flatMap((segment) => checkedSegment(cursor, segment));
}

function readFilter(cursor: Cursor): readonly ResourceSegment[] {
  const position = cursor.position;
  cursor.position += "$filter(".length;
  skipSpaces(cursor);
  const condition = cursor.rules.expression(cursor);
  if (!acceptAfterSpaces(cursor, ")")) refuse(cursor, "an operator or ')'");
  const segment: FilterSegment = { kind: "filterSegment", condition, position };
  if (!isAt(cursor, "(")) return [segment];
  return readParentheses(cursor, segment).flatMap((each) => checkedSegment(cursor, each));
}

function checkedSegment(cursor: Cursor, segment: Segment): readonly ResourceSegment[] {
  if (segment.kind === "name" || segment.kind === "key" || segment.kind === "filterSegment") return [segment];
  if (segment.kind !== "call" && segment.kind !== "compoundKey") return [];
  for (const parameter of segment.parameters) assertSimple(cursor, parameter);
  return [segment];
}

// OData URL Conventions 4.01, 4.5.2: in the path a value is a literal or an alias; all else goes into an alias.
function assertSimple(cursor: Cursor, { value }: Parameter): void {
  const isAlias = value.kind === "path" && value.segments.length === 1 && value.segments[0]?.kind === "alias";
  if (!isAlias && !simpleKinds.has(value.kind)) refuse(cursor, "a literal or a parameter alias", value.position);
}

const simpleKinds: ReadonlySet<string> = new Set([
  ...["null", "boolean", "number", "string", "guid", "date", "dateTimeOffset", "timeOfDay", "duration", "enum"],
  ...["binary", "geography", "geometry"],
]);

function readText(cursor: Cursor): ResourceSegment {
  const { text, position } = cursor;
  if (position === text.length) refuse(cursor, "a segment between two slashes");
  cursor.position = text.length;
  return { kind: "text", text: text.slice(position), position };
}
