import { andEach, fromEach, type Statement, same, type Value } from "./sql.ts";

/** The form of a statement in which it runs for many sets of values at once. The first parameter holds the sets. */
export interface Together {
  readonly text: string;
  /** The places whose value is that of the first set: the parameters that follow. */
  readonly shared: readonly number[];
}

/**
 * Prints the form for many sets of values, or gives undefined when a statement is made for one. The sets come in one
 * document: an array for each of forty columns takes PostgreSQL longer. They are taken apart before all else (`offset 0`),
 * as rows that a policy guards are not looked up by what is not leakproof, such as `->>` (its documentation, 41.5).
 */
export function printTogether(texts: readonly string[]): Together | undefined {
  const [from, and, shares] = [textOf(fromEach), textOf(andEach), textOf(same)];
  if (!texts.some((text) => text.includes(from) || text.includes(and))) return undefined;
  const places = texts.slice(1).map((_, place) => place);
  const shared = places.filter((place) => texts[place]?.endsWith(shares) === true);
  const columns = places.filter((place) => !shared.includes(place)).map((place) => `"set" ->> ${place} as c${place}`);
  const sets = `jsonb_array_elements(cast($1 as jsonb)) as "sets" ("set")`;
  const rows = `(select ${columns.join(", ")} from ${sets} offset 0) as "each"`;
  const whole = texts.reduce((before, text, index) => before + printPlace(index - 1) + text, "");
  return { text: whole.replace(from, ` from ${rows} `).replace(and, `, ${rows} `), shared };

  function printPlace(place: number): string {
    if (place < 0) return "";
    return shared.includes(place) ? `$${shared.indexOf(place) + 2}` : `"each".c${place}`;
  }
}

/** The parameters of the form for many sets of values. */
export function valuesTogether({ shared }: Together, sets: readonly Statement[]): Value[] {
  return [JSON.stringify(sets.map(({ values }) => values)), ...shared.map((place) => sets[0]?.values[place] ?? null)];
}

function textOf({ texts }: Statement): string {
  return texts[0] ?? "";
}
