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
  refuse(findFaults(text, limits.bodyDepthMax));
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof SyntaxError ? error.message : String(error);
    throw new Problem("malformedJson", `The body is not valid JSON: ${reason}.`);
  }
}

function decode(body: Uint8Array): string {
  try {
    return utf8.decode(body);
  } catch {
    throw new Problem("malformedJson", "The body is not valid UTF-8.");
  }
}

// JSON.parse keeps the last of two members of one name and says nothing, so the text is walked once before it.
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
