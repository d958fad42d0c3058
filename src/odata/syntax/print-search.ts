import type { Search } from "./search-tree.ts";

/** Gives the canonical text of a search: every AND is written out, parentheses stand only where they are needed. */
export function printSearch(search: Search): string {
  switch (search.kind) {
    case "word":
      // A word that could be taken for an operator is written as a phrase, which finds the same.
      return operatorWords.has(search.text) ? `"${search.text}"` : search.text;
    case "phrase":
      return `"${search.text.replaceAll(/["\\]/g, "\\$&")}"`;
    case "incomplete":
      return `'${search.text.replaceAll("'", "''")}'`;
    case "not":
      return `NOT ${printOperand(search.operand, tightness.not)}`;
    case "and":
    case "or": {
      const own = tightness[search.kind];
      return `${printOperand(search.left, own)} ${search.kind.toUpperCase()} ${printOperand(search.right, own + 1)}`;
    }
  }
}

const operatorWords: ReadonlySet<string> = new Set(["AND", "OR", "NOT"]);

const tightness = { or: 1, and: 2, not: 3, word: 4, phrase: 4, incomplete: 4 } as const;

function printOperand(search: Search, tightnessMin: number): string {
  const text = printSearch(search);
  return tightness[search.kind] < tightnessMin ? `(${text})` : text;
}
