import { accept, type Cursor, countTerm, expectWord, isAt, refuse } from "./cursor.ts";
import { identifierEnd } from "./names.ts";
import type { ExpandItem, OptionKind } from "./option-tree.ts";
import { readSelectSegment } from "./select.ts";

type Navigation = Extract<ExpandItem, { kind: "navigation" }>;

/** Reads one item of `$expand`: `$value`, or a path to a navigation property or `*`, with what to put in its place. */
export function readExpandItem(cursor: Cursor): ExpandItem {
  const position = cursor.position;
  if (isAt(cursor, "$")) {
    expectWord(cursor, "$value");
    return { kind: "value", position };
  }
  const path: Navigation["path"][number][] = [];
  let shape: Navigation["shape"] = "entities";
  do {
    countTerm(cursor);
    if (isAt(cursor, "$")) {
      shape = readShape(cursor, path.at(-1)?.kind === "all");
      break;
    }
    path.push(readExpandSegment(cursor));
  } while (accept(cursor, "/"));
  const isAll = path.at(-1)?.kind === "all";
  const allowed = isAll ? allOptions[shape] : navigationOptions[shape];
  const hasOptions = isAt(cursor, "(") && allowed.length > 0;
  return {
    kind: "navigation",
    path,
    shape,
    options: hasOptions ? cursor.rules.options(cursor, allowed) : [],
    position,
  };
}

const countOptions = ["filter", "search"] as const;
const referenceOptions = [...countOptions, "orderby", "skip", "top", "count"] as const;

// OData URL Conventions 4.01, 5.1.3: the less is put in place of the navigation, the fewer options make sense.
const navigationOptions: Readonly<Record<Navigation["shape"], readonly OptionKind[]>> = {
  count: countOptions,
  references: referenceOptions,
  entities: [...referenceOptions, "select", "expand", "compute", "levels", "alias"],
};

const allOptions: Readonly<Record<Navigation["shape"], readonly OptionKind[]>> = {
  count: [],
  references: [],
  entities: ["levels"],
};

function readExpandSegment(cursor: Cursor): Navigation["path"][number] {
  const position = cursor.position;
  if (!accept(cursor, "*")) return readSelectSegment(cursor);
  const isLast = !isAt(cursor, "/") || cursor.text.startsWith("/$", cursor.position);
  return isLast ? { kind: "all", position } : refuse(cursor, "'/$ref', options, ',' or the end after '*'");
}

function readShape(cursor: Cursor, isAll: boolean): "references" | "count" {
  const start = cursor.position;
  const end = identifierEnd(cursor.text, start + 1);
  const word = cursor.text.slice(start, end);
  cursor.position = end;
  if (word === "$ref") return "references";
  if (word === "$count" && !isAll) return "count";
  return refuse(cursor, isAll ? "$ref" : "$ref, $count or the name of a property", start);
}
