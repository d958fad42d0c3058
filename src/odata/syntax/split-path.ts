import { decodeText } from "./query-string.ts";
import { SyntaxProblem } from "./syntax-problem.ts";

/** A decoded path, and where each of its segments lies in it. */
export type SplitPath = {
  readonly text: string;
  readonly pieces: readonly { readonly start: number; readonly end: number }[];
};

/** Gives the segments of a path; an encoded slash, and a slash within `$filter(…)`, does not part them. */
export function splitPath(path: string): SplitPath {
  const pieces: { readonly start: number; readonly end: number }[] = [];
  let text = "";
  let start = 0;
  while (start <= path.length) {
    const end = segmentEnd(path, start);
    const segment = decodeText(path.slice(start, end), start, "plus");
    pieces.push({ start: text.length, end: text.length + segment.length });
    text += end < path.length ? `${segment}/` : segment;
    start = end + 1;
  }
  return { text, pieces };
}

function segmentEnd(path: string, start: number): number {
  const slash = path.indexOf("/", filterEnd(path, start));
  return slash === -1 ? path.length : slash;
}

const filterStart = /\$filter(?:\(|%28)/y;
const mark = /%(?:22|27|28|29)|["'()]/gi;

/** Gives the end of `$filter(…)` if a segment begins so, and the start of the segment otherwise. */
function filterEnd(path: string, start: number): number {
  filterStart.lastIndex = start;
  if (!filterStart.test(path)) return start;
  let depth = 0;
  let quote = "";
  for (const match of path.slice(start).matchAll(mark)) {
    const character = decodeURIComponent(match[0]);
    if (quote !== "") {
      if (character === quote) quote = "";
    } else if (character === "(") {
      depth += 1;
    } else if (character === ")") {
      depth -= 1;
      if (depth === 0) return start + match.index + match[0].length;
    } else {
      quote = character;
    }
  }
  // Refused at once, so that a path of many unclosed filters is not walked again for each of them.
  throw new SyntaxProblem("Expected ')' at the end of $filter( in the path.", path.length);
}
