import { maskedMembers, sentinel } from "../../model/choice.ts";
import type { Choice } from "../../model/kinds.ts";
import type { Comparison, ConstantValue, Expression, ValueType } from "../../model/query.ts";
import type { Has, Infix, Membership } from "../syntax/tree.ts";
import { bindLiteral, coerce, constant } from "./constant.ts";
import type { Bind, BindOperand, Operand } from "./operand.ts";
import { type Bound, fault, type Scope, typeOf, unsupported } from "./scope.ts";
import { bindStructure, isStructure } from "./structure.ts";

/** Resolves a comparison; values of an enumeration are ordered by their numbers (OData Protocol 11.2.6.2). */
export function bindComparison(
  scope: Scope,
  syntax: Infix,
  operator: Comparison,
  bindOperand: BindOperand,
): Expression {
  const left = bindOperand(scope, syntax.left);
  const right = bindOperand(scope, syntax.right);
  if (left.kind === "value" && right.kind === "value") return compare(scope, syntax, operator, left, right);
  if (!isStructure(left) && !isStructure(right)) throw unsupported(scope, syntax, "A comparison of collections");
  if (operator !== "eq" && operator !== "ne") throw fault(scope, syntax, "Complex values have no order.");
  return bindStructure(scope, syntax, operator, [left, right], (value) => singleOf(bindOperand(scope, value)));
}

function singleOf(operand: Operand): Bound | undefined {
  return operand.kind === "value" ? operand : undefined;
}

function compare(
  scope: Scope,
  at: { readonly position: number },
  operator: Comparison,
  left: Bound,
  right: Bound,
): Expression {
  const choice = left.choice ?? right.choice;
  const [a, b] = [alike(scope, at, left, right), alike(scope, at, right, left)];
  if (choice === undefined) return compareValues(operator, a, b);
  if (operator === "eq" || operator === "ne") return compareMembers(scope, operator, [a, b], choice);
  const ordinal = (operand: Expression): Expression => ({ kind: "ordinal", operand, members: choice.members });
  return { kind: "compare", operator, left: ordinal(a), right: ordinal(b) };
}

function compareValues(operator: Comparison, left: Expression, right: Expression): Expression {
  if (right.kind !== "constant") return { kind: "compare", operator, left, right };
  const { expression, values } = withoutPrefix(left, [right.value]);
  return { kind: "compare", operator, left: expression, right: { ...right, value: values[0] ?? null } };
}

/** Takes off an expression, and the values it is compared with, what all of them begin with: an index serves the rest. */
function withoutPrefix(expression: Expression, values: readonly ConstantValue[]) {
  const [first, rest] = expression.kind === "call" && expression.name === "concat" ? expression.values : [];
  if (first?.kind !== "constant" || typeof first.value !== "string" || rest === undefined)
    return { expression, values };
  const prefix = first.value;
  const rests = values.flatMap((value) =>
    typeof value === "string" && value.startsWith(prefix) ? [value.slice(prefix.length)] : [],
  );
  return rests.length === values.length ? { expression: rest, values: rests } : { expression, values };
}

/** Compares a choice with a member: whoever names the sentinel means every member that is shown as it. */
function compareMembers(
  scope: Scope,
  operator: "eq" | "ne",
  [a, b]: readonly [Expression, Expression],
  choice: Choice,
): Expression {
  const [value, named] = a.kind === "constant" ? [b, a] : [a, b];
  if (named.kind !== "constant" || named.value !== sentinel) return { kind: "compare", operator, left: a, right: b };
  const both = operator === "eq" ? "or" : "and";
  return [sentinel, ...maskedMembers(choice, scope.naming.members)]
    .map((member): Expression => ({ kind: "compare", operator, left: value, right: constant("choice", member) }))
    .reduce((left, right) => ({ kind: both, left, right }));
}

/** Gives one side of a comparison, as a value of the type that the other side has. */
function alike(
  scope: Scope,
  at: { readonly position: number },
  { expression, choice }: Bound,
  other: Bound,
): Expression {
  const [own, type] = [typeOf(expression), typeOf(other.expression)];
  if (type === "null") return expression;
  if (expression.kind === "constant" && isCoerced(expression.type, other.expression)) {
    return coerce(scope, at, expression, type, other.choice);
  }
  const otherIsCoerced = other.expression.kind === "constant" && isCoerced(other.expression.type, expression);
  if (own === type || own === "null" || otherIsCoerced) return expression;
  throw fault(scope, at, `A ${choice?.name ?? own} cannot be compared with a ${other.choice?.name ?? type}.`);
}

/** Whether a constant takes the type of what it is compared with. Of two constants a text does, or a date. */
function isCoerced(type: ValueType, other: Expression): boolean {
  if (other.kind !== "constant") return true;
  return (type === "string" && other.type !== "string") || (type === "date" && other.type === "instant");
}

/** Resolves `in`: among values that were sent, or in a collection. */
export function bindMembership(scope: Scope, syntax: Membership, bind: Bind, bindOperand: BindOperand): Expression {
  const left = bind(scope, syntax.left);
  const { right } = syntax;
  if (right.kind === "list") {
    return amongItems(
      scope,
      syntax,
      left,
      right.items.map((item) => ({ expression: bindLiteral(scope, item) })),
    );
  }
  const operand = bindOperand(scope, right);
  if (operand.kind === "array")
    return amongItems(
      scope,
      syntax,
      left,
      operand.literal.items.map((item) => bind(scope, item)),
    );
  if (operand.kind === "collection" && operand.items.kind === "text") {
    const variable = scope.variables.size + scope.instance.number + 1;
    const item = { kind: "property", variable, path: [], type: "string", nullable: false } as const;
    const condition = compare(scope, syntax, "eq", left, { expression: item });
    return { kind: "any", over: operand.over, variable, condition };
  }
  throw fault(scope, right, "Right of 'in' stands a list of values or a collection of them.");
}

function amongItems(scope: Scope, at: Membership, left: Bound, items: readonly Bound[]): Expression {
  const { choice } = left;
  const values = items.flatMap((item) => {
    const same = alike(scope, at, item, left);
    const isSentinel = choice !== undefined && same.kind === "constant" && same.value === sentinel;
    if (isSentinel) return [sentinel, ...maskedMembers(choice, scope.naming.members)];
    if (same.kind === "constant") return [same.value];
    throw unsupported(scope, at, "'in' with anything but constants in its list");
  });
  if (typeOf(left.expression) === "null") return constant("boolean", values.includes(null));
  const among = withoutPrefix(left.expression, values);
  return { kind: "in", left: among.expression, values: among.values };
}

/** Resolves `has`. None of our choices is a set of flags: a value has a member when it is that member. */
export function bindHas(scope: Scope, syntax: Has, bind: Bind): Expression {
  const left = bind(scope, syntax.left);
  if (left.choice === undefined) throw fault(scope, syntax, "'has' asks for a value of an enumeration on its left.");
  const right = coerce(scope, syntax.flags, bindLiteral(scope, syntax.flags), "choice", left.choice);
  return compareMembers(scope, "eq", [left.expression, right], left.choice);
}
