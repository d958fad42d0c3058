import type { EntityType } from "../../model/define.ts";
import type { Computed } from "../../model/query.ts";
import { queryLimits } from "../syntax/limits.ts";
import type { ComputeItem } from "../syntax/option-tree.ts";
import { assertDepth } from "./depth.ts";
import { bindExpression } from "./expression.ts";
import { type ComputedValue, fault, type Scope, typeOf, unsupported } from "./scope.ts";

/**
 * Gives the values of `$compute` by their names (OData URL Conventions 5.1.3). Each may use those before it; none may
 * have a name that is taken.
 */
export function bindCompute(
  scope: Scope,
  type: EntityType,
  items: readonly ComputeItem[],
): ReadonlyMap<string, ComputedValue> {
  if (items.length > queryLimits.computedMax)
    throw fault(scope, { position: 0 }, `At most ${queryLimits.computedMax} values are computed.`);
  const computed = new Map<string, ComputedValue>();
  for (const item of items) {
    assertFree(scope, type, computed, item);
    const { left } = scope.budget;
    const bound = bindExpression({ ...scope, computed }, item.expression);
    assertDepth(scope, bound.expression);
    computed.set(item.name, { ...bound, size: left - scope.budget.left });
  }
  return computed;
}

/** The values of `$compute` that are shown: those that are selected, or all when nothing is. */
export function shownOf(
  computed: ReadonlyMap<string, ComputedValue>,
  select: readonly (readonly string[])[] | undefined,
): readonly Computed[] {
  return [...computed].flatMap(([name, { expression, choice }]) => {
    if (select?.every((path) => path.length !== 1 || path[0] !== name) === true) return [];
    return [{ name, expression, type: typeOf(expression), ...(choice === undefined ? {} : { choice: choice.name }) }];
  });
}

function assertFree(
  scope: Scope,
  type: EntityType,
  computed: ReadonlyMap<string, ComputedValue>,
  item: ComputeItem,
): void {
  const { name } = item;
  if (name === "__proto__") throw unsupported(scope, item, `The name '${name}'`);
  if (computed.has(name))
    throw fault(scope, item, `Two computed values have the name '${name}'. Give one another name.`);
  if (!Object.hasOwn(type.properties, name) && !Object.hasOwn(type.navigation, name)) return;
  throw fault(scope, item, `The name '${name}' is taken in ${type.name}. Give the computed value another name.`);
}
