import type { Structure, Term, Value } from "./term.ts";

const day = 86_400_000;

/** An entity, or an item of a collection, as the API shows it; a navigation is a collection of entities. */
type Item = unknown;

/** What a term is evaluated for: the entity, and the variables of the lambdas around it. */
type Around = ReadonlyMap<string, Item>;

/**
 * Evaluates a term by the text of OData URL Conventions 5.1.1, and by these decisions of the service where the standard
 * leaves room: numbers are doubles; a division by zero and what is beyond 1e300 is null; a text is ordered by code point.
 */
export function evaluate(term: Term, around: Around): Value {
  switch (term.kind) {
    case "literal":
      return term.value;
    case "path":
      return valueAt(around.get(term.variable), term.path, term.members);
    case "named":
      return evaluate(term.term, around);
    case "prefix":
      return prefix(term.operator, evaluate(term.operand, around));
    case "infix":
      return infix(term, around);
    case "call":
      return call(
        term,
        term.values.map((value) => evaluate(value, around)),
      );
    case "in": {
      const left = evaluate(term.left, around);
      return term.items.some((item) => evaluate(item, around) === left);
    }
    case "case": {
      const branch = term.branches.find(([condition]) => evaluate(condition, around) === true);
      return branch === undefined ? null : evaluate(branch[1], around);
    }
    case "any":
    case "all":
    case "count":
      return collection(term, around);
    case "subset":
    case "subsequence":
      return holds(term.kind, textsAt(around.get(""), term.collection), term.part);
    case "structure":
      return isSame(objectAt(around.get(""), term.path), term.value) === (term.operator === "eq");
  }
}

function at(item: Item, path: string): unknown {
  let value: unknown = item;
  for (const name of path === "" ? [] : path.split("/")) {
    value = typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
  }
  return value;
}

/** A value of a path: an instant in milliseconds, a member by its place. */
function valueAt(item: Item, path: string, members: readonly string[] | undefined): Value {
  const value = at(item, path);
  if (typeof value === "number" || typeof value === "boolean") return value;
  if (typeof value !== "string") return null;
  if (members !== undefined) return members.indexOf(value);
  return path.endsWith("DateTime") ? Date.parse(value) : value;
}

function textsAt(item: Item, path: string): readonly string[] {
  const value = at(item, path);
  return Array.isArray(value) ? value.map(String) : [];
}

function objectAt(item: Item, path: string): Structure {
  const value = at(item, path);
  if (typeof value !== "object" || value === null) return null;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, typeof each === "string" ? each : null]),
  );
}

// A complex value all of whose properties are null is null (a decision of the service).
function isSame(a: Structure, b: Structure): boolean {
  const names = new Set([...Object.keys(a ?? {}), ...Object.keys(b ?? {})]);
  return [...names].every((name) => (a?.[name] ?? null) === (b?.[name] ?? null));
}

function prefix(operator: "not" | "-", value: Value): Value {
  if (value === null) return null;
  return operator === "not" ? value === false : 0 - Number(value);
}

function infix(term: Term & { readonly kind: "infix" }, around: Around): Value {
  const [a, b] = [evaluate(term.sides[0], around), evaluate(term.sides[1], around)];
  const logic = logics[term.operator];
  if (logic !== undefined) return logic(a, b);
  const order = orders[term.operator];
  if (order !== undefined) return a !== null && b !== null && order(compare(a, b));
  return a === null || b === null ? null : calculate(term, Number(a), Number(b));
}

const logics: Readonly<Record<string, (a: Value, b: Value) => Value>> = {
  and: (a, b) => (a === false || b === false ? false : a === null || b === null ? null : true),
  or: (a, b) => (a === true || b === true ? true : a === null || b === null ? null : false),
  eq: (a, b) => a === b,
  has: (a, b) => a === b,
  ne: (a, b) => a !== b,
};

const orders: Readonly<Record<string, (order: number) => boolean>> = {
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
  lt: (order) => order < 0,
  le: (order) => order <= 0,
};

/** The order of two values of one type: texts by their code points. */
export function compare(a: Value, b: Value): number {
  if (typeof a !== "string" || typeof b !== "string") return Number(a) - Number(b);
  const [left, right] = [points(a), points(b)];
  const different = left.findIndex((point, index) => point !== right[index]);
  if (different < 0) return left.length - right.length;
  return (left[different]?.codePointAt(0) ?? 0) - (right[different]?.codePointAt(0) ?? -1);
}

function calculate({ operator, type }: Term & { readonly kind: "infix" }, a: number, b: number): Value {
  if (type === "instant" || type === "date") return moved(type, a, operator === "add" ? b : 0 - b);
  if (b === 0 && ["div", "divby", "mod"].includes(operator)) return null;
  const calculation = calculations[operator];
  if (calculation === undefined) throw new Error(`There is no operator '${operator}'.`);
  const result = calculation(a, b);
  return bounded(operator === "div" && type === "whole" ? Math.trunc(result) : result);
}

const calculations: Readonly<Record<string, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  seconds: (a, b) => (a - b) / 1000,
  days: (a, b) => ((a - b) * day) / 1000,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  divby: (a, b) => a / b,
  mod: (a, b) => a % b,
};

function bounded(value: number): Value {
  return Math.abs(value) > 1e300 || Number.isNaN(value) ? null : value;
}

const first = Date.parse("0001-01-01T00:00:00.000Z");
const last = Date.parse("9999-12-31T23:59:59.999Z");

/** An instant or a date, later by some seconds; null outside of the years 1 to 9999. */
function moved(type: "instant" | "date", from: number, seconds: number): Value {
  const milliseconds = (type === "date" ? from * day : from) + seconds * 1000;
  if (milliseconds < first || milliseconds > last) return null;
  return type === "date" ? Math.floor(milliseconds / day) : milliseconds;
}

function points(text: string): readonly string[] {
  return [...text];
}

function call({ name, type }: Term & { readonly kind: "call" }, values: readonly Value[]): Value {
  if (name === "now") throw new Error("The present is not the same twice.");
  if (values.includes(null)) return null;
  const [a = null, b = null, c = null] = values;
  if (typeof a === "string") return callOnText(name, a, b, c);
  const value = Number(a);
  switch (name) {
    case "round":
      return (value < 0 ? -1 : 1) * Math.floor(Math.abs(value)) + (Math.abs(value % 1) >= 0.5 ? Math.sign(value) : 0);
    case "floor":
      return Math.floor(value);
    case "ceiling":
      return Math.ceil(value);
    case "totalseconds":
      return value;
    case "date":
      return Math.floor(value / day);
    case "time":
      return value - Math.floor(value / day) * day;
    default:
      return callOnTime(name, new Date(type === "date" ? value * day : value));
  }
}

function callOnText(name: string, text: string, b: Value, c: Value): Value {
  const characters = points(text);
  switch (name) {
    case "contains":
      return text.includes(String(b));
    case "startswith":
      return text.startsWith(String(b));
    case "endswith":
      return text.endsWith(String(b));
    case "concat":
      return text + String(b);
    case "length":
      return characters.length;
    case "indexof":
      return text.includes(String(b)) ? points(text.slice(0, text.indexOf(String(b)))).length : -1;
    case "substring": {
      const start = Number(b) < 0 ? Math.max(characters.length + Number(b), 0) : Number(b);
      return characters.slice(start, c === null ? undefined : start + Math.max(Number(c), 0)).join("");
    }
    case "tolower":
      return text.toLowerCase();
    case "toupper":
      return text.toUpperCase();
    case "trim":
      return text.replaceAll(/^\p{White_Space}+|\p{White_Space}+$/gu, "");
    default:
      throw new Error(`There is no function '${name}'.`);
  }
}

function callOnTime(name: string, time: Date): Value {
  switch (name) {
    case "year":
      return time.getUTCFullYear();
    case "month":
      return time.getUTCMonth() + 1;
    case "day":
      return time.getUTCDate();
    case "hour":
      return time.getUTCHours();
    case "minute":
      return time.getUTCMinutes();
    case "second":
      return time.getUTCSeconds();
    case "fractionalseconds":
      return time.getUTCMilliseconds() / 1000;
    case "totaloffsetminutes":
      return 0;
    default:
      throw new Error(`There is no function '${name}'.`);
  }
}

function collection(term: Term & { readonly kind: "any" | "all" | "count" }, around: Around): Value {
  const items = at(around.get(""), term.collection);
  const results = (Array.isArray(items) ? items : []).map((item: unknown) => {
    if (term.condition === undefined) return true;
    return evaluate(term.condition, new Map(around).set(term.variable, item)) === true;
  });
  if (term.kind === "count") return results.filter(Boolean).length;
  return term.kind === "any" ? results.some(Boolean) : results.every(Boolean);
}

function holds(kind: "subset" | "subsequence", whole: readonly string[], part: readonly string[]): boolean {
  const left = [...whole];
  for (const text of part) {
    const index = left.indexOf(text);
    if (index < 0) return false;
    left.splice(kind === "subset" ? index : 0, kind === "subset" ? 1 : index + 1);
  }
  return true;
}
