import type { OrderKey } from "../../model/query.ts";
import { queryLimits } from "../syntax/limits.ts";
import type { OrderItem } from "../syntax/option-tree.ts";
import { assertDepth } from "./depth.ts";
import { bindExpression } from "./expression.ts";
import { fault, type Scope } from "./scope.ts";

/** Resolves the keys of an order. Members of a choice are ordered by their numbers. */
export function bindOrders(scope: Scope, items: readonly OrderItem[]): readonly OrderKey[] {
  if (items.length > queryLimits.orderKeysMax)
    throw fault(scope, { position: 0 }, `At most ${queryLimits.orderKeysMax} values make an order.`);
  return items.map(({ expression: syntax, direction }) => {
    const { expression, choice } = bindExpression(scope, syntax);
    assertDepth(scope, expression);
    if (choice === undefined) return { expression, direction };
    return { expression: { kind: "ordinal", operand: expression, members: choice.members }, direction };
  });
}
