import { isDeepStrictEqual } from "node:util";
import type { ConstantValue, Expression, OrderKey } from "../model/query.ts";
import { textAfter } from "./functions.ts";

/**
 * Takes out of a filter what holds anyway behind a value of the first order key, such as the lower end of a prefix when
 * the order goes up. Of two lower ends SQLite follows one, and it must be the place where the page begins. Undefined:
 * nothing is left of the filter.
 */
export function withoutImplied(filter: Expression, key: OrderKey, value: ConstantValue): Expression | undefined {
  if (filter.kind === "and") {
    const left = withoutImplied(filter.left, key, value);
    const right = withoutImplied(filter.right, key, value);
    return left === undefined || right === undefined ? (left ?? right) : { ...filter, left, right };
  }
  if (typeof value !== "string") return filter;
  if (filter.kind === "call" && filter.name === "startswith") return otherEndOfPrefix(filter, key, value);
  return filter.kind === "compare" && isImplied(filter, key, value) ? undefined : filter;
}

function otherEndOfPrefix(
  filter: Expression & { readonly kind: "call" },
  { expression, direction }: OrderKey,
  value: string,
): Expression | undefined {
  const [property, prefix] = filter.values;
  if (property?.kind !== "property" || !isDeepStrictEqual(property, expression)) return filter;
  if (prefix?.kind !== "constant" || typeof prefix.value !== "string" || !value.startsWith(prefix.value)) return filter;
  if (direction === "desc") return { kind: "compare", operator: "ge", left: property, right: prefix };
  const end = textAfter(prefix.value);
  if (end === undefined) return undefined;
  return { kind: "compare", operator: "lt", left: property, right: { ...prefix, value: end } };
}

function isImplied(
  { operator, left, right }: Expression & { readonly kind: "compare" },
  { expression, direction }: OrderKey,
  value: string,
): boolean {
  const operators: readonly string[] = direction === "asc" ? ["gt", "ge"] : ["lt", "le"];
  if (!operators.includes(operator) || left.kind !== "property" || !isDeepStrictEqual(left, expression)) return false;
  if (right.kind !== "constant" || typeof right.value !== "string") return false;
  // Texts are in the order of their bytes; the key of what comes next may be the value itself.
  const order = Buffer.compare(Buffer.from(value), Buffer.from(right.value)) * (direction === "asc" ? 1 : -1);
  return order > 0 || (order === 0 && operator.endsWith("e"));
}
