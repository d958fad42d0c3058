import type { Properties } from "../../model/kinds.ts";
import type { Comparison, Expression } from "../../model/query.ts";
import { findVisible, visible } from "../../model/visible.ts";
import type { Expression as Syntax } from "../syntax/tree.ts";
import { coerce, constant } from "./constant.ts";
import type { Operand } from "./operand.ts";
import { type Bound, fault, type Scope, spend, unsupported, valueTypeOf } from "./scope.ts";

type Complex = Operand & { readonly kind: "complex" };
type Literal = Operand & { readonly kind: "object" };
type BindMember = (value: Syntax) => Bound | undefined;

/** Whether an operand is compared by its structure. */
export function isStructure(operand: Operand): operand is Complex | Literal {
  return operand.kind === "complex" || operand.kind === "object";
}

/**
 * Resolves the equality of complex values: they are equal when each of their properties is (OData URL Conventions
 * 5.1.1.1.1). A value that was sent has null wherever it names nothing; a complex value all of whose properties are
 * null is null.
 */
export function bindStructure(
  scope: Scope,
  at: { readonly position: number },
  operator: Comparison,
  [a, b]: readonly [Operand, Operand],
  bindMember: BindMember,
): Expression {
  const [complex, other] = a.kind === "complex" ? [a, b] : [b, a];
  if (complex.kind !== "complex") throw unsupported(scope, at, "A comparison of two values that were sent");
  const pairs = pairsOf(scope, at, complex, other, bindMember);
  spend(scope, at, 3 * pairs.length);
  const equal = pairs
    .map(([left, right]): Expression => ({ kind: "compare", operator: "eq", left, right }))
    .reduce((left, right) => ({ kind: "and", left, right }), constant("boolean", true));
  return operator === "eq" ? equal : { kind: "not", operand: equal };
}

type Pair = readonly [Expression, Expression];

function pairsOf(
  scope: Scope,
  at: { readonly position: number },
  complex: Complex,
  other: Operand,
  bindMember: BindMember,
): readonly Pair[] {
  if (other.kind === "complex") {
    if (other.property.type !== complex.property.type) {
      const [own, another] = [complex.property.type.name, other.property.type.name];
      throw fault(scope, at, `A ${own} cannot be compared with a ${another}.`);
    }
    const right = propertiesOf(scope, at, other);
    return propertiesOf(scope, at, complex).map((left, index): Pair => [left, right[index] ?? constant("null", null)]);
  }
  if (other.kind === "object") return pairsWithLiteral(scope, complex, other, bindMember);
  if (other.kind === "value" && other.expression.kind === "constant" && other.expression.value === null) {
    return propertiesOf(scope, at, complex).map((left): Pair => [left, constant("null", null)]);
  }
  throw fault(scope, at, `A ${complex.property.type.name} can be compared with another, with an object or with null.`);
}

/** The single values that a complex value is made of, in the order of the model. */
function propertiesOf(scope: Scope, at: { readonly position: number }, complex: Complex): readonly Expression[] {
  return visible(complex.property.type.properties).flatMap(([name, { kind, shows, nullable }]) => {
    if (shows !== undefined) return [];
    const place = { ...complex, path: [...complex.path, name], nullable: complex.nullable || nullable };
    if (kind.kind === "complex") return propertiesOf(scope, at, { ...place, property: kind });
    return [propertyOf(scope, at, place, kind)];
  });
}

function propertyOf(
  scope: Scope,
  at: { readonly position: number },
  { variable, path, nullable }: Complex,
  kind: Properties[string]["kind"],
): Expression {
  const type = valueTypeOf(kind);
  if (type === undefined) throw unsupported(scope, at, `The comparison of '${path.join("/")}', which is a collection,`);
  return { kind: "property", variable: variable.number, path, type, nullable };
}

function pairsWithLiteral(
  scope: Scope,
  complex: Complex,
  { literal }: Literal,
  bindMember: BindMember,
): readonly Pair[] {
  const { properties, name: typeName } = complex.property.type;
  const members = new Map(literal.members.filter(({ name }) => !name.includes("@")).map((each) => [each.name, each]));
  for (const { name, position } of members.values()) {
    const property = findVisible(properties, name);
    if (property === undefined) throw fault(scope, { position }, `'${name}' is not a property of ${typeName}.`);
    if (property.shows !== undefined)
      throw unsupported(scope, { position }, `'${name}', which shows another property, in a value that is compared,`);
  }
  return visible(properties).flatMap(([name, { kind, shows, nullable }]): readonly Pair[] => {
    if (shows !== undefined) return [];
    const value = members.get(name)?.value;
    const place = { ...complex, path: [...complex.path, name], nullable: complex.nullable || nullable };
    if (kind.kind === "complex") {
      const inner = { ...place, property: kind };
      if (value?.kind === "object")
        return pairsWithLiteral(scope, inner, { kind: "object", literal: value }, bindMember);
      if (value !== undefined && value.kind !== "null") throw fault(scope, value, `'${name}' is an object or null.`);
      return propertiesOf(scope, literal, inner).map((left): Pair => [left, constant("null", null)]);
    }
    const left = propertyOf(scope, value ?? literal, place, kind);
    return [[left, memberOf(scope, left, value, bindMember)]];
  });
}

function memberOf(scope: Scope, left: Expression, value: Syntax | undefined, bindMember: BindMember): Expression {
  if (value === undefined) return constant("null", null);
  const bound = bindMember(value);
  if (bound?.expression.kind !== "constant" || left.kind !== "property")
    throw unsupported(scope, value, "Anything but a constant in a value that is compared");
  return coerce(scope, value, bound.expression, left.type);
}
