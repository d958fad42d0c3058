import type { ConstantValue, Expression, OrderKey, Query } from "../model/query.ts";
import { aliasOf, mayBeNull, printValue, type Surroundings } from "./expression.ts";
import { withoutImplied } from "./implied.ts";
import { columnsShown } from "./shown-columns.ts";
import { join, name, raw, type Statement, sql } from "./sql.ts";
import { columnName } from "./tables.ts";

/** An order key, and where its value stands in a row. */
interface KeyColumn extends OrderKey {
  readonly column: string;
  /** Whether it is read anyway, since it is shown. */
  readonly isShown: boolean;
}

/** The columns of the order keys: one that is shown, or else one of the key's own. */
export function keyColumns(query: Pick<Query, "type" | "shown" | "orderBy">): readonly KeyColumn[] {
  const { names } = columnsShown(query);
  return (query.orderBy ?? []).map((key, index) => {
    const { expression } = key;
    const isColumn = expression.kind === "property" && expression.variable === 0;
    const column = isColumn ? columnName(expression.path) : "";
    return names.has(column) ? { ...key, column, isShown: true } : { ...key, column: `key${index}`, isShown: false };
  });
}

/** Prints the columns that keys have of their own. */
export function printKeys(query: Query, around: Surroundings): readonly Statement[] {
  return keyColumns(query).flatMap(({ expression, column, isShown }) =>
    isShown ? [] : [sql`${printValue(expression, around)} as ${name(column)}`],
  );
}

/**
 * Prints an order. Null is lower than any value; the id, in the direction of the last key, makes the order a total one:
 * read forwards or backwards, it is that of an index on a column and the id.
 */
export function printOrder(query: Query): Statement {
  const keys = keyColumns(query).map(({ direction, column, isShown }) => {
    const key = isShown ? sql`${aliasOf(0)}.${name(column)}` : name(column);
    return sql`${key} ${raw(direction === "asc" ? "asc nulls first" : "desc nulls last")}`;
  });
  return join([...keys, sql`${aliasOf(0)}."id" ${raw(idDirection(query.orderBy ?? []))}`], ", ");
}

/** A range of the first order key, and what a filter still has to say of the rows in it. */
export interface Stretch {
  readonly range: Statement;
  readonly filter: Expression | undefined;
}

/**
 * Parts what is behind a cursor into stretches of the order, one behind the other. Each is a range that an index can
 * serve; where null is a value of the key, what is behind the cursor may be two ranges, and no index serves an `or`.
 */
export function stretchesBehind(
  { orderBy = [], filter }: Query,
  after: readonly ConstantValue[],
  around: Surroundings,
): readonly Stretch[] {
  const id: Expression = { kind: "property", variable: 0, path: ["id"], type: "string", nullable: false };
  const [first, ...keys] = [...orderBy, { expression: id, direction: idDirection(orderBy) }];
  const [value = null, ...values] = after;
  if (first === undefined) return [];
  const a = printValue(first.expression, around);
  if (value === null) {
    const behind = { range: sql`(${a} is null and ${printBehind(keys, values, around)})`, filter };
    return first.direction === "asc" ? [behind, { range: sql`${a} is not null`, filter }] : [behind];
  }
  const behind = {
    range: printBehindValue(first, value, { keys, values }, around),
    filter: filter && withoutImplied(filter, first, value),
  };
  const isLast = first.direction === "asc" || !mayBeNull(first.expression);
  return isLast ? [behind] : [behind, { range: sql`${a} is null`, filter }];
}

function idDirection(orderBy: readonly OrderKey[]): "asc" | "desc" {
  return orderBy.at(-1)?.direction ?? "asc";
}

interface Rest {
  readonly keys: readonly OrderKey[];
  readonly values: readonly ConstantValue[];
}

function printBehindValue(
  { expression, direction }: OrderKey,
  value: string | number | boolean,
  { keys, values }: Rest,
  around: Surroundings,
): Statement {
  const a = printValue(expression, around);
  const sign = raw(direction === "asc" ? ">" : "<");
  const [next, ...others] = keys;
  if (next === undefined) return sql`${a} ${sign} ${printBare(value)}`;
  // The last key is the id, in the direction of the one before it and never null: both are one range.
  if (others.length === 0) {
    return sql`(${a}, ${printValue(next.expression, around)}) ${sign} (${printBare(value)}, ${values[0] ?? ""})`;
  }
  const x = printBound(value);
  return sql`(${a} ${sign}= ${x} and (${a} ${sign} ${x} or ${printBehind(keys, values, around)}))`;
}

/** Holds for what comes after some values: by the first key, or, where that is equal, by the second, and so on. */
function printBehind(keys: readonly OrderKey[], values: readonly ConstantValue[], around: Surroundings): Statement {
  const alternatives = keys.map((key, index) => {
    const equal = keys.slice(0, index).map((each, at) => printSame(each, values[at] ?? null, around));
    return sql`(${join([...equal, printLater(key, values[index] ?? null, around)], " and ")})`;
  });
  return sql`(${join(alternatives, " or ")})`;
}

function printSame({ expression }: OrderKey, value: ConstantValue, around: Surroundings): Statement {
  const a = printValue(expression, around);
  return value === null ? sql`${a} is null` : sql`${a} = ${printBound(value)}`;
}

function printLater({ expression, direction }: OrderKey, value: ConstantValue, around: Surroundings): Statement {
  const a = printValue(expression, around);
  if (direction === "asc") return value === null ? sql`${a} is not null` : sql`${a} > ${printBound(value)}`;
  if (value === null) return raw("false");
  return mayBeNull(expression) ? sql`(${a} < ${printBound(value)} or ${a} is null)` : sql`${a} < ${printBound(value)}`;
}

// SQLite follows an index by a row of values only if they are bound as they are; PostgreSQL knows their types by the row
// that they are held against.
function printBare(value: string | number | boolean): Statement {
  return typeof value === "boolean" ? printBound(value) : sql`${value}`;
}

function printBound(value: string | number | boolean): Statement {
  if (typeof value === "boolean") return raw(value ? "true" : "false");
  return typeof value === "number" ? sql`cast(${value} as double precision)` : sql`cast(${value} as text)`;
}
