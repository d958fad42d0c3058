import type { Expression, Texts } from "../../model/query.ts";
import type { Method, Expression as Syntax } from "../syntax/tree.ts";
import type { BindOperand } from "./operand.ts";
import { fault, type Scope, unsupported } from "./scope.ts";

/** Resolves `hassubset` and `hassubsequence` of texts (OData URL Conventions 5.1.1.6). */
export function bindTexts(
  scope: Scope,
  { values: [whole, part] }: Method,
  name: "hassubset" | "hassubsequence",
  bindOperand: BindOperand,
): Expression {
  if (whole === undefined || part === undefined) throw new Error(`${name} has two values.`);
  const kind = name === "hassubset" ? "subset" : "subsequence";
  return { kind, whole: textsOf(scope, whole, bindOperand), part: textsOf(scope, part, bindOperand) };
}

function textsOf(scope: Scope, syntax: Syntax, bindOperand: BindOperand): Texts {
  const operand = bindOperand(scope, syntax);
  if (operand.kind === "array") {
    const texts = operand.literal.items.map((item) => {
      if (item.kind === "string") return item.value;
      throw fault(scope, item, "Here stands a collection of texts.");
    });
    return { kind: "sent", texts };
  }
  if (operand.kind !== "collection") throw fault(scope, syntax, "Here stands a collection, such as ['a','b'].");
  if (operand.over.kind !== "list" || operand.items.kind !== "text")
    throw unsupported(scope, syntax, "A collection of anything but texts in this place");
  return { kind: "kept", variable: operand.over.of, path: operand.over.path };
}
