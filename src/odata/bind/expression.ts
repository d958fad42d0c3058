import { maskedMembers, sentinel } from "../../model/choice.ts";
import type { Choice } from "../../model/kinds.ts";
import type { Comparison, Expression, ValueType } from "../../model/query.ts";
import type { Case, Count, Has, Infix, Lambda, Membership, Path, Expression as Syntax } from "../syntax/tree.ts";
import { bindLiteral, coerce, constant } from "./constant.ts";
import { bindMethod } from "./method.ts";
import { bindPath } from "./path.ts";
import { fault, type Scope, typeOf, unsupported, type VariableType } from "./scope.ts";

/** An expression whose names are resolved, and the choice that it is a member of, if it is one. */
export interface Bound {
  readonly expression: Expression;
  readonly choice?: Choice;
}

/** Resolves the names of an expression that must come to true or false. */
export function bindCondition(scope: Scope, syntax: Syntax): Expression {
  const { expression } = bindExpression(scope, syntax);
  const type = typeOf(expression);
  if (type === "boolean" || type === "null") return expression;
  throw fault(scope, syntax, `A condition must be true or false; this is a ${type}.`);
}

/** Resolves the names of an expression against the model, and checks the types of its parts. */
export function bindExpression(scope: Scope, syntax: Syntax): Bound {
  switch (syntax.kind) {
    case "path":
      return bindPathExpression(scope, syntax);
    case "infix":
      return { expression: bindInfix(scope, syntax) };
    case "not":
      return { expression: { kind: "not", operand: bindCondition(scope, syntax.operand) } };
    case "negate":
      return { expression: { kind: "negate", operand: bindTyped(scope, syntax.operand, ["number", "duration"]) } };
    case "in":
      return { expression: bindMembership(scope, syntax) };
    case "has":
      return { expression: bindHas(scope, syntax) };
    case "method":
      return { expression: bindMethod(scope, syntax, (value) => bindExpression(scope, value).expression) };
    case "case":
      return { expression: bindCase(scope, syntax) };
    case "cast":
    case "isof":
    case "array":
    case "object":
      throw unsupported(scope, syntax, `'${syntax.kind}'`);
    default:
      return { expression: bindLiteral(scope, syntax) };
  }
}

function bindPathExpression(scope: Scope, path: Path): Bound {
  const [first] = path.segments;
  if (first?.kind === "alias" && path.segments.length === 1) return bindAlias(scope, first);
  const found = bindPath(scope, path, bindNested);
  if (found.kind === "value") return found;
  throw fault(
    scope,
    path,
    found.kind === "complex"
      ? "A complex value has no order and no equal here. Name one of its properties."
      : "A collection is no single value. Use any, all or $count.",
  );
}

function bindAlias(scope: Scope, alias: { readonly name: string; readonly position: number }): Bound {
  const value = scope.aliases.get(alias.name);
  if (value === undefined) return { expression: constant("null", null) };
  if (scope.aliasesOpen.includes(alias.name))
    throw fault(scope, alias, `The value of '@${alias.name}' depends on itself.`);
  return bindExpression({ ...scope, aliasesOpen: [...scope.aliasesOpen, alias.name] }, value);
}

function bindNested(
  scope: Scope,
  syntax: Lambda | Count,
  items: VariableType,
  variable: number,
): Expression | undefined {
  if (syntax.kind === "count") {
    const [option, more] = syntax.options;
    if (option === undefined) return undefined;
    if (option.kind !== "filter" || more !== undefined) throw unsupported(scope, option, "This option of $count");
    return bindCondition({ ...scope, instance: { number: variable, type: items } }, option.condition);
  }
  const { predicate } = syntax;
  if (predicate === undefined) return undefined;
  const variables = new Map(scope.variables).set(predicate.variable, { number: variable, type: items });
  return bindCondition({ ...scope, variables }, predicate.condition);
}

function bindInfix(scope: Scope, syntax: Infix): Expression {
  const { operator } = syntax;
  switch (operator) {
    case "and":
    case "or":
      return { kind: operator, left: bindCondition(scope, syntax.left), right: bindCondition(scope, syntax.right) };
    case "eq":
    case "ne":
    case "gt":
    case "ge":
    case "lt":
    case "le":
      return bindComparison(scope, syntax, operator);
    default:
      return bindArithmetic(scope, syntax, operator);
  }
}

function bindComparison(scope: Scope, syntax: Infix, operator: Comparison): Expression {
  const left = bindExpression(scope, syntax.left);
  const right = bindExpression(scope, syntax.right);
  const choice = left.choice ?? right.choice;
  const [a, b] = [alike(scope, syntax, left, right), alike(scope, syntax, right, left)];
  if (choice === undefined) return { kind: "compare", operator, left: a, right: b };
  if (operator === "eq" || operator === "ne") return compareMembers(scope, operator, [a, b], choice);
  // OData Protocol 11.2.6.2: members of an enumeration are ordered by their values.
  const ordinal = (operand: Expression): Expression => ({ kind: "ordinal", operand, members: choice.members });
  return { kind: "compare", operator, left: ordinal(a), right: ordinal(b) };
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
  return [sentinel, ...maskedMembers(choice, scope.members)]
    .map((member): Expression => ({ kind: "compare", operator, left: value, right: constant("choice", member) }))
    .reduce((left, right) => ({ kind: both, left, right }));
}

/** Gives one side of a comparison, as a value of the type that the other side has. */
function alike(scope: Scope, at: Infix | Membership, { expression, choice }: Bound, other: Bound): Expression {
  const type = typeOf(other.expression);
  if (expression.kind === "constant" && other.expression.kind !== "constant") {
    return coerce(scope, at, expression, type, other.choice);
  }
  assertComparable(scope, at, typeOf(expression), type, choice, other);
  return expression;
}

function assertComparable(
  scope: Scope,
  at: { readonly position: number },
  a: ValueType,
  b: ValueType,
  choice: Choice | undefined,
  other: Bound,
): void {
  // A constant on the other side is made alike when its own turn comes.
  if (a === b || a === "null" || b === "null" || other.expression.kind === "constant") return;
  throw fault(scope, at, `A ${choice?.name ?? a} cannot be compared with a ${other.choice?.name ?? b}.`);
}

function bindMembership(scope: Scope, syntax: Membership): Expression {
  const left = bindExpression(scope, syntax.left);
  if (syntax.right.kind !== "list") throw unsupported(scope, syntax, "'in' with anything but a list of values");
  const { choice } = left;
  const values = syntax.right.items.flatMap((item) => {
    const { value } = coerce(scope, item, bindLiteral(scope, item), typeOf(left.expression), choice);
    return choice !== undefined && value === sentinel ? [value, ...maskedMembers(choice, scope.members)] : [value];
  });
  return { kind: "in", left: left.expression, values };
}

// None of our choices is a set of flags: a value has a member when it is that member.
function bindHas(scope: Scope, syntax: Has): Expression {
  const left = bindExpression(scope, syntax.left);
  if (left.choice === undefined) throw fault(scope, syntax, "'has' asks for a value of an enumeration on its left.");
  const right = coerce(scope, syntax.flags, bindLiteral(scope, syntax.flags), "choice", left.choice);
  return compareMembers(scope, "eq", [left.expression, right], left.choice);
}

function bindArithmetic(
  scope: Scope,
  syntax: Infix,
  operator: "add" | "sub" | "mul" | "div" | "divby" | "mod",
): Expression {
  const left = bindTyped(scope, syntax.left, ["number", "duration", "instant"]);
  const right = bindTyped(scope, syntax.right, ["number", "duration", "instant"]);
  const [a, b] = [typeOf(left), typeOf(right)];
  if (a === "instant" || b === "instant") return bindInstants(scope, syntax, left, right);
  const both = a === b || a === "null" || b === "null";
  const scaling = (operator === "mul" || operator === "div" || operator === "divby") && b === "number";
  if (both || scaling || (operator === "mul" && a === "number")) return { kind: "arithmetic", operator, left, right };
  throw fault(scope, syntax, `'${operator}' cannot be done with a ${a} and a ${b}.`);
}

// OData URL Conventions 5.1.1.2: an instant and a duration give an instant, two instants a duration.
function bindInstants(scope: Scope, syntax: Infix, left: Expression, right: Expression): Expression {
  const types = `${typeOf(left)} ${syntax.operator} ${typeOf(right)}`;
  if (types === "instant sub instant") return { kind: "call", name: "secondsbetween", values: [left, right] };
  if (types === "instant add duration") return { kind: "call", name: "addseconds", values: [left, right] };
  if (types === "duration add instant") return { kind: "call", name: "addseconds", values: [right, left] };
  if (types === "instant sub duration") {
    return { kind: "call", name: "addseconds", values: [left, { kind: "negate", operand: right }] };
  }
  throw fault(scope, syntax, `'${types}' cannot be done.`);
}

function bindTyped(scope: Scope, syntax: Syntax, types: readonly ValueType[]): Expression {
  const { expression } = bindExpression(scope, syntax);
  const type = typeOf(expression);
  if (type === "null" || types.includes(type)) return expression;
  throw fault(scope, syntax, `Here stands a ${type}; it must be a ${types.join(" or a ")}.`);
}

function bindCase(scope: Scope, syntax: Case): Expression {
  const branches = syntax.branches.map(({ condition, value }) => ({
    condition: bindCondition(scope, condition),
    value: bindExpression(scope, value).expression,
  }));
  const types = new Set(branches.map(({ value }) => typeOf(value)).filter((type) => type !== "null"));
  if (types.size > 1)
    throw fault(scope, syntax, `The values of a case must be of one type; these are ${[...types].join(" and ")}.`);
  return { kind: "case", branches };
}
