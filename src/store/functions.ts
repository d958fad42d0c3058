import type { Expression, FunctionName } from "../model/query.ts";
import { raw, type Statement, sql } from "./sql.ts";

type Print = (value: Expression) => Statement;

/**
 * Prints a function of OData in SQL that both engines read alike. What SQL alone does not do alike is a function whose
 * name begins with `odata_`: made by a migration on PostgreSQL, and by `sqlite-functions.ts` on SQLite.
 */
export function printCall(name: FunctionName, values: readonly Expression[], print: Print): Statement {
  const [first, second, third] = values;
  if (first === undefined) throw new Error(`${name} needs a value.`);
  if (name === "startswith" && second !== undefined) return printPrefix(first, second, print);
  const a = print(first);
  const b = second === undefined ? raw("null") : print(second);
  switch (name) {
    case "concat":
      return sql`(${a} || ${b})`;
    case "contains":
      return sql`(odata_position(${a}, ${b}) > 0)`;
    case "startswith":
      return sql`(odata_position(${a}, ${b}) = 1)`;
    case "endswith":
      return sql`odata_ends_with(${a}, ${b})`;
    case "indexof":
      return sql`(odata_position(${a}, ${b}) - 1)`;
    case "length":
      return sql`length(${a})`;
    case "substring":
      return third === undefined ? sql`odata_substring(${a}, ${b})` : sql`odata_substring(${a}, ${b}, ${print(third)})`;
    case "tolower":
      return sql`odata_lower(${a})`;
    case "toupper":
      return sql`odata_upper(${a})`;
    case "trim":
      return sql`odata_trim(${a})`;
    default:
      return printTemporal(name, a, b);
  }
}

// A prefix of a property is a range, which an index can serve: from the prefix itself up to the first text that no longer has it.
function printPrefix(value: Expression, prefix: Expression, print: Print): Statement {
  const a = print(value);
  if (value.kind !== "property" || prefix.kind !== "constant" || typeof prefix.value !== "string") {
    return sql`(odata_position(${a}, ${print(prefix)}) = 1)`;
  }
  const end = textAfter(prefix.value);
  if (end === undefined) return sql`(${a} >= cast(${prefix.value} as text))`;
  return sql`(${a} >= cast(${prefix.value} as text) and ${a} < cast(${end} as text))`;
}

/** The first text, in the order of code points, behind all those with a prefix; undefined when there is none. */
export function textAfter(prefix: string): string | undefined {
  const points = [...prefix];
  while (points.length > 0) {
    const last = points.pop()?.codePointAt(0) ?? 0;
    // Surrogates are no characters of their own.
    if (last < 0x10ffff) return points.join("") + String.fromCodePoint(last === 0xd7ff ? 0xe000 : last + 1);
  }
  return undefined;
}

// Instants are text of one form, 2026-11-23T13:20:00.000Z, so their parts stand at fixed places.
function printTemporal(name: FunctionName, a: Statement, b: Statement): Statement {
  switch (name) {
    case "year":
      return part(a, 1, 4);
    case "month":
      return part(a, 6, 2);
    case "day":
      return part(a, 9, 2);
    case "hour":
      return part(a, 12, 2);
    case "minute":
      return part(a, 15, 2);
    case "second":
      return part(a, 18, 2);
    case "fractionalseconds":
      return sql`cast('0.' || replace(substr(${a}, 21), 'Z', '') as double precision)`;
    case "date":
      return sql`substr(${a}, 1, 10)`;
    case "time":
      return sql`substr(${a}, 12, 12)`;
    case "totaloffsetminutes":
      return sql`(case when ${a} is null then null else 0 end)`;
    case "addseconds":
      return sql`odata_add_seconds(${a}, ${b})`;
    case "secondsbetween":
      return sql`odata_seconds_between(${a}, ${b})`;
    case "round":
      return sql`odata_round(${a})`;
    case "floor":
      return sql`floor(${a})`;
    case "ceiling":
      return sql`ceil(${a})`;
    default:
      return sql`(${a})`;
  }
}

function part(instant: Statement, from: number, length: number): Statement {
  return sql`cast(substr(${instant}, ${raw(String(from))}, ${raw(String(length))}) as integer)`;
}
