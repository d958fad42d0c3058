import { SyntaxProblem } from "../../../src/odata/syntax/syntax-problem.ts";

/** Runs a step that must be refused as ungrammatical, and gives the refusal. */
export function faultOf(step: () => unknown): SyntaxProblem {
  try {
    step();
  } catch (problem) {
    if (problem instanceof SyntaxProblem) return problem;
    throw problem;
  }
  throw new Error("The text was accepted.");
}

/** Gives a copy of a tree without any position in it. */
export function withoutPositions(tree: unknown): unknown {
  if (Array.isArray(tree)) return tree.map(withoutPositions);
  if (typeof tree !== "object" || tree === null) return tree;
  const members = Object.entries(tree).filter(([name]) => name !== "position");
  return Object.fromEntries(members.map(([name, value]) => [name, withoutPositions(value)]));
}
