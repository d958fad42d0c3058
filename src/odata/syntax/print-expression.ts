import { precedence, precedenceOf } from "./operators.ts";
import { printSearch } from "./print-search.ts";
import type {
  Annotation,
  CountOption,
  Expression,
  List,
  Literal,
  Membership,
  Negation,
  Parameter,
  Segment,
  TypeName,
  TypeTest,
} from "./tree.ts";

/** Gives the canonical text of an expression: parsing it again gives the same tree, apart from positions. */
export function printExpression(tree: Expression): string {
  switch (tree.kind) {
    case "path":
      return printSegments(tree.segments);
    case "method":
      return `${tree.name}(${tree.values.map(printExpression).join(",")})`;
    case "not":
    case "negate":
      return printNegation(tree);
    case "infix":
      return printInfix(tree.operator, tree.left, printOperand(tree.right, precedenceOf(tree.operator) + 1));
    case "has":
      return printInfix("has", tree.left, printLiteral(tree.flags));
    case "in":
      return printInfix("in", tree.left, printRightOfIn(tree));
    case "cast":
    case "isof":
      return printTypeTest(tree);
    case "case":
      return `case(${tree.branches.map(printBranch).join(",")})`;
    case "array":
      return `[${tree.items.map(printExpression).join(",")}]`;
    case "object":
      return `{${tree.members.map(printMember).join(",")}}`;
    default:
      return printLiteral(tree);
  }
}

function printInfix(word: Parameters<typeof precedenceOf>[0], left: Expression, right: string): string {
  return `${printOperand(left, precedenceOf(word))} ${word} ${right}`;
}

function printOperand(tree: Expression, precedenceMin: number): string {
  const text = printExpression(tree);
  return precedenceOfTree(tree) < precedenceMin ? `(${text})` : text;
}

function precedenceOfTree(tree: Expression): number {
  if (tree.kind === "infix") return precedenceOf(tree.operator);
  if (tree.kind === "in" || tree.kind === "has") return precedenceOf(tree.kind);
  return tree.kind === "not" || tree.kind === "negate" ? precedence.unary : precedence.primary;
}

function printNegation(tree: Negation): string {
  const operand = printOperand(tree.operand, precedence.unary);
  if (tree.kind === "not") return `not ${operand}`;
  // Without parentheses the sign would become part of a number or a date.
  return /^[\dI-]/.test(operand) ? `-(${operand})` : `-${operand}`;
}

function printRightOfIn({ right }: Membership): string {
  return right.kind === "list" ? printList(right) : printOperand(right, precedence.primary);
}

function printList(list: List): string {
  return `(${list.items.map(printLiteral).join(",")})`;
}

function printTypeTest(tree: TypeTest): string {
  const type = printTypeName(tree.type);
  return tree.operand === undefined
    ? `${tree.kind}(${type})`
    : `${tree.kind}(${printExpression(tree.operand)},${type})`;
}

function printTypeName(type: TypeName): string {
  return type.multiplicity === "many" ? `Collection(${type.name})` : type.name;
}

// The spaces keep `1 : 15` apart from the time of day `01:15`.
function printBranch(branch: { readonly condition: Expression; readonly value: Expression }): string {
  return `${printExpression(branch.condition)} : ${printExpression(branch.value)}`;
}

function printMember(member: { readonly name: string; readonly value: Expression }): string {
  return `${JSON.stringify(member.name)}:${printExpression(member.value)}`;
}

function printLiteral(literal: Literal): string {
  switch (literal.kind) {
    case "null":
      return "null";
    case "boolean":
      return String(literal.value);
    case "string":
      return quote(literal.value);
    case "duration":
    case "binary":
      return literal.kind + quote(literal.text);
    case "enum":
      return literal.typeName + quote(literal.members.join(","));
    case "geography":
    case "geometry":
      return `${literal.kind}'SRID=${literal.srid};${literal.text}'`;
    default:
      return literal.text;
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function printSegments(segments: readonly Segment[]): string {
  let text = "";
  for (const segment of segments) {
    const isBehind = segment.kind === "key" || segment.kind === "compoundKey";
    text += text === "" || isBehind ? printSegment(segment) : `/${printSegment(segment)}`;
  }
  return text;
}

function printSegment(segment: Segment): string {
  switch (segment.kind) {
    case "variable":
    case "name":
      return segment.name;
    case "alias":
      return `@${segment.name}`;
    case "annotation":
      return printAnnotation(segment);
    case "call":
      return segment.name + printParameters(segment.parameters);
    case "key":
      return `(${printExpression(segment.value)})`;
    case "compoundKey":
      return printParameters(segment.parameters);
    case "filterSegment":
      return `$filter(${printExpression(segment.condition)})`;
    case "count":
      return `$count${printCountOptions(segment.options)}`;
    case "any":
    case "all":
      return `${segment.kind}(${printPredicate(segment.predicate)})`;
  }
}

function printAnnotation(annotation: Annotation): string {
  return annotation.qualifier === undefined ? `@${annotation.name}` : `@${annotation.name}#${annotation.qualifier}`;
}

function printParameters(parameters: readonly Parameter[]): string {
  return `(${parameters.map(({ name, value }) => `${name}=${printExpression(value)}`).join(",")})`;
}

function printPredicate(predicate: { readonly variable: string; readonly condition: Expression } | undefined): string {
  return predicate === undefined ? "" : `${predicate.variable}:${printExpression(predicate.condition)}`;
}

function printCountOptions(options: readonly CountOption[]): string {
  if (options.length === 0) return "";
  const texts = options.map((option) => {
    if (option.kind === "filter") return `$filter=${printExpression(option.condition)}`;
    return `$search=${printSearch(option.search)}`;
  });
  return `(${texts.join(";")})`;
}
