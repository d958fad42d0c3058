import type { Expression, List, Literal, Segment } from "../../../src/odata/syntax/tree.ts";

/** Gives a tree as text with every grouping shown, so that a table of cases can be read. */
export function outline(tree: Expression | List): string {
  switch (tree.kind) {
    case "path":
      return tree.segments.map(outlineSegment).join("/");
    case "method":
      return `${tree.name}(${tree.values.map(outline).join(" ")})`;
    case "not":
    case "negate":
      return `(${tree.kind} ${outline(tree.operand)})`;
    case "infix":
      return `(${tree.operator} ${outline(tree.left)} ${outline(tree.right)})`;
    case "has":
      return `(has ${outline(tree.left)} ${outline(tree.flags)})`;
    case "in":
      return `(in ${outline(tree.left)} ${outline(tree.right)})`;
    case "list":
      return `<${tree.items.map(outline).join(" ")}>`;
    case "cast":
    case "isof":
      return `(${tree.kind} ${tree.operand === undefined ? "-" : outline(tree.operand)} ${tree.type.multiplicity} ${tree.type.name})`;
    case "case":
      return `(case ${tree.branches.map((branch) => `${outline(branch.condition)}=>${outline(branch.value)}`).join(" ")})`;
    case "array":
      return `[${tree.items.map(outline).join(" ")}]`;
    case "object":
      return `{${tree.members.map((member) => `${member.name}:${outline(member.value)}`).join(" ")}}`;
    default:
      return outlineLiteral(tree);
  }
}

function outlineLiteral(literal: Literal): string {
  switch (literal.kind) {
    case "null":
      return "null";
    case "boolean":
      return `boolean:${literal.value}`;
    case "string":
      return `'${literal.value}'`;
    case "number":
      return `${literal.form}:${literal.text}`;
    case "enum":
      return `enum:${literal.typeName}:${literal.members.join("|")}`;
    case "geography":
    case "geometry":
      return `${literal.kind}:${literal.srid}:${literal.text}`;
    default:
      return `${literal.kind}:${literal.text}`;
  }
}

function outlineSegment(segment: Segment): string {
  switch (segment.kind) {
    case "variable":
    case "name":
      return segment.name;
    case "alias":
      return `alias:${segment.name}`;
    case "annotation":
      return `annotation:${segment.name}:${segment.qualifier ?? ""}`;
    case "call":
      return `call:${segment.name}(${segment.parameters.map(outlineParameter).join(" ")})`;
    case "key":
      return `key(${outline(segment.value)})`;
    case "compoundKey":
      return `key(${segment.parameters.map(outlineParameter).join(" ")})`;
    case "filterSegment":
      return `filter(${outline(segment.condition)})`;
    case "count":
      return `count(${segment.options.map((option) => option.kind).join(" ")})`;
    case "any":
    case "all": {
      const { predicate } = segment;
      return `${segment.kind}(${predicate === undefined ? "" : `${predicate.variable}:${outline(predicate.condition)}`})`;
    }
  }
}

function outlineParameter(parameter: { readonly name: string; readonly value: Expression }): string {
  return `${parameter.name}=${outline(parameter.value)}`;
}
