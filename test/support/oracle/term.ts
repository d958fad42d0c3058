/** The types of the values of terms. A whole number divides differently from another, so that they are told apart. */
export type Type = ("text" | "whole" | "number" | "boolean" | "choice") | ("instant" | "date" | "time" | "duration");

/** A value: a number also of milliseconds (instant), days (date), milliseconds (time) and seconds (duration). */
export type Value = string | number | boolean | null;

/** An expression of OData that is well-typed by its making. It is made without the product's own types and parser. */
export type Term =
  | { readonly kind: "literal"; readonly text: string; readonly value: Value }
  /** A path from the entity, or from the variable of a lambda. */
  | { readonly kind: "path"; readonly variable: string; readonly path: string; readonly members?: readonly string[] }
  | { readonly kind: "infix"; readonly operator: string; readonly type: Type; readonly sides: readonly [Term, Term] }
  | { readonly kind: "prefix"; readonly operator: "not" | "-"; readonly operand: Term }
  | { readonly kind: "call"; readonly name: string; readonly type: Type; readonly values: readonly Term[] }
  | { readonly kind: "in"; readonly left: Term; readonly items: readonly Term[] }
  | { readonly kind: "case"; readonly branches: readonly (readonly [Term, Term])[] }
  | {
      readonly kind: "any" | "all" | "count";
      readonly collection: string;
      readonly variable: string;
      readonly condition: Term | undefined;
    }
  | { readonly kind: "subset" | "subsequence"; readonly collection: string; readonly part: readonly string[] }
  /** The equality of a complex value with null, or with what was sent. */
  | { readonly kind: "structure"; readonly path: string; readonly operator: "eq" | "ne"; readonly value: Structure }
  /** A value of `$compute`, or of a parameter alias, by its name. */
  | { readonly kind: "named"; readonly name: string; readonly term: Term };

export type Structure = { readonly [name: string]: string | null } | null;

/** Prints a term as OData reads it. Every operation is in parentheses: precedence has tests of its own. */
export function printTerm(term: Term): string {
  switch (term.kind) {
    case "literal":
      return term.text;
    case "path":
      return [term.variable, term.path].filter((part) => part !== "").join("/");
    case "infix":
      return `(${printTerm(term.sides[0])} ${operators[term.operator] ?? term.operator} ${printTerm(term.sides[1])})`;
    case "prefix":
      return term.operator === "not" ? `not (${printTerm(term.operand)})` : `-(${printTerm(term.operand)})`;
    case "call":
      return `${term.name}(${term.values.map(printTerm).join(",")})`;
    case "in":
      return `(${printTerm(term.left)} in (${term.items.map(printTerm).join(",")}))`;
    case "case":
      return `case(${term.branches.map(([condition, value]) => `${printTerm(condition)} : ${printTerm(value)}`).join(",")})`;
    case "count":
      return `${term.collection}/$count${term.condition === undefined ? "" : `($filter=${printTerm(term.condition)})`}`;
    case "any":
    case "all": {
      const condition = term.condition === undefined ? "" : `${term.variable}:${printTerm(term.condition)}`;
      return `${term.collection}/${term.kind}(${condition})`;
    }
    case "subset":
    case "subsequence":
      return `has${term.kind}(${term.collection},${JSON.stringify(term.part)})`;
    case "structure":
      return `(${term.path} ${term.operator} ${JSON.stringify(term.value)})`;
    case "named":
      return term.name;
  }
}

/** The difference of two instants, and that of two dates, are both written as `sub`. */
const operators: Readonly<Record<string, string>> = { seconds: "sub", days: "sub" };

/** Prints a text as a literal. */
export function textLiteral(value: string): Term {
  return { kind: "literal", text: `'${value.replaceAll("'", "''")}'`, value };
}

/** Every `$compute` and alias that a term names, with what it stands for. */
export function namedTerms(term: Term): readonly (Term & { readonly kind: "named" })[] {
  switch (term.kind) {
    case "named":
      return [term];
    case "infix":
      return term.sides.flatMap(namedTerms);
    case "prefix":
      return namedTerms(term.operand);
    case "call":
      return term.values.flatMap(namedTerms);
    case "in":
      return namedTerms(term.left);
    case "case":
      return term.branches.flat().flatMap(namedTerms);
    case "any":
    case "all":
    case "count":
      return term.condition === undefined ? [] : namedTerms(term.condition);
    default:
      return [];
  }
}
