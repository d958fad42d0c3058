import { describe, expect, test } from "vitest";
import type { ExpandItem, QueryOption, SelectItem } from "../../../src/odata/syntax/option-tree.ts";
import { parseOption } from "../../../src/odata/syntax/parse.ts";
import type { Annotation, Name } from "../../../src/odata/syntax/tree.ts";
import { faultOf } from "./fault.ts";
import { outline } from "./outline.ts";

const accepted: readonly (readonly [string, string, string, string])[] = [
  ["a filter is an expression", "$filter", "a eq 1", "filter (eq a integer:1)"],
  ["an option name needs no dollar and no casing", "FILTER", "a", "filter a"],
  ["an order is ascending unless it says otherwise", "$orderby", "a,b desc,c asc", "orderby a:asc b:desc c:asc"],
  ["an order may be by an expression", "$orderby", "length(a) DESC, b/$count", "orderby length(a):desc b/count():asc"],
  ["a property may be named like a direction", "$orderby", "desc desc", "orderby desc:desc"],
  ["a selection lists properties", "$select", "id,displayName", "select id displayName"],
  ["a selection tolerates spaces around commas", "$select", "id , displayName ", "select id displayName"],
  ["a selection may be everything", "$select", "*", "select *"],
  ["a selection may be all operations of a namespace", "$select", "N.S.*,N.f", "select N.S.* N.f"],
  ["a selection may go deeper", "$select", "a/N.T/b,@C.m", "select a/N.T/b @C.m"],
  ["a selection may tell overloads apart", "$select", "f(a, b),N.g(c)", "select f<a b> N.g<c>"],
  [
    "a selected property may have options",
    "$select",
    "a($select=b,c;$filter=d eq 1;$orderby=e desc;$top=2;$skip=1;$count=true;$compute=f add 1 as g;@p=3;$search=x)",
    "select a(select b c;filter (eq d integer:1);orderby e:desc;top 2;skip 1;count true;compute (add f integer:1)=g;@p integer:3;search)",
  ],
  ["an expansion lists navigations", "$expand", "a,b/N.T", "expand a b/N.T"],
  ["an expansion may be everything", "$expand", "*,a/*", "expand * a/*"],
  ["everything may be expanded by references or levels", "$expand", "*/$ref,*($levels=2)", "expand */$ref *(levels 2)"],
  ["an expansion may be by references", "$expand", "a/$ref($filter=b;top=1)", "expand a/$ref(filter b;top 1)"],
  ["an expansion may be a count", "$expand", "a/$count(search=x)", "expand a/$count(search)"],
  ["an expansion may be of media", "$expand", "$value,a", "expand $value a"],
  [
    "expansions nest",
    "$expand",
    "a($expand=b($select=c;$levels=max); $orderby = d)".replace(" = ", "="),
    "expand a(expand b(select c;levels max);orderby d:asc)",
  ],
  ["an expansion may be of an annotation", "$expand", "@N.term($top=1)", "expand @N.term(top 1)"],
  ["computed properties have names", "$compute", "a mul b as c,d AS e", "compute (mul a b)=c d=e"],
  ["a count is true or false", "$count", "TRUE", "count true"],
  ["top is a number", "$top", "10", "top 10"],
  ["skip may be zero", "$skip", "0", "skip 0"],
  ["an index may be negative", "$index", "-5", "index -5"],
  ["levels may be the most", "$levels", "MAX", "levels max"],
  [
    "a format is a word or a media type",
    "$format",
    "application/json;odata.metadata=none",
    "format application/json;odata.metadata=none",
  ],
  ["tokens are taken as they are", "$skiptoken", "a'(b&c", "skiptoken a'(b&c"],
  ["a delta token is taken as it is", "$deltatoken", "latest", "deltatoken latest"],
  ["the id of an entity is taken as it is", "$id", "http://host/people('a')", "id http://host/people('a')"],
  ["a schema version is a star or a word", "$schemaversion", "1.2-beta", "schemaversion 1.2-beta"],
  ["transformations are taken as they are", "$apply", "aggregate($count as n)", "apply aggregate($count as n)"],
  ["an alias has a value", "@p", '{"a":[1]}', "@p {a:[integer:1]}"],
];

describe("an option", () => {
  test.each(accepted)("%s", (_name, name, value, expected) => {
    const option = parseOption(name, value);

    expect(outlineOption(option)).toBe(expected);
  });
});

const refused: readonly (readonly [string, string, string, number])[] = [
  ["a value must not begin with a space", "$filter", " true", 0],
  ["an order has two directions only", "$orderby", "a up", 2],
  ["an order needs an item after each comma", "$orderby", "a,", 2],
  ["a selection is not empty", "$select", "", 0],
  ["a selection has no star in the middle", "$select", "a/*", 2],
  ["a selected property takes no expansion", "$select", "a($expand=b)", 2],
  ["a nested option is given once", "$select", "a($top=1;top=2)", 9],
  ["nested options must be closed", "$expand", "a($top=1", 8],
  ["nested options must not be empty", "$expand", "a()", 2],
  ["a nested option needs a value", "$expand", "a($top)", 6],
  ["references are not selected from", "$expand", "a/$ref($select=b)", 7],
  ["a count is not counted", "$expand", "a/$count($count=true)", 9],
  ["everything takes levels only", "$expand", "*($top=1)", 2],
  ["nothing follows a star but a reference", "$expand", "*/a", 1],
  ["a star is not counted", "$expand", "*/$count", 2],
  ["levels begin at 1", "$expand", "a($levels=0)", 10],
  ["a nested search needs balanced parentheses", "$expand", "a($search=b(c)", 11],
  ["a computed property needs a name", "$compute", "a mul b", 7],
  ["a computed property has a name without dots", "$compute", "a as b.c", 6],
  ["a count is nothing but true or false", "$count", "1", 0],
  ["top must not be negative", "$top", "-1", 0],
  ["top must not be a fraction", "$top", "1.5", 1],
  ["top must not be beyond exact numbers", "$top", "9007199254740993", 0],
  ["a format has a slash unless it is a known word", "$format", "yaml", 0],
  ["a token must not be empty", "$skiptoken", "", 0],
  ["a schema version has no spaces", "$schemaversion", "1 2", 0],
  ["an unknown option is refused", "$where", "a", 0],
];

describe("a wrong option", () => {
  test.each(refused)("%s", (_name, name, value, position) => {
    const problem = faultOf(() => parseOption(name, value));

    expect(problem.position).toBe(position);
  });

  test("the refusal of a nested option names those that may stand there", () => {
    const problem = faultOf(() => parseOption("$expand", "a/$count($top=1)"));

    expect(problem.message).toBe("Expected one of $filter, $search, found '$top=1)'.");
  });
});

function outlineOption(option: QueryOption): string {
  switch (option.kind) {
    case "filter":
      return `filter ${outline(option.condition)}`;
    case "search":
      return "search";
    case "orderby":
      return `orderby ${option.items.map((item) => `${outline(item.expression)}:${item.direction}`).join(" ")}`;
    case "compute":
      return `compute ${option.items.map((item) => `${outline(item.expression)}=${item.name}`).join(" ")}`;
    case "select":
      return `select ${option.items.map(outlineSelectItem).join(" ")}`;
    case "expand":
      return `expand ${option.items.map(outlineExpandItem).join(" ")}`;
    case "alias":
      return `@${option.name} ${outline(option.value)}`;
    default:
      return `${option.kind} ${"value" in option ? option.value : option.text}`;
  }
}

function outlineSelectItem(item: SelectItem): string {
  if (item.kind === "all") return "*";
  if (item.kind === "operations") return `${item.namespace}.*`;
  const overload = item.overload === undefined ? "" : `<${item.overload.join(" ")}>`;
  return item.path.map(outlineSegment).join("/") + overload + outlineOptions(item.options);
}

function outlineExpandItem(item: ExpandItem): string {
  if (item.kind === "value") return "$value";
  const suffix = { entities: "", references: "/$ref", count: "/$count" }[item.shape];
  return item.path.map(outlineSegment).join("/") + suffix + outlineOptions(item.options);
}

function outlineSegment(segment: Name | Annotation | { readonly kind: "all" }): string {
  if (segment.kind === "all") return "*";
  return segment.kind === "name" ? segment.name : `@${segment.name}`;
}

function outlineOptions(options: readonly QueryOption[]): string {
  return options.length === 0 ? "" : `(${options.map(outlineOption).join(";")})`;
}
