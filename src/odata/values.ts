import { type Members, namedMembers } from "../model/choice.ts";
import { isValues } from "../model/define.ts";
import { type Choice, type Dictionary, type Kind, type Text, uuidPattern } from "../model/kinds.ts";
import type { Complaint } from "../model/problem.ts";

// Edm.DateTimeOffset (OData ABNF: dateTimeOffsetValueInBody), in the years that an ISO text can be compared in.
const instantPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,12})?)?(?:Z|[+-]\d{2}:\d{2})$/i;
const shownLengthMax = 80;

/** Says what is wrong with a value of a kind that a client may send, if anything is. Null and complex values come elsewhere. */
export function complainAboutValue(
  kind: Kind,
  value: unknown,
  target: string,
  members: Members = "known",
): readonly Complaint[] {
  switch (kind.kind) {
    case "text":
      return complainAboutText(kind, value, target);
    case "identifier":
      if (typeof value === "string" && uuidPattern.test(value)) return [];
      return [malformed(target, "a UUID such as 0193a5b2-7c1e-7d34-9f00-5b1c2d3e4f50", value)];
    case "instant":
      if (typeof value === "string" && instantPattern.test(value) && !Number.isNaN(Date.parse(value))) return [];
      return [malformed(target, "a date and time with its offset such as 2026-11-24T09:30:00Z", value)];
    case "boolean":
      return typeof value === "boolean" ? [] : [malformed(target, "true or false", value)];
    case "choice":
      return complainAboutChoice(kind, value, target, members);
    case "dictionary":
      return complainAboutDictionary(kind, value, target);
    default:
      throw new Error(`No property of the kind ${kind.kind} can be sent.`);
  }
}

/** Prints a value for a message, shortened. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > shownLengthMax ? `${text.slice(0, shownLengthMax)}…` : text;
}

function complainAboutText(kind: Text, value: unknown, target: string): readonly Complaint[] {
  const told = kind.secret === true ? "It is not repeated here." : undefined;
  if (typeof value !== "string") return [malformed(target, "a text", value, told)];
  if (!isStorable(value)) return [malformed(target, "a text of valid Unicode without the character NUL", value, told)];
  const length = lengthOutside(value, kind);
  if (length !== undefined) {
    const wanted = `a text of ${kind.lengthMin} to ${kind.lengthMax} characters`;
    return [malformed(target, wanted, value, `It has ${length}.`)];
  }
  if (kind.pattern === undefined || kind.pattern.test(value)) return [];
  return [
    malformed(target, kind.example === undefined ? "well-formed" : `of a form such as ${kind.example}`, value, told),
  ];
}

/** Gives how many characters a text has when these are too few or too many. */
function lengthOutside(value: string, { lengthMin, lengthMax }: Text): number | undefined {
  // A character has one unit or two, and what is within the bounds anyway need not be taken apart.
  if (value.length >= 2 * lengthMin && value.length <= lengthMax) return undefined;
  const { length } = [...value];
  return length < lengthMin || length > lengthMax ? length : undefined;
}

function complainAboutChoice(kind: Choice, value: unknown, target: string, members: Members): readonly Complaint[] {
  const named = namedMembers(kind, members);
  if (typeof value === "string" && named.includes(value)) return [];
  const wanted = `one of ${named.join(", ")}`;
  if (typeof value !== "string") return [malformed(target, wanted, value)];
  return [{ code: "unknownEnumMember", message: `'${target}' must be ${wanted}; it is ${show(value)}.`, target }];
}

function complainAboutDictionary(kind: Dictionary, value: unknown, target: string): readonly Complaint[] {
  if (!isValues(value)) return [malformed(target, "an object of text values", value)];
  const entries = Object.entries(value).filter(([name]) => !isAnnotation(name));
  if (entries.length > kind.entriesMax) {
    return [malformed(target, `an object of at most ${kind.entriesMax} values`, value, `It has ${entries.length}.`)];
  }
  return entries.flatMap(([name, each]) => complainAboutEntry(kind, name, each, `${target}/${name}`));
}

/** Tells the name of an annotation: what stands behind its at sign is a term, or control information. */
export function isAnnotation(name: string): boolean {
  return name.startsWith("@") || /@(?:[A-Za-z_]\w*\.[\w.]+|type)$/.test(name);
}

function complainAboutEntry(kind: Dictionary, name: string, value: unknown, target: string): readonly Complaint[] {
  const complaints: Complaint[] = [];
  if (name.length > kind.keyLengthMax || !kind.keyPattern.test(name) || name === "__proto__") {
    const wanted = `up to ${kind.keyLengthMax} letters, digits and underscores, and begin with a letter`;
    complaints.push({ code: "malformedValue", message: `The name '${show(name)}' must have ${wanted}.`, target });
  }
  if (value === null) return complaints;
  const ofText = complainAboutText({ kind: "text", lengthMin: 0, lengthMax: kind.valueLengthMax }, value, target);
  return [...complaints, ...ofText];
}

// PostgreSQL cannot keep NUL, and half a surrogate pair is no character: both would come back as something else.
function isStorable(value: string): boolean {
  return value.isWellFormed() && !value.includes("\0");
}

function malformed(target: string, wanted: string, value: unknown, more = `It is ${show(value)}.`): Complaint {
  return { code: "malformedValue", message: `'${target}' must be ${wanted}. ${more}`, target };
}
