import type { Expression } from "../../model/query.ts";
import type { Case, Count, Infix, Lambda, Negation, Path, Expression as Syntax } from "../syntax/tree.ts";
import { bindArithmetic } from "./arithmetic.ts";
import { bindComparison, bindHas, bindMembership } from "./comparison.ts";
import { bindLiteral, constant } from "./constant.ts";
import { bindMethod } from "./method.ts";
import type { Operand } from "./operand.ts";
import { bindPath } from "./path.ts";
import { type Bound, fault, type Scope, spend, typeOf, unsupported, type VariableType } from "./scope.ts";
import { bindSearch } from "./search.ts";
import { bindTexts } from "./texts.ts";
import { bindTypeTest } from "./type-test.ts";

/** Resolves the names of an expression that must come to true or false. */
export function bindCondition(scope: Scope, syntax: Syntax): Expression {
  const { expression } = bindExpression(scope, syntax);
  const type = typeOf(expression);
  if (type === "boolean" || type === "null") return expression;
  throw fault(scope, syntax, `A condition must be true or false; this is a ${type}.`);
}

/** Resolves the names of an expression against the model, and checks the types of its parts. */
export function bindExpression(scope: Scope, syntax: Syntax): Bound {
  const operand = bindOperand(scope, syntax);
  switch (operand.kind) {
    case "value":
      return operand;
    case "complex":
      throw fault(scope, syntax, "A complex value can only be compared, with eq and ne. Name one of its properties.");
    case "collection":
      throw fault(scope, syntax, "A collection is no single value. Use any, all or $count.");
    default:
      throw unsupported(scope, syntax, `An ${operand.kind} in this place`);
  }
}

function bindOperand(scope: Scope, syntax: Syntax): Operand {
  spend(scope, syntax, 1);
  switch (syntax.kind) {
    case "path":
      return bindPathExpression(scope, syntax);
    case "array":
    case "object":
      return syntax.kind === "array" ? { kind: "array", literal: syntax } : { kind: "object", literal: syntax };
    default:
      return { kind: "value", ...bindValue(scope, syntax) };
  }
}

function bindValue(scope: Scope, syntax: Exclude<Syntax, { readonly kind: "path" | "array" | "object" }>): Bound {
  switch (syntax.kind) {
    case "infix":
      return { expression: bindInfix(scope, syntax) };
    case "not":
      return { expression: { kind: "not", operand: bindCondition(scope, syntax.operand) } };
    case "negate":
      return { expression: bindNegation(scope, syntax) };
    case "in":
      return { expression: bindMembership(scope, syntax, bindExpression, bindOperand) };
    case "has":
      return { expression: bindHas(scope, syntax, bindExpression) };
    case "method":
      if (syntax.name === "hassubset" || syntax.name === "hassubsequence") {
        return { expression: bindTexts(scope, syntax, syntax.name, bindOperand) };
      }
      return { expression: bindMethod(scope, syntax, (value) => bindExpression(scope, value).expression) };
    case "case":
      return { expression: bindCase(scope, syntax) };
    case "cast":
    case "isof":
      return bindTypeTest(scope, syntax, bindExpression);
    default:
      return { expression: bindLiteral(scope, syntax) };
  }
}

function bindPathExpression(scope: Scope, path: Path): Operand {
  const [first] = path.segments;
  if (first?.kind === "alias" && path.segments.length === 1) return bindAlias(scope, first);
  return bindPath(scope, path, bindNested);
}

function bindAlias(scope: Scope, alias: { readonly name: string; readonly position: number }): Operand {
  const value = scope.aliases.get(alias.name);
  if (value === undefined) return { kind: "value", expression: constant("null", null) };
  if (scope.aliasesOpen.includes(alias.name))
    throw fault(scope, alias, `The value of '@${alias.name}' depends on itself.`);
  return bindOperand({ ...scope, aliasesOpen: [...scope.aliasesOpen, alias.name] }, value);
}

function bindNested(
  scope: Scope,
  syntax: Lambda | Count,
  items: VariableType,
  variable: number,
): Expression | undefined {
  if (syntax.kind === "count") return bindCounted(scope, syntax, items, variable);
  const { predicate } = syntax;
  if (predicate === undefined) return undefined;
  const variables = new Map(scope.variables).set(predicate.variable, { number: variable, type: items });
  return bindCondition({ ...scope, variables }, predicate.condition);
}

/** What is counted of a collection: what both its filter and its search leave. */
function bindCounted(scope: Scope, syntax: Count, items: VariableType, variable: number): Expression | undefined {
  const within = { ...scope, instance: { number: variable, type: items } };
  const conditions = syntax.options.map((option) => {
    if (option.kind === "filter") return bindCondition(within, option.condition);
    if (items.kind === "entity") return bindSearch(within, items.type, option.search);
    throw unsupported(scope, option, "$search in what are no entities");
  });
  return conditions.length === 0 ? undefined : balance("and", conditions);
}

function bindInfix(scope: Scope, syntax: Infix): Expression {
  const { operator } = syntax;
  switch (operator) {
    case "and":
    case "or":
      return balance(
        operator,
        chainOf(syntax, operator).map((each) => bindCondition(scope, each)),
      );
    case "eq":
    case "ne":
    case "gt":
    case "ge":
    case "lt":
    case "le":
      return bindComparison(scope, syntax, operator, bindOperand);
    default:
      return bindArithmetic(scope, syntax, operator, bindExpression);
  }
}

/** The operands of a chain such as `a or b or c`, which the grammar nests one in another. */
function chainOf(syntax: Infix, operator: Infix["operator"]): readonly Syntax[] {
  const operands: Syntax[] = [];
  let rest: Syntax = syntax;
  while (rest.kind === "infix" && rest.operator === operator) {
    operands.push(rest.right);
    rest = rest.left;
  }
  return [rest, ...operands.reverse()];
}

/** Joins conditions so that none lies deep: databases bound the depth of an expression. Order does not change them. */
export function balance(kind: "and" | "or", conditions: readonly Expression[]): Expression {
  const [first = constant("boolean", true)] = conditions;
  if (conditions.length < 2) return first;
  const half = conditions.length >> 1;
  return { kind, left: balance(kind, conditions.slice(0, half)), right: balance(kind, conditions.slice(half)) };
}

function bindNegation(scope: Scope, { operand: syntax }: Negation): Expression {
  const operand = bindExpression(scope, syntax).expression;
  const type = typeOf(operand);
  if (type === "null") return operand;
  if (type === "number" || type === "duration") return { kind: "negate", operand };
  throw fault(scope, syntax, `Here stands a ${type}; it must be a number or a duration.`);
}

function bindCase(scope: Scope, syntax: Case): Expression {
  const branches = syntax.branches.map(({ condition, value }) => ({
    condition: bindCondition(scope, condition),
    value: bindExpression(scope, value).expression,
  }));
  const types = new Set(branches.map(({ value }) => typeOf(value)).filter((type) => type !== "null"));
  if (types.size > 1)
    throw fault(scope, syntax, `The values of a case must be of one type; these are ${[...types].join(" and ")}.`);
  return types.size === 0 ? constant("null", null) : { kind: "case", branches };
}
