import type { EntityType } from "../../model/define.ts";
import { Problem } from "../../model/problem.ts";
import type { ConstantValue, Expansion, Expression } from "../../model/query.ts";
import { nearest } from "../nearest.ts";
import type { Naming } from "../print-value.ts";
import { queryLimits } from "../syntax/limits.ts";
import type { ExpandItem, QueryOption } from "../syntax/option-tree.ts";
import { parseOption } from "../syntax/parse.ts";
import { parseQueryString, type QueryPart, type SystemPart } from "../syntax/query-string.ts";
import { SyntaxProblem } from "../syntax/syntax-problem.ts";
import type { Expression as Syntax } from "../syntax/tree.ts";
import { assertSchemaVersion } from "../versions.ts";
import { bindCompute, shownOf } from "./compute.ts";
import { assertDepth } from "./depth.ts";
import { balance, bindCondition } from "./expression.ts";
import { type BoundOptions, readOnce } from "./known-options.ts";
import { bindOrders } from "./order.ts";
import { type Budget, type ComputedValue, fault, isTypeName, type Scope, unsupported } from "./scope.ts";
import { bindSearch } from "./search.ts";
import { bindSelect } from "./select.ts";

export type SystemOption = SystemPart["option"];

/**
 * Reads the query of a URL against an entity type. Options that are not in `supported` are refused, never ignored;
 * those that are not OData's are the client's own affair (OData Protocol 11.2.1). `filters` are conditions that stand in
 * the path.
 */
export function bindOptions(
  type: EntityType,
  query: string,
  supported: readonly SystemOption[],
  naming: Naming = { root: "", members: "known" },
  filters: readonly string[] = [],
): BoundOptions {
  if (query === "" && filters.length === 0) return noOptions;
  const around = [type.name, naming.root, naming.members, ...supported, "", ...filters];
  return readOnce(around, query, () => readOptions(type, query, supported, naming, filters));
}

function readOptions(
  type: EntityType,
  query: string,
  supported: readonly SystemOption[],
  naming: Naming,
  filters: readonly string[],
): BoundOptions {
  const parts = readQuery(query);
  const system = parts.flatMap((part) => (part.kind === "system" ? [part] : []));
  const refused = system.find(({ option }) => !supported.includes(option));
  if (refused !== undefined) {
    const message = `The query option '${refused.name}' is not supported here by this version of the service.`;
    throw new Problem("notSupported", message, { target: refused.name });
  }
  const ofPath = filters.map((text) => readPathFilter(text, query));
  const ofQuery = parts.flatMap((part) => (part.kind === "custom" ? [] : [readOption(part.name, part.value)]));
  const around = { aliases: new Map(), budget: { left: queryLimits.nodesMax }, naming, place: "root" } as const;
  return bind(type, [...ofPath, ...ofQuery], around);
}

/** What is asked for when nothing is said. */
const noOptions: BoundOptions = { orderBy: [], count: false, projection: { expand: [] } };

/** What the options inside an item have in common with those around it. */
interface Around {
  readonly aliases: ReadonlyMap<string, Syntax>;
  readonly budget: Budget;
  readonly naming: Naming;
  /** Where the options stand: `$it` is the entity at the root, which an expanded entity cannot look at. */
  readonly place: "root" | "expanded";
}

function bind(type: EntityType, options: readonly QueryOption[], outside: Around): BoundOptions {
  const own = options.flatMap((option) => (option.kind === "alias" ? [[option.name, option.value] as const] : []));
  const around = { ...outside, aliases: new Map([...outside.aliases, ...own]) };
  const computed = computedOf(type, options, around);
  const conditions: Expression[] = [];
  const bound: { -readonly [Name in keyof BoundOptions]: BoundOptions[Name] } = {
    orderBy: [],
    count: false,
    projection: { expand: [] },
  };
  for (const option of options) {
    if (option.kind === "compute" || option.kind === "alias") continue;
    const scope = scopeOf(type, option.kind, computed, around);
    if (option.kind === "filter") conditions.push(assertDepth(scope, bindCondition(scope, option.condition)));
    else if (option.kind === "search") conditions.push(assertDepth(scope, bindSearch(scope, type, option.search)));
    else if (option.kind === "select")
      bound.projection = { ...bound.projection, ...bindSelect(scope, type, option.items) };
    else if (option.kind === "expand")
      bound.projection = { ...bound.projection, expand: bindExpand(scope, type, option.items, around) };
    else bindPlain(scope, option, bound);
  }
  if (conditions.length > 0) bound.filter = balance("and", conditions);
  const shown = shownOf(computed, bound.projection.select);
  return { ...bound, projection: { ...bound.projection, ...(shown.length === 0 ? {} : { computed: shown }) } };
}

function computedOf(
  type: EntityType,
  options: readonly QueryOption[],
  around: Around,
): ReadonlyMap<string, ComputedValue> {
  const none = new Map<string, ComputedValue>();
  const compute = options.find((option) => option.kind === "compute");
  return compute === undefined ? none : bindCompute(scopeOf(type, "compute", none, around), type, compute.items);
}

type PlainOption = Exclude<
  QueryOption,
  { readonly kind: "compute" | "alias" | "filter" | "search" | "select" | "expand" }
>;

function bindPlain(
  scope: Scope,
  option: PlainOption,
  bound: { -readonly [Name in keyof BoundOptions]: BoundOptions[Name] },
): void {
  switch (option.kind) {
    case "orderby":
      bound.orderBy = bindOrders(scope, option.items);
      return;
    case "top":
    case "skip":
      bound[option.kind] = option.value;
      return;
    case "count":
      bound.count = option.value;
      return;
    case "schemaversion":
      assertSchemaVersion(option.text);
      return;
    case "skiptoken":
    case "id":
    case "format":
      bound[option.kind] = option.text;
      return;
    // No navigation leads back to where it began, so that any number of levels is the first one.
    case "levels":
      return;
    default:
      throw unsupported(scope, option, `'${scope.option}'`);
  }
}

function scopeOf(
  type: EntityType,
  option: string,
  computed: ReadonlyMap<string, ComputedValue>,
  { aliases, budget, naming, place }: Around,
): Scope {
  const instance = { number: 0, type: { kind: "entity", type } } as const;
  const entity = place === "root" ? instance : undefined;
  return {
    option: `$${option}`,
    instance,
    entity,
    variables: new Map(),
    aliases,
    aliasesOpen: [],
    computed,
    naming,
    budget,
  };
}

// OData URL Conventions 5.1.3: `*` stands for every navigation that is not named; none is named twice.
function bindExpand(
  scope: Scope,
  type: EntityType,
  items: readonly ExpandItem[],
  around: Around,
): readonly Expansion[] {
  const named = items.flatMap((item) => (isAll(item) ? [] : [expandOne(scope, type, item, around)]));
  for (const [index, { name }] of named.entries()) {
    if (named.findIndex((each) => each.name === name) < index)
      throw fault(scope, items[index] ?? { position: 0 }, `'${name}' is expanded twice.`);
  }
  const all = items.find(isAll);
  if (all === undefined) return named;
  const others = Object.entries(type.navigation).filter(([name]) => named.every((each) => each.name !== name));
  return [...named, ...others.map(([name, { to }]) => expansionOf(name, to(), all, around))];
}

type Navigation = ExpandItem & { readonly kind: "navigation" };

function isAll(item: ExpandItem): item is Navigation {
  return item.kind === "navigation" && item.path[0]?.kind === "all";
}

function expandOne(scope: Scope, type: EntityType, item: ExpandItem, around: Around): Expansion {
  if (item.kind === "value") throw unsupported(scope, item, "'$value' in $expand");
  // A cast to the very type that stands there says nothing, in front of the navigation or behind it.
  const [first, ...rest] = item.path.filter(
    (segment) => !(segment.kind === "name" && isTypeName(segment.name, type.name)),
  );
  const name = first?.kind === "name" ? first.name : "";
  const navigation = Object.hasOwn(type.navigation, name) ? type.navigation[name] : undefined;
  if (navigation === undefined) throw fault(scope, item, unknownNavigation(name, type));
  const to = navigation.to();
  const others = rest.filter((segment) => !(segment.kind === "name" && isTypeName(segment.name, to.name)));
  if (others.length > 0) throw unsupported(scope, item, "A longer path in $expand");
  return expansionOf(name, to, item, around);
}

function unknownNavigation(name: string, type: EntityType): string {
  const known = Object.keys(type.navigation);
  const near = nearest(name, known);
  const names = known.length === 0 ? "It has none." : `It has ${known.join(", ")}.`;
  const advice = near === undefined ? names : `Did you mean '${near}'?`;
  return `'${name.slice(0, 100)}' is not a navigation property of ${type.name}. ${advice}`;
}

function expansionOf(name: string, type: EntityType, { shape, options }: Navigation, around: Around): Expansion {
  return { name, shape, options: bind(type, options, { ...around, place: "expanded" }) };
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
