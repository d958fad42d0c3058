import type { EntityType } from "../../model/define.ts";
import { Problem } from "../../model/problem.ts";
import type { ConstantValue, Expansion, Expression, OrderKey, Projection, QueryOptions } from "../../model/query.ts";
import type { ExpandItem, OrderItem, QueryOption } from "../syntax/option-tree.ts";
import { parseOption } from "../syntax/parse.ts";
import { parseQueryString, type QueryPart, type SystemPart } from "../syntax/query-string.ts";
import { SyntaxProblem } from "../syntax/syntax-problem.ts";
import type { Expression as Syntax } from "../syntax/tree.ts";
import { bindCondition, bindExpression } from "./expression.ts";
import { fault, type Scope, typeOf, unsupported } from "./scope.ts";
import { bindSearch } from "./search.ts";
import { bindSelect } from "./select.ts";

export type SystemOption = SystemPart["option"];

/** The options of a request, resolved, and those whose value is a text for others to read. */
export interface BoundOptions extends QueryOptions {
  readonly skiptoken?: string;
  readonly id?: string;
  readonly format?: string;
}

/**
 * Reads the query of a URL against an entity type. Options that are not in `supported` are refused, never ignored;
 * those that are not OData's are the client's own affair (OData Protocol 11.2.1). `filters` are conditions that stand in
 * the path.
 */
export function bindOptions(
  type: EntityType,
  query: string,
  supported: readonly SystemOption[],
  filters: readonly string[] = [],
): BoundOptions {
  const parts = readQuery(query);
  const system = parts.flatMap((part) => (part.kind === "system" ? [part] : []));
  const refused = system.find(({ option }) => !supported.includes(option));
  if (refused !== undefined) {
    const message = `The query option '${refused.name}' is not supported here by this version of the service.`;
    throw new Problem("notSupported", message, { target: refused.name });
  }
  const aliases = new Map<string, Syntax>();
  for (const part of parts) {
    if (part.kind !== "alias") continue;
    const read = readOption(part.name, part.value);
    if (read.kind === "alias") aliases.set(read.name, read.value);
  }
  const ofPath = filters.map((text) => readPathFilter(text, query));
  const options = system.map((part) => readOption(part.name, part.value));
  return bind(type, [...ofPath, ...options], aliases);
}

type Aliases = ReadonlyMap<string, Syntax>;

function bind(type: EntityType, options: readonly QueryOption[], aliases: Aliases): BoundOptions {
  const bound: { -readonly [Name in keyof BoundOptions]: BoundOptions[Name] } = {
    orderBy: [],
    count: false,
    projection: { expand: [] },
  };
  let conditions: readonly Expression[] = [];
  let projection: Projection = { expand: [] };
  for (const option of options) {
    const scope = scopeOf(type, option.kind, aliases);
    switch (option.kind) {
      case "filter":
        conditions = [...conditions, bindCondition(scope, option.condition)];
        break;
      case "search":
        conditions = [...conditions, bindSearch(scope, type, option.search)];
        break;
      case "orderby":
        bound.orderBy = option.items.map((item) => bindOrder(scope, item));
        break;
      case "select":
        projection = { ...projection, ...bindSelect(scope, type, option.items) };
        break;
      case "expand":
        projection = { ...projection, expand: option.items.flatMap((item) => bindExpand(scope, type, item, aliases)) };
        break;
      case "top":
      case "skip":
        bound[option.kind] = option.value;
        break;
      case "count":
        bound.count = option.value;
        break;
      case "skiptoken":
      case "id":
      case "format":
        bound[option.kind] = option.text;
        break;
      default:
        throw unsupported(scope, option, `'${scope.option}'`);
    }
  }
  const [first, ...others] = conditions;
  if (first !== undefined)
    bound.filter = others.reduce((left, right) => ({ kind: "and", left, right }) as const, first);
  return { ...bound, projection };
}

function scopeOf(type: EntityType, option: string, aliases: Aliases): Scope {
  const instance = { number: 0, type: { kind: "entity", type } } as const;
  return { option: `$${option}`, instance, variables: new Map(), aliases, aliasesOpen: [] };
}

function bindOrder(scope: Scope, { expression: syntax, direction }: OrderItem): OrderKey {
  const { expression, choice } = bindExpression(scope, syntax);
  if (typeOf(expression) === "null") throw fault(scope, syntax, "Null has no order.");
  if (choice === undefined) return { expression, direction };
  return { expression: { kind: "ordinal", operand: expression, members: choice.members }, direction };
}

function bindExpand(scope: Scope, type: EntityType, item: ExpandItem, aliases: Aliases): readonly Expansion[] {
  if (item.kind === "value") throw unsupported(scope, item, "'$value' in $expand");
  const [first, ...others] = item.path;
  if (first?.kind === "all") {
    return Object.entries(type.navigation).map(([name, { to }]) =>
      expansionOf(name, item.shape, to(), item.options, aliases),
    );
  }
  const name = first?.kind === "name" ? first.name : "";
  const navigation = Object.hasOwn(type.navigation, name) ? type.navigation[name] : undefined;
  if (navigation === undefined) {
    const known = Object.keys(type.navigation);
    const advice = known.length === 0 ? "It has none." : `It has ${known.join(", ")}.`;
    throw fault(scope, item, `'${name}' is not a navigation property of ${type.name}. ${advice}`);
  }
  if (others.length > 0) throw unsupported(scope, item, "A longer path in $expand");
  return [expansionOf(name, item.shape, navigation.to(), item.options, aliases)];
}

function expansionOf(
  name: string,
  shape: Expansion["shape"],
  type: EntityType,
  options: readonly QueryOption[],
  aliases: Aliases,
): Expansion {
  return { name, shape, options: bind(type, options, aliases) };
}

/** Gives the options of a query string, unread; one that is malformed is refused. */
export function readQuery(query: string): readonly QueryPart[] {
  try {
    return parseQueryString(query);
  } catch (error) {
    throw problemOf("query", error);
  }
}

// OData URL Conventions 4.12: an alias that stands there alone must have a value; elsewhere one without is null.
function readPathFilter(text: string, query: string): QueryOption {
  const alias = /^@(\w+)$/.exec(text)?.[1];
  if (alias !== undefined) readAliasText(alias, query);
  return readOption("$filter", text);
}

/** Gives the text that a parameter alias of a query string stands for. */
export function readAliasText(name: string, query: string): string {
  const part = readQuery(query).find((each) => each.kind === "alias" && each.name === `@${name}`);
  if (part !== undefined) return part.value;
  const message = `The path names '@${name}', and the query gives it no value. Append @${name}= and the value.`;
  throw new Problem("invalidQueryOption", message, { target: `@${name}` });
}

function readOption(name: string, value: string): QueryOption {
  try {
    return parseOption(name, value);
  } catch (error) {
    throw problemOf(name, error);
  }
}

function problemOf(target: string, error: unknown): unknown {
  if (!(error instanceof SyntaxProblem)) return error;
  const message = `${error.message} (${target}, character ${error.position})`;
  return new Problem("invalidQueryOption", message, { target: error.option ?? target });
}

/** The values of a token, when they are ones that a token can hold. */
export function isConstants(values: unknown): values is readonly ConstantValue[] {
  const types = ["string", "number", "boolean"];
  return Array.isArray(values) && values.every((value) => value === null || types.includes(typeof value));
}
