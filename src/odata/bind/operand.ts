import type { ArrayLiteral, Expression, ObjectLiteral } from "../syntax/tree.ts";
import type { Found } from "./path.ts";
import type { Bound, Scope } from "./scope.ts";

/** What can stand at a side of a comparison: a value, or what is compared by its structure. */
export type Operand =
  | Found
  | { readonly kind: "object"; readonly literal: ObjectLiteral }
  | { readonly kind: "array"; readonly literal: ArrayLiteral };

/** Resolves a part of an expression that must be a single value. */
export type Bind = (scope: Scope, syntax: Expression) => Bound;

/** Resolves a part of an expression that may be anything. */
export type BindOperand = (scope: Scope, syntax: Expression) => Operand;
