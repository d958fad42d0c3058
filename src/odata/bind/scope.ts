import type { EntityType } from "../../model/define.ts";
import type { Choice, ComplexType, Kind, Properties } from "../../model/kinds.ts";
import { namespace } from "../../model/model.ts";
import { Problem } from "../../model/problem.ts";
import type { Expression, ValueType } from "../../model/query.ts";
import { nearest } from "../nearest.ts";
import type { Naming } from "../print-value.ts";
import { queryLimits } from "../syntax/limits.ts";
import type { Expression as Syntax } from "../syntax/tree.ts";

/** What a name stands for where an expression is read: the instance itself, a lambda variable, a parameter alias. */
export interface Scope {
  /** The option that is being read, such as `$filter`: faults name it. */
  readonly option: string;
  /** The instance that a path begins at when it names no variable. */
  readonly instance: Variable;
  /** What `$it` stands for: the entity that the path of the URL leads to; undefined where it cannot be reached. */
  readonly entity: Variable | undefined;
  readonly variables: ReadonlyMap<string, Variable>;
  readonly aliases: ReadonlyMap<string, Syntax>;
  /** The aliases whose values are being read: one that comes to itself has no value. */
  readonly aliasesOpen: readonly string[];
  /** What values are called: the service root, and the members of enumerations that may be named. */
  readonly naming: Naming;
  /** The values of `$compute`, by their names. */
  readonly computed: ReadonlyMap<string, ComputedValue>;
  readonly budget: Budget;
}

/** An expression whose names are resolved, and the choice that it is a member of, if it is one. */
export interface Bound {
  readonly expression: Expression;
  readonly choice?: Choice;
}

/** A value of `$compute`, and how much of the budget it took: it takes that again wherever it is used. */
export interface ComputedValue extends Bound {
  readonly size: number;
}

/** How many nodes the expressions of a request may still have, with the values of aliases and of `$compute` put in. */
export interface Budget {
  left: number;
}

/** Takes from the budget; what is beyond it is refused. */
export function spend({ budget, option }: Scope, at: { readonly position: number }, nodes: number): void {
  budget.left -= nodes;
  if (budget.left >= 0) return;
  const message = `With the values of '@' and '$compute' put in, the expressions have more than ${queryLimits.nodesMax} parts.`;
  throw new Problem("invalidQueryOption", `${message} (${option}, character ${at.position})`, { target: option });
}

/** An instance that properties can be asked of. Its number tells it from those around it; 0 is the entity itself. */
export interface Variable {
  readonly number: number;
  readonly type: VariableType;
}

export type VariableType =
  | { readonly kind: "entity"; readonly type: EntityType }
  | { readonly kind: "complex"; readonly type: ComplexType }
  | { readonly kind: "text" };

/** The refusal of an expression, with the place that is at fault. */
export function fault(scope: Scope, at: { readonly position: number }, message: string): Problem {
  return new Problem("invalidQueryOption", `${message} (${scope.option}, character ${at.position})`, {
    target: scope.option,
  });
}

/** The refusal of what the grammar allows and this service does not do. */
export function unsupported(scope: Pick<Scope, "option">, at: { readonly position: number }, what: string): Problem {
  return new Problem("notSupported", `${what} is not supported. (${scope.option}, character ${at.position})`, {
    target: scope.option,
  });
}

/** Says that a name is not known, and which one was probably meant. */
export function unknownName(name: string, known: readonly string[], owner: string): string {
  const near = nearest(name, known);
  const names = known.length === 0 ? "It has none." : `Its properties are ${known.join(", ")}.`;
  const advice = near === undefined ? names : `Did you mean '${near}'?`;
  return `'${name.slice(0, 100)}' is not a property of ${owner}. ${advice}`;
}

/** Whether a qualified name is that of a type of this service. */
export function isTypeName(qualified: string, type: string): boolean {
  return [namespace.name, namespace.alias].some((prefix) => qualified === `${prefix}.${type}`);
}

/** The properties of an instance, with those that are not part of the API. */
export function propertiesOf({ type }: Variable): Properties {
  return type.kind === "text" ? {} : type.type.properties;
}

/** The type of the values of a kind; undefined where a value is not single. */
export function valueTypeOf(kind: Kind): ValueType | undefined {
  switch (kind.kind) {
    case "text":
    case "identifier":
    case "link":
      return "string";
    case "boolean":
      return "boolean";
    case "integer":
      return "number";
    case "instant":
      return "instant";
    case "choice":
      return "choice";
    default:
      return undefined;
  }
}

/** The type of an expression's values. */
export function typeOf(expression: Expression): ValueType {
  switch (expression.kind) {
    case "constant":
    case "property":
      return expression.type;
    case "now":
      return "instant";
    case "negate":
    case "arithmetic":
    case "ordinal":
    case "count":
      return expression.kind === "arithmetic" ? typeOfArithmetic(expression) : "number";
    case "call":
      return typeOfCall(expression);
    case "case":
      return expression.branches.map(({ value }) => typeOf(value)).find((type) => type !== "null") ?? "null";
    default:
      return "boolean";
  }
}

function typeOfArithmetic({ left, right }: Expression & { readonly kind: "arithmetic" }): ValueType {
  return typeOf(left) === "duration" || typeOf(right) === "duration" ? "duration" : "number";
}

function typeOfCall({ name }: Expression & { readonly kind: "call" }): ValueType {
  switch (name) {
    case "contains":
    case "endswith":
    case "startswith":
      return "boolean";
    case "concat":
    case "substring":
    case "tolower":
    case "toupper":
    case "trim":
      return "string";
    case "date":
      return "date";
    case "time":
      return "timeOfDay";
    case "addseconds":
      return "instant";
    case "secondsbetween":
      return "duration";
    default:
      return "number";
  }
}
