import { type Expression, partsOf } from "../../model/query.ts";
import { queryLimits } from "../syntax/limits.ts";
import { fault, type Scope } from "./scope.ts";

/** Gives an expression as it is, and refuses one that is deeper than every database can take. */
export function assertDepth(scope: Scope, expression: Expression): Expression {
  let level: readonly Expression[] = [expression];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > queryLimits.depthMax) {
      const message = `The expression is more than ${queryLimits.depthMax} deep. Of operations one after another, each is one deeper.`;
      throw fault(scope, { position: 0 }, message);
    }
    level = level.flatMap(partsOf);
  }
  return expression;
}
