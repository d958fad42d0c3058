import type { Expression, ValueType } from "../../model/query.ts";
import type { Infix } from "../syntax/tree.ts";
import { coerce, constant } from "./constant.ts";
import type { Bind } from "./operand.ts";
import { fault, type Scope, typeOf } from "./scope.ts";

type Operator = "add" | "sub" | "mul" | "div" | "divby" | "mod";

const operands: readonly ValueType[] = ["number", "duration", "instant", "date", "null"];
const times: readonly ValueType[] = ["duration", "instant", "date"];

/** Resolves an arithmetic operation (OData URL Conventions 5.1.1.2). */
export function bindArithmetic(scope: Scope, syntax: Infix, operator: Operator, bind: Bind): Expression {
  const [first, second] = [bind(scope, syntax.left).expression, bind(scope, syntax.right).expression];
  const left = operandOf(scope, syntax.left, first, second);
  const right = operandOf(scope, syntax.right, second, first);
  const [a, b] = [typeOf(left), typeOf(right)];
  if (a === "null" || b === "null") return constant("null", null);
  if ([a, b].some((type) => type === "instant" || type === "date")) {
    const moved = bindTimes({ left, right, types: `${a} ${operator} ${b}` });
    if (moved !== undefined) return moved;
  } else if (areScalable(operator, a, b)) return { kind: "arithmetic", operator, left, right };
  throw fault(scope, syntax, `'${operator}' cannot be done with a ${a} and a ${b}.`);
}

function operandOf(scope: Scope, at: { readonly position: number }, bound: Expression, other: Expression): Expression {
  const expression = castText(scope, at, bound, other);
  const type = typeOf(expression);
  if (operands.includes(type)) return expression;
  throw fault(scope, at, `Here stands a ${type}; it must be a number, a duration, a date or an instant.`);
}

// A text beside a time stands for a duration, or for a time of its kind (4.01 minimal conformance, item 9).
function castText(
  scope: Scope,
  at: { readonly position: number },
  expression: Expression,
  other: Expression,
): Expression {
  const type = typeOf(other);
  const isText = expression.kind === "constant" && expression.type === "string";
  if (!isText || !times.includes(type)) return expression;
  return coerce(scope, at, expression, /^[-+]?P/i.test(String(expression.value)) ? "duration" : type);
}

function areScalable(operator: Operator, a: ValueType, b: ValueType): boolean {
  if (a === "number" && b === "number") return true;
  if (operator === "add" || operator === "sub") return a === b;
  if (operator === "mul") return a === "number" || b === "number";
  return (operator === "div" || operator === "divby") && a === "duration" && b === "number";
}

// An instant or a date moved by a duration is another one; the difference of two is a duration.
function bindTimes(sides: {
  readonly left: Expression;
  readonly right: Expression;
  readonly types: string;
}): Expression | undefined {
  const { left, right, types } = sides;
  switch (types) {
    case "instant sub instant":
    case "date sub date":
      return { kind: "call", name: "secondsbetween", values: [instantOf(left), instantOf(right)] };
    case "instant add duration":
      return moveBy(left, right);
    case "duration add instant":
      return moveBy(right, left);
    case "instant sub duration":
      return moveBy(left, { kind: "negate", operand: right });
    case "date add duration":
      return { kind: "call", name: "date", values: [moveBy(left, right)] };
    case "duration add date":
      return { kind: "call", name: "date", values: [moveBy(right, left)] };
    case "date sub duration":
      return { kind: "call", name: "date", values: [moveBy(left, { kind: "negate", operand: right })] };
    default:
      return undefined;
  }
}

function moveBy(time: Expression, duration: Expression): Expression {
  return { kind: "call", name: "addseconds", values: [instantOf(time), duration] };
}

/** The beginning of a date, or an instant as it is. */
function instantOf(time: Expression): Expression {
  if (typeOf(time) === "instant") return time;
  return { kind: "call", name: "concat", values: [time, constant("string", "T00:00:00.000Z")] };
}
