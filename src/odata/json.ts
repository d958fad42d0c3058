import { visit } from "jsonc-parser";
import { type Complaint, Problem, refuse } from "../model/problem.ts";
import { complaintsMax } from "./body.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Reads the JSON of a body. A member that stands twice, or what is nested too deeply, is refused (RFC 8259 section 4). */
export function parseJson(body: Uint8Array, limits: { readonly bodyDepthMax: number }): unknown {
  const text = decode(body);
  if (text.trim() === "") {
    throw new Problem("invalidRequest", "The body is empty; a JSON object is required.");
  }
  try {
    const value: unknown = JSON.parse(text);
    // Only of what has lost a member on the way, or is deep, the text is walked to say where.
    if (countMembers(value, limits.bodyDepthMax) !== countNames(text)) refuse(findFaults(text, limits.bodyDepthMax));
    return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    refuse(findFaults(text, limits.bodyDepthMax));
    throw new Problem("malformedJson", `The body is not valid JSON: ${error.message}.`);
  }
}

/** Counts the members of all objects in a value; undefined: it is nested more deeply than it may be. */
function countMembers(value: unknown, depthMax: number): number | undefined {
  if (typeof value !== "object" || value === null) return 0;
  if (depthMax === 0) return undefined;
  const inner: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  let count = Array.isArray(value) ? 0 : inner.length;
  for (const each of inner) {
    const within = countMembers(each, depthMax - 1);
    if (within === undefined) return undefined;
    count += within;
  }
  return count;
}

/** Counts the names of members in a JSON text: the texts in it before a colon. */
function countNames(text: string): number {
  let count = 0;
  let begin = text.indexOf('"');
  while (begin >= 0) {
    let end = text.indexOf('"', begin + 1);
    while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
    let next = end + 1;
    while (isSpace(text.charCodeAt(next))) next++;
    if (text[next] === ":") count++;
    begin = text.indexOf('"', next);
  }
  return count;
}

function isEscaped(text: string, position: number): boolean {
  let before = position - 1;
  while (text[before] === "\\") before--;
  return (position - before) % 2 === 0;
}

// RFC 8259 section 2: space, tab, line feed and carriage return.
function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}

function decode(body: Uint8Array): string {
  try {
    return utf8.decode(body);
  } catch {
    throw new Problem("malformedJson", "The body is not valid UTF-8.");
  }
}

// JSON.parse keeps the last of two members of one name and says nothing.
function findFaults(text: string, depthMax: number): Complaint[] {
  const complaints: Complaint[] = [];
  const members: Set<string>[] = [];
  let depth = 0;
  const begin = () => {
    depth++;
    // The walk is recursive: it ends here, before the depth that a caller chose can hurt.
    if (depth > depthMax) throw new Problem("invalidRequest", `The body is nested more than ${depthMax} levels deep.`);
  };
  visit(
    text,
    {
      onObjectBegin: () => {
        begin();
        members.push(new Set());
      },
      onObjectEnd: () => {
        depth--;
        members.pop();
      },
      onArrayBegin: begin,
      onArrayEnd: () => {
        depth--;
      },
      onObjectProperty: (property, _offset, _length, _line, _character, pathTo) => {
        const known = members.at(-1);
        if (known?.has(property) && complaints.length < complaintsMax) complaints.push(duplicate(property, pathTo()));
        known?.add(property);
      },
    },
    { disallowComments: true },
  );
  return complaints;
}

function duplicate(property: string, path: readonly (string | number)[]): Complaint {
  const target = [...path, property].join("/");
  return { code: "duplicateProperty", message: `'${target}' stands in the body more than once. Send it once.`, target };
}
