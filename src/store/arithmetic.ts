import type { Expression, FunctionName } from "../model/query.ts";
import { type Statement, sql } from "./sql.ts";

/** Prints an operation. Its functions give null for a division by zero and for what no number can hold, on both engines. */
export function printArithmetic(
  { operator, left, right }: Expression & { readonly kind: "arithmetic" },
  print: (value: Expression) => Statement,
): Statement {
  const a = sql`cast(${print(left)} as double precision)`;
  const b = sql`cast(${print(right)} as double precision)`;
  switch (operator) {
    case "add":
      return sql`odata_add(${a}, ${b})`;
    case "sub":
      return sql`odata_add(${a}, - ${b})`;
    case "mul":
      return sql`odata_multiply(${a}, ${b})`;
    case "divby":
      return sql`odata_divide(${a}, ${b})`;
    case "div":
      // Of two whole numbers the quotient is whole (OData URL Conventions 5.1.1.2.4).
      return isWhole(left) && isWhole(right) ? sql`trunc(odata_divide(${a}, ${b}))` : sql`odata_divide(${a}, ${b})`;
    case "mod":
      return sql`odata_modulo(${a}, ${b})`;
  }
}

/** Whether an expression has a whole number as its value by its type. */
function isWhole(expression: Expression): boolean {
  switch (expression.kind) {
    case "constant":
      return expression.type === "number" && expression.form !== "fraction";
    case "property":
      return expression.type === "number";
    case "count":
      return true;
    case "call":
      return !fractions.includes(expression.name) || expression.values.every(isWhole);
    case "negate":
      return isWhole(expression.operand);
    case "arithmetic":
      return expression.operator !== "divby" && isWhole(expression.left) && isWhole(expression.right);
    case "case":
      return expression.branches.every(({ value }) => isWhole(value));
    default:
      return false;
  }
}

/** The functions that may give a fraction; those that round keep the type of what they round. */
const fractions: readonly FunctionName[] = [
  "fractionalseconds",
  "totalseconds",
  "secondsbetween",
  "round",
  "floor",
  "ceiling",
];
