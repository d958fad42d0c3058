// OData URL Conventions 4.01, 5.1.8.1: NOT binds tighter than AND, AND tighter than OR; a space alone means AND.
// Every node carries the position of its first character; `and` and `or` that of their operator, or of the right
// operand where a space alone is the operator.
export type Search =
  | { readonly kind: "word"; readonly text: string; readonly position: number }
  | { readonly kind: "phrase"; readonly text: string; readonly position: number }
  | { readonly kind: "incomplete"; readonly text: string; readonly position: number }
  | { readonly kind: "not"; readonly operand: Search; readonly position: number }
  | { readonly kind: "and" | "or"; readonly left: Search; readonly right: Search; readonly position: number };
