import type { EntityType } from "./define.ts";
import type { EntityKey } from "./key.ts";

/** A question about one entity set of one partner, as a tree: neither the text it came from nor the SQL it becomes. */
export interface Query {
  readonly type: EntityType;
  readonly partnerId: string;
  /** Only the entity of this id. */
  readonly id?: string;
  /** Only the entity of this alternate key. */
  readonly alternateKey?: EntityKey;
  /** Only the entities of these ids. */
  readonly ids?: readonly string[];
  /** Only those for which this is true; null is not true. */
  readonly filter?: Expression;
  /** The paths of the properties that are shown, when it is not all of them: no others need be read. */
  readonly shown?: readonly (readonly string[])[];
  /** What is worked out for each entity besides its own properties. */
  readonly computed?: readonly Computed[];
  /** Of some collections, only the items that are asked for. */
  readonly items?: readonly ItemQuery[];
  /** The order; the id comes after it, so that it is always a total one. */
  readonly orderBy?: readonly OrderKey[];
  /** Only what comes after these values of the order keys and the id. */
  readonly after?: readonly ConstantValue[];
  readonly skip?: number;
  readonly limit: number;
}

/** A sort key. Null is lower than any value (Microsoft Graph guidelines, sorting). */
export interface OrderKey {
  readonly expression: Expression;
  readonly direction: "asc" | "desc";
}

/** A value that is worked out for each entity, and its name, which no property has. */
export interface Computed {
  readonly name: string;
  readonly expression: Expression;
  readonly type: ValueType;
  /** The choice that the value is a member of, if it is one. */
  readonly choice?: string;
}

/** Which items of a collection of an entity are shown. In its expressions variable 1 is the item. */
export interface ItemQuery {
  readonly over: Collection & { readonly kind: "list" };
  readonly filter?: Expression;
  readonly orderBy: readonly OrderKey[];
  readonly skip?: number;
  readonly top?: number;
  /** Whether it is told how many there are, those skipped and beyond the top too. */
  readonly count: boolean;
}

export type ConstantValue = string | number | boolean | null;

/**
 * The type of a value. An instant is ISO 8601 text in UTC, a date and a time of day are its parts, a duration is a
 * number of seconds, a choice is the name of a member.
 */
export type ValueType =
  | "string"
  | "boolean"
  | "number"
  | "instant"
  | "date"
  | "timeOfDay"
  | "duration"
  | "choice"
  | "null";

/** An expression over an entity, each of its names resolved against the model. Logic is three-valued. */
export type Expression =
  | {
      readonly kind: "constant";
      readonly type: ValueType;
      readonly value: ConstantValue;
      /** Present on a number that was written as no whole one: what is divided by 2.0 is divided exactly. */
      readonly form?: "fraction";
    }
  | Property
  /** The present instant of the request. */
  | { readonly kind: "now" }
  | { readonly kind: "and" | "or"; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "not" | "negate"; readonly operand: Expression }
  | { readonly kind: "compare"; readonly operator: Comparison; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "in"; readonly left: Expression; readonly values: readonly ConstantValue[] }
  | {
      readonly kind: "arithmetic";
      readonly operator: Arithmetic;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: "call"; readonly name: FunctionName; readonly values: readonly Expression[] }
  | {
      readonly kind: "case";
      readonly branches: readonly { readonly condition: Expression; readonly value: Expression }[];
    }
  /** The number of a choice's member, by which choices are ordered. */
  | { readonly kind: "ordinal"; readonly operand: Expression; readonly members: readonly string[] }
  | {
      readonly kind: "any" | "all";
      readonly over: Collection;
      readonly variable: number;
      readonly condition?: Expression;
    }
  | { readonly kind: "count"; readonly over: Collection; readonly variable: number; readonly condition?: Expression }
  /** Whether the texts of a collection can be left out and reordered, or only left out, until the part remains. */
  | { readonly kind: "subset" | "subsequence"; readonly whole: Texts; readonly part: Texts }
  /** Whether a text in lower case is found in one of the texts at some paths of the entity, in any case of letters. */
  | {
      readonly kind: "search";
      readonly variable: number;
      readonly paths: readonly (readonly string[])[];
      readonly text: string;
    };

/** A collection of texts: one that is kept, or one that was sent. */
export type Texts =
  | { readonly kind: "kept"; readonly variable: number; readonly path: readonly string[] }
  | { readonly kind: "sent"; readonly texts: readonly string[] };

/** The value at a path of the instance that a variable stands for: 0 is the entity itself, the others are those of any and all. */
export interface Property {
  readonly kind: "property";
  readonly variable: number;
  readonly path: readonly string[];
  readonly type: ValueType;
  readonly nullable: boolean;
}

/** What any, all and count go over: the entities that a navigation leads to, or the items of a collection. */
export type Collection =
  | { readonly kind: "navigation"; readonly of: number; readonly name: string; readonly from: EntityType }
  | {
      readonly kind: "list";
      readonly of: number;
      readonly path: readonly string[];
      readonly items: "text" | "complex";
    };

export type Comparison = "eq" | "ne" | "gt" | "ge" | "lt" | "le";
type Arithmetic = "add" | "sub" | "mul" | "div" | "divby" | "mod";

/** The functions of OData that can be carried out (OData URL Conventions 5.1.1.5 to 5.1.1.11), by their names there. */
export type FunctionName =
  | (
      | "concat"
      | "contains"
      | "endswith"
      | "indexof"
      | "length"
      | "startswith"
      | "substring"
      | "tolower"
      | "toupper"
      | "trim"
    )
  | (
      | "year"
      | "month"
      | "day"
      | "hour"
      | "minute"
      | "second"
      | "fractionalseconds"
      | "date"
      | "time"
      | "totaloffsetminutes"
    )
  | ("totalseconds" | "round" | "floor" | "ceiling" | "addseconds" | "secondsbetween");

/** What of an entity is shown: some properties, or all; and what its navigation leads to. */
export interface Projection {
  /** The paths of the properties; undefined: all of them. */
  readonly select?: readonly (readonly string[])[];
  readonly expand: readonly Expansion[];
  /** The computed values that are shown. */
  readonly computed?: readonly Computed[];
  readonly items?: readonly ItemQuery[];
}

/** A navigation that is shown with its entity. */
export interface Expansion {
  readonly name: string;
  readonly shape: "entities" | "references" | "count";
  readonly options: QueryOptions;
}

/** What a request asks of a collection, read and resolved. */
export interface QueryOptions {
  readonly filter?: Expression;
  readonly orderBy: readonly OrderKey[];
  readonly top?: number;
  readonly skip?: number;
  readonly count: boolean;
  readonly after?: readonly ConstantValue[];
  readonly projection: Projection;
}

/** The expressions that an expression is made of, those of lambdas too. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "and":
    case "or":
    case "compare":
    case "arithmetic":
      return [expression.left, expression.right];
    case "not":
    case "negate":
    case "ordinal":
      return [expression.operand];
    case "in":
      return [expression.left];
    case "call":
      return expression.values;
    case "case":
      return expression.branches.flatMap(({ condition, value }) => [condition, value]);
    case "any":
    case "all":
    case "count":
      return expression.condition === undefined ? [] : [expression.condition];
    default:
      return [];
  }
}
