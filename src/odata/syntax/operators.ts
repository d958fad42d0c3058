import { type Cursor, isSpace, spacesEnd } from "./cursor.ts";
import type { BinaryOperator } from "./tree.ts";

/** A binary operator where it stands in a text; the higher its precedence, the tighter it binds. */
export type Operator = { readonly word: BinaryOperator | "in" | "has"; readonly precedence: number };

// OData URL Conventions 4.01, 5.1.1.17, from loose to tight. `has` and `in` stand there among the primary operators:
// `not id in ('a','b')` negates the membership.
export const precedence = {
  or: 1,
  and: 2,
  equality: 3,
  relation: 4,
  addition: 5,
  multiplication: 6,
  unary: 7,
  membership: 8,
  primary: 9,
} as const;

export const operators = [
  { word: "or", precedence: precedence.or },
  { word: "and", precedence: precedence.and },
  { word: "eq", precedence: precedence.equality },
  { word: "ne", precedence: precedence.equality },
  { word: "gt", precedence: precedence.relation },
  { word: "ge", precedence: precedence.relation },
  { word: "lt", precedence: precedence.relation },
  { word: "le", precedence: precedence.relation },
  { word: "add", precedence: precedence.addition },
  { word: "sub", precedence: precedence.addition },
  { word: "mul", precedence: precedence.multiplication },
  { word: "div", precedence: precedence.multiplication },
  { word: "divby", precedence: precedence.multiplication },
  { word: "mod", precedence: precedence.multiplication },
  { word: "has", precedence: precedence.membership },
  { word: "in", precedence: precedence.membership },
] as const satisfies readonly Operator[];

/** Gives how tightly an operator binds. */
export function precedenceOf(word: Operator["word"]): number {
  return operatorsByWord.get(word)?.precedence ?? precedence.primary;
}

/** Gives the operator that follows the cursor's spaces, in any casing, without moving. */
export function findOperator(cursor: Cursor): Operator | undefined {
  const { text, position } = cursor;
  if (!isSpace(text[position])) return undefined;
  const start = spacesEnd(text, position);
  let end = start;
  while (end - start <= operatorLengthMax && isLetter(text, end)) end += 1;
  // A parenthesis may follow at once, as in `in('a','b')`: clients write so, and nothing else can be meant.
  if (!isSpace(text[end]) && text[end] !== "(") return undefined;
  const word = text.slice(start, end);
  return operatorsByWord.get(word) ?? operatorsByWord.get(word.toLowerCase());
}

const operatorsByWord: ReadonlyMap<string, Operator> = new Map(
  operators.map((operator) => [operator.word, operator] as const),
);

const operatorLengthMax = "divby".length;

function isLetter(text: string, position: number): boolean {
  const letter = text.charCodeAt(position) | 0x20;
  return letter >= 0x61 && letter <= 0x7a;
}
