import { isValues, type Values } from "../model/define.ts";
import type { ItemQuery } from "../model/query.ts";
import type { Row } from "./database.ts";
import { printCondition, printValue, type Surroundings, sourceOf } from "./expression.ts";
import { join, raw, type Statement, sql } from "./sql.ts";

const variable = 1;
const everything = 2_147_483_647;

/** Prints, for each collection of which only some items are asked for, a column of these and one of their number. */
export function printItemColumns(items: readonly ItemQuery[], around: Surroundings): readonly Statement[] {
  return items.flatMap((query, index) => {
    const { from, where, place } = sourceOf(query.over, variable, around);
    const within = { ...around, places: new Map(around.places).set(variable, place) };
    const condition = query.filter === undefined ? where : sql`${where} and ${printCondition(query.filter, within)}`;
    const collect = raw(query.over.items === "text" ? "odata_collect_texts" : "odata_collect_items");
    const { top = everything, skip = 0 } = query;
    const chosen = sql`select "v1"."value" from ${from} where ${condition}${printOrder(query, within)}
      limit cast(${Math.min(top, everything)} as integer) offset cast(${Math.min(skip, everything)} as integer)`;
    return [
      sql`(select cast(${collect}(i."value") as text) from (${chosen}) as i) as ${raw(`"items${index}"`)}`,
      sql`(select count(*) from ${from} where ${condition}) as ${raw(`"count${index}"`)}`,
    ];
  });
}

function printOrder({ orderBy }: ItemQuery, within: Surroundings): Statement {
  if (orderBy.length === 0) return raw("");
  const keys = orderBy.map(({ expression, direction }) => {
    const nulls = direction === "asc" ? "nulls first" : "nulls last";
    // A constant is no order to PostgreSQL, but what is worked out is.
    return sql`(case when true then ${printValue(expression, within)} end) ${raw(`${direction} ${nulls}`)}`;
  });
  return sql` order by ${join(keys, ", ")}`;
}

/** Puts the items of a row into an entity, in place of all items; their number stands beside them. */
export function withItems<T extends Values>(entity: T, items: readonly ItemQuery[], row: Row): T {
  return items.reduce((whole, { over, count }, index) => {
    const shown: unknown = JSON.parse(String(row[`items${index}`]));
    return replaceAt(whole, over.path, shown, count ? Number(row[`count${index}`]) : undefined);
  }, entity);
}

function replaceAt<T extends Values>(
  values: T,
  [name = "", ...rest]: readonly string[],
  items: unknown,
  count?: number,
): T {
  const inner = values[name] ?? null;
  if (inner === null) return values;
  if (rest.length > 0) return isValues(inner) ? { ...values, [name]: replaceAt(inner, rest, items, count) } : values;
  return { ...values, [name]: items, ...(count === undefined ? {} : { [`${name}@odata.count`]: count }) };
}
