import type { Advice, Complaint, ProblemCode } from "../../model/problem.ts";

/** How strict validation is: what the documentation requires, or all that Partner Center does (0075). */
type ValidationLevel = "documented" | "strict";

/** What the operator of the server says of the rules. */
export interface ValidationSettings {
  readonly level: ValidationLevel;
  /** The domains whose addresses no customer can have: Microsoft's, and the partner's own. */
  readonly blockedEmailDomains: readonly string[];
  /** The countries in which customers can be; undefined is every one. */
  readonly countries?: readonly string[];
}

/** Something that is not refused, and that someone should look at. */
export interface Warning {
  readonly code: ProblemCode | "companyNameNotRecommended" | "stateUnknown";
  readonly message: string;
  readonly target?: string;
  readonly advice?: Advice;
}

/** Where a value stands: the path of its property, and the country of the address. */
export interface Place {
  readonly target: string;
  /** The two letters of a country, when the address has one that is known. */
  readonly country?: string;
  /** The address names a country that there is not: what depends on it cannot be judged. */
  readonly isLost?: true;
  readonly settings: ValidationSettings;
}

/** What a rule says of a value: its canonical form, and what is wrong with it. */
export interface Verdict {
  readonly value?: string;
  readonly errors?: readonly Complaint[];
  /** Errors when validation is strict, warnings otherwise. */
  readonly strictly?: readonly Complaint[];
  readonly warnings?: readonly Warning[];
}

/** Judges a value that is given. */
export type Rule = (given: string, place: Place) => Verdict;

/** The verdict that a value is wrong: what it must be, with what would be right. */
export function wrong(code: ProblemCode, given: string, { target }: Place, must: string, advice: Advice = {}): Verdict {
  return { errors: [fault(code, given, target, must, advice)] };
}

/** One fault of a value. The message says what the advice says. */
export function fault<Code extends string>(
  code: Code,
  given: string,
  target: string,
  must: string,
  advice: Advice = {},
): { readonly code: Code; readonly message: string; readonly target: string; readonly advice: Advice } {
  const { suggestion, pattern, example, allowed } = advice;
  const sentences = [
    `'${target}' ${must}; it is ${JSON.stringify(given)}.`,
    ...(suggestion === undefined ? [] : [`Did you mean '${suggestion}'?`]),
    ...(pattern === undefined ? [] : [`The pattern is ${pattern}.`]),
    ...(example === undefined ? [] : [`An example is ${example}.`]),
    ...(allowed === undefined ? [] : [`Allowed are ${allowed.join(", ")}.`]),
  ];
  return { code, message: sentences.join(" "), target, advice: { value: given, ...advice } };
}
