import type { EntityType } from "../model/define.ts";
import type { Collection, Comparison, Expression, Property, Texts } from "../model/query.ts";
import { printArithmetic } from "./arithmetic.ts";
import { printCall } from "./functions.ts";
import { join, name, raw, type Statement, sql } from "./sql.ts";
import { columnName, tableOf } from "./tables.ts";

/**
 * What a condition is good for. `exact`: true, false and null all count, as under a `not`. `rows`: only true counts, so
 * that a comparison may be written in the form that an index can serve.
 */
type Purpose = "exact" | "rows";

/** Where the instance of a variable stands in the statement: a row of a table, or an item of a JSON array. */
type Place = { readonly kind: "row"; readonly type: EntityType } | { readonly kind: "item" };

/** The variables around an expression, and the instant of the request. */
export interface Surroundings {
  readonly places: ReadonlyMap<number, Place>;
  readonly partnerId: string;
  readonly now: string;
}

/** Prints a condition of a `where`: only what it is true for is found. */
export function printCondition(condition: Expression, around: Surroundings): Statement {
  return print(condition, around, "rows");
}

/** Prints an expression as a value. */
export function printValue(expression: Expression, around: Surroundings): Statement {
  return print(expression, around, "exact");
}

/** The name by which a statement knows the instance of a variable. */
export function aliasOf(variable: number): Statement {
  return raw(`"v${variable}"`);
}

function print(expression: Expression, around: Surroundings, purpose: Purpose): Statement {
  switch (expression.kind) {
    case "constant":
      return printConstant(expression);
    case "now":
      return sql`cast(${around.now} as text)`;
    case "property":
      return printProperty(expression, around);
    case "and":
    case "or":
      return printLogic(expression, around, purpose);
    case "not":
      return sql`(not ${print(expression.operand, around, "exact")})`;
    case "negate":
      return sql`(- ${print(expression.operand, around, "exact")})`;
    case "compare":
      return printComparison(expression, around, purpose);
    case "in":
      return printMembership(expression, around, purpose);
    case "arithmetic":
      return printArithmetic(expression, (value) => print(value, around, "exact"));
    case "call":
      return printCall(expression.name, expression.values, (value) => print(value, around, "exact"));
    case "case":
      return printCase(expression, around);
    case "ordinal":
      return printOrdinal(expression, around);
    case "subset":
    case "subsequence":
      return sql`${raw(`odata_has_${expression.kind}`)}(${printTexts(expression.whole)}, ${printTexts(expression.part)})`;
    case "search":
      return printSearch(expression, around);
    default:
      return printCollection(expression, around);
  }
}

// All texts are put into one, so that a row costs two calls of a function and not two for each of its texts.
function printSearch(
  { variable, paths, text }: Expression & { readonly kind: "search" },
  around: Surroundings,
): Statement {
  if (paths.length === 0) return raw("false");
  const texts = paths.map((path) =>
    printProperty({ kind: "property", variable, path, type: "string", nullable: true }, around),
  );
  const whole = sql`concat_ws(cast(${characterNotIn(text)} as text), ${join(texts, ", ")})`;
  return sql`(odata_position(odata_lower(${whole}), cast(${text} as text)) > 0)`;
}

/** A character that a text does not hold: where it parts two texts, this one is not found across them. */
function characterNotIn(text: string): string {
  let point = 1;
  while (text.includes(String.fromCodePoint(point))) point++;
  return String.fromCodePoint(point);
}

/** A collection of texts as JSON. */
function printTexts(texts: Texts): Statement {
  if (texts.kind === "kept") return sql`${aliasOf(texts.variable)}.${name(columnName(texts.path))}`;
  return sql`cast(${JSON.stringify(texts.texts)} as text)`;
}

// A value that is bound has no type of its own on PostgreSQL; where two of them meet, that would be a fault.
function printConstant({ value, type }: Expression & { readonly kind: "constant" }): Statement {
  if (value === null) return raw("null");
  if (typeof value === "boolean") return raw(value ? "true" : "false");
  if (typeof value === "number" || type === "number") return sql`cast(${value} as double precision)`;
  return sql`cast(${value} as text)`;
}

function printProperty({ variable, path, type }: Property, { places }: Surroundings): Statement {
  const place = places.get(variable);
  if (place === undefined) throw new Error(`There is no variable ${variable} here.`);
  if (place.kind === "item") return printItem(sql`${aliasOf(variable)}."value"`, path, type);
  const column = tableOf(place.type).columns.find(({ path: own }) => own.every((each, index) => each === path[index]));
  if (column === undefined) throw new Error(`${path.join("/")} has no column.`);
  const value = sql`${aliasOf(variable)}.${name(column.name)}`;
  const rest = path.slice(column.path.length);
  return rest.length === 0 ? value : printItem(sql`odata_json(${value})`, rest, type);
}

/** The value at a path inside JSON, as a value of its type. */
function printItem(json: Statement, path: readonly string[], type: Property["type"]): Statement {
  const [last, ...parents] = [...path].reverse();
  // The type has the order of code points on PostgreSQL; to SQLite it is text like any other.
  if (last === undefined) return type === "string" ? sql`cast(${json} as odata_text)` : json;
  const inner = parents.reverse().reduce((value, each) => sql`${value} -> cast(${each} as text)`, json);
  const text = sql`(${inner} ->> cast(${last} as text))`;
  if (type === "number") return sql`cast(${text} as double precision)`;
  return type === "boolean" ? sql`(${text} in ('true', '1'))` : sql`cast(${text} as odata_text)`;
}

// A row is found only if the whole is true: there null and false are one, and each side may stand in its simpler form.
function printLogic(
  { kind, left, right }: Expression & { readonly kind: "and" | "or" },
  around: Surroundings,
  purpose: Purpose,
): Statement {
  return sql`(${print(left, around, purpose)} ${raw(kind)} ${print(right, around, purpose)})`;
}

const operators: Readonly<Record<Comparison, string>> = { eq: "=", ne: "<>", gt: ">", ge: ">=", lt: "<", le: "<=" };

// OData URL Conventions 5.1.1.1: null equals null and nothing else; it is neither greater nor less than anything.
function printComparison(comparison: Compare, around: Surroundings, purpose: Purpose): Statement {
  const { operator, left, right } = comparison;
  if (operator === "eq" || operator === "ne") return printEquality(comparison, around, purpose);
  if (isNull(left) || isNull(right)) return raw("false");
  const compared = printOperator(comparison, around);
  return purpose === "exact" && (mayBeNull(left) || mayBeNull(right)) ? sql`coalesce(${compared}, false)` : compared;
}

type Compare = Expression & { readonly kind: "compare" };

function printEquality(comparison: Compare, around: Surroundings, purpose: Purpose): Statement {
  const { operator, left, right } = comparison;
  const [no, not] = operator === "eq" ? [raw(""), raw("not")] : [raw("not"), raw("")];
  if (isNull(right)) return sql`(${print(left, around, "exact")} is ${no} null)`;
  if (isNull(left)) return sql`(${print(right, around, "exact")} is ${no} null)`;
  const nulls = [left, right].filter(mayBeNull).length;
  // Where only true counts and one side is never null, a plain comparison finds the same rows.
  if (nulls === 0 || (nulls === 1 && operator === "eq" && purpose === "rows")) return printOperator(comparison, around);
  return sql`(${print(left, around, "exact")} is ${not} distinct from ${print(right, around, "exact")})`;
}

function printOperator({ operator, left, right }: Compare, around: Surroundings): Statement {
  return sql`(${print(left, around, "exact")} ${raw(operators[operator])} ${print(right, around, "exact")})`;
}

function printMembership(
  { left, values }: Expression & { readonly kind: "in" },
  around: Surroundings,
  purpose: Purpose,
): Statement {
  const a = print(left, around, "exact");
  const present = values.filter((value) => value !== null);
  const constants = present.map((value) =>
    printConstant({ kind: "constant", type: typeof value === "number" ? "number" : "string", value }),
  );
  if (constants.length === 0) return values.length === 0 ? raw("false") : sql`(${a} is null)`;
  const found = sql`(${a} in (${join(constants, ", ")}))`;
  // Only where the left side is null is the answer null: then it depends on whether null is among the values.
  if (values.includes(null)) return sql`coalesce(${found}, true)`;
  return purpose === "exact" && mayBeNull(left) ? sql`coalesce(${found}, false)` : found;
}

function printCase({ branches }: Expression & { readonly kind: "case" }, around: Surroundings): Statement {
  const printed = branches.map(
    ({ condition, value }) => sql`when ${print(condition, around, "rows")} then ${print(value, around, "exact")}`,
  );
  return sql`(case ${join(printed, " ")} end)`;
}

function printOrdinal(
  { operand, members }: Expression & { readonly kind: "ordinal" },
  around: Surroundings,
): Statement {
  const branches = members.map((member, index) => sql`when ${member} then ${raw(String(index))}`);
  return sql`(case ${print(operand, around, "exact")} ${join(branches, " ")} end)`;
}

type OverCollection = Expression & { readonly kind: "any" | "all" | "count" };

function printCollection({ kind, over, variable, condition }: OverCollection, around: Surroundings): Statement {
  const { from, where, place } = sourceOf(over, variable, around);
  const within = { ...around, places: new Map(around.places).set(variable, place) };
  if (kind === "all") {
    if (condition === undefined) return raw("true");
    return sql`(not exists (select 1 from ${from} where ${where} and not coalesce(${print(condition, within, "exact")}, false)))`;
  }
  const wanted = condition === undefined ? where : sql`${where} and ${print(condition, within, "rows")}`;
  if (kind === "any") return sql`(exists (select 1 from ${from} where ${wanted}))`;
  return sql`cast((select count(*) from ${from} where ${wanted}) as double precision)`;
}

interface Source {
  readonly from: Statement;
  readonly where: Statement;
  readonly place: Place;
}

/** Where the instances of a collection come from. */
export function sourceOf(over: Collection, variable: number, { places, partnerId }: Surroundings): Source {
  const own = aliasOf(variable);
  if (over.kind === "navigation") {
    const navigation = over.from.navigation[over.name];
    if (navigation === undefined) throw new Error(`There is no navigation '${over.name}'.`);
    const type = navigation.to();
    const key = sql`${aliasOf(over.of)}.${name(navigation.by)}`;
    return {
      from: sql`${name(tableOf(type).name)} as ${own}`,
      where: sql`${own}."partnerId" = ${partnerId} and ${own}."id" = ${key} and ${own}."deletedDateTime" is null`,
      place: { kind: "row", type },
    };
  }
  const elements = over.items === "text" ? raw("odata_texts") : raw("odata_items");
  return { from: sql`${elements}(${printList(over, places)}) as ${own}`, where: raw("true"), place: { kind: "item" } };
}

/** The JSON of a collection: a column, or a part of one. */
function printList(over: Collection & { readonly kind: "list" }, places: Surroundings["places"]): Statement {
  const place = places.get(over.of);
  if (place?.kind !== "row") throw new Error("A collection inside a collection has no column.");
  const column = tableOf(place.type).columns.find(({ path }) => path.every((each, index) => each === over.path[index]));
  if (column === undefined) throw new Error(`${over.path.join("/")} has no column.`);
  const value = sql`${aliasOf(over.of)}.${name(column.name)}`;
  const rest = over.path.slice(column.path.length);
  return rest.length === 0 ? value : printItem(sql`odata_json(${value})`, rest, "string");
}

function isNull(expression: Expression): boolean {
  return expression.kind === "constant" && expression.value === null;
}

/** Whether an expression can come to null. Where it is not certain, it can. */
export function mayBeNull(expression: Expression): boolean {
  switch (expression.kind) {
    case "constant":
      return expression.value === null;
    case "property":
      return expression.nullable;
    case "now":
    case "count":
    case "any":
    case "all":
    case "search":
      return false;
    case "ordinal":
      return mayBeNull(expression.operand);
    case "call":
      return expression.name === "addseconds" || expression.values.some(mayBeNull);
    default:
      return true;
  }
}
