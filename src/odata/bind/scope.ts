import type { Members } from "../../model/choice.ts";
import type { EntityType } from "../../model/define.ts";
import type { ComplexType, Kind, Properties } from "../../model/kinds.ts";
import { Problem } from "../../model/problem.ts";
import type { Expression, ValueType } from "../../model/query.ts";
import type { Expression as Syntax } from "../syntax/tree.ts";

/** What a name stands for where an expression is read: the instance itself, a lambda variable, a parameter alias. */
export interface Scope {
  /** The option that is being read, such as `$filter`: faults name it. */
  readonly option: string;
  /** The instance that a path begins at when it names no variable. */
  readonly instance: Variable;
  readonly variables: ReadonlyMap<string, Variable>;
  readonly aliases: ReadonlyMap<string, Syntax>;
  /** The aliases whose values are being read: one that comes to itself has no value. */
  readonly aliasesOpen: readonly string[];
  /** The members of enumerations that may be named. */
  readonly members: Members;
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
export function unsupported(scope: Scope, at: { readonly position: number }, what: string): Problem {
  return new Problem("notSupported", `${what} is not supported. (${scope.option}, character ${at.position})`, {
    target: scope.option,
  });
}

/** The properties of an instance, those that are hidden left out. */
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
