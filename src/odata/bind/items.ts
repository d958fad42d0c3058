import type { List } from "../../model/kinds.ts";
import type { Expression, ItemQuery } from "../../model/query.ts";
import type { QueryOption } from "../syntax/option-tree.ts";
import { assertDepth } from "./depth.ts";
import { bindCondition } from "./expression.ts";
import { bindOrders } from "./order.ts";
import { type Scope, unsupported, type VariableType } from "./scope.ts";

/** Resolves the options behind a collection in `$select` (OData URL Conventions 5.1.4); `$select` itself comes elsewhere. */
export function bindItems(
  outside: Scope,
  path: readonly string[],
  { of }: List,
  options: readonly QueryOption[],
): ItemQuery {
  const type: VariableType = of.kind === "complex" ? { kind: "complex", type: of.type } : { kind: "text" };
  const scope = { ...outside, instance: { number: 1, type } };
  const over = { kind: "list", of: 0, path, items: type.kind } as const;
  const bound: { filter?: Expression; skip?: number; top?: number } = {};
  let orderBy: ItemQuery["orderBy"] = [];
  let count = false;
  for (const option of options) {
    switch (option.kind) {
      case "filter":
        bound.filter = assertDepth(scope, bindCondition(scope, option.condition));
        break;
      case "orderby":
        orderBy = bindOrders(scope, option.items);
        break;
      case "skip":
      case "top":
        bound[option.kind] = option.value;
        break;
      case "count":
        count = option.value;
        break;
      case "select":
        break;
      default:
        throw unsupported(scope, option, `'$${option.kind}' behind a collection`);
    }
  }
  return { over, ...bound, orderBy, count };
}
