import { entityTypes } from "../../model/model.ts";
import type { Expression, ValueType } from "../../model/query.ts";
import type { TypeTest } from "../syntax/tree.ts";
import { coerce, constant } from "./constant.ts";
import type { Bind } from "./operand.ts";
import { type Bound, fault, isTypeName, type Scope, typeOf, unsupported } from "./scope.ts";

/** The primitive types of OData, and the types of value that stand for them here. */
const primitives: ReadonlyMap<string, ValueType> = new Map([
  ["Edm.String", "string"],
  ["Edm.Guid", "string"],
  ["Edm.Boolean", "boolean"],
  ...["Byte", "SByte", "Int16", "Int32", "Int64", "Decimal", "Single", "Double"].map(
    (name) => [`Edm.${name}`, "number"] as const,
  ),
  ["Edm.DateTimeOffset", "instant"],
  ["Edm.Date", "date"],
  ["Edm.TimeOfDay", "timeOfDay"],
  ["Edm.Duration", "duration"],
]);

/** Resolves `cast` and `isof` (OData URL Conventions 5.1.1.10) as far as the types are known before the values are. */
export function bindTypeTest(scope: Scope, test: TypeTest, bind: Bind): Bound {
  const { type, operand } = test;
  if (type.multiplicity === "many") throw unsupported(scope, type, "A collection of a type in this place");
  if (operand === undefined) return { expression: ofInstance(scope, test) };
  const value = bind(scope, operand);
  const wanted = primitives.get(type.name) ?? (isChoice(value, type.name) ? "choice" : undefined);
  if (wanted === undefined) throw unsupported(scope, type, `The type '${type.name}' in this place`);
  return test.kind === "isof"
    ? { expression: isOf(value.expression, wanted) }
    : cast(scope, test, value, { wanted, name: type.name });
}

// There are no derived types: an instance is of the type that was declared, and of no other.
function ofInstance(scope: Scope, { kind, type }: TypeTest): Expression {
  const own = scope.instance.type;
  const isOwn = own.kind === "text" ? type.name === "Edm.String" : isTypeName(type.name, own.type.name);
  if (kind === "cast") throw unsupported(scope, type, "A cast of the whole instance");
  if (!isOwn && !primitives.has(type.name) && !entityTypes.some(({ name }) => isTypeName(type.name, name)))
    throw fault(scope, type, `'${type.name}' is not a type of this service.`);
  return constant("boolean", isOwn);
}

function isOf(expression: Expression, wanted: ValueType): Expression {
  if (typeOf(expression) !== wanted) return constant("boolean", false);
  return { kind: "compare", operator: "ne", left: expression, right: constant("null", null) };
}

function cast(
  scope: Scope,
  at: TypeTest,
  value: Bound,
  { wanted, name }: { readonly wanted: ValueType; readonly name: string },
): Bound {
  const { expression } = value;
  const own = typeOf(expression);
  if (own === wanted || own === "null") return value;
  if (expression.kind === "constant" && expression.type === "string" && wanted !== "choice") {
    return { expression: coerce(scope, at, expression, wanted) };
  }
  // A member of a choice is kept as its name, which is its text.
  if (own === "choice" && wanted === "string") {
    return { expression: { kind: "call", name: "concat", values: [expression, constant("string", "")] } };
  }
  throw unsupported(scope, at, `The cast of a ${value.choice?.name ?? own} to ${name}`);
}

function isChoice({ choice }: Bound, name: string): boolean {
  return choice !== undefined && isTypeName(name, choice.name);
}
