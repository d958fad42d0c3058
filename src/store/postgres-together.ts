import { andEach, fromEach, type Statement, same, type Value } from "./sql.ts";

/** The form of a statement in which it runs for many sets of values at once. */
export interface Together {
  readonly text: string;
  /** Of which places in a set there is an array with the values of all sets, in the order of the first parameters. */
  readonly arrays: readonly number[];
  /** And the places whose value is that of the first set, which follow. */
  readonly shared: readonly number[];
}

/** Prints the form for many sets of values, or gives undefined when a statement is made for one. */
export function printTogether(texts: readonly string[]): Together | undefined {
  const [from, and, shares] = [textOf(fromEach), textOf(andEach), textOf(same)];
  if (!texts.some((text) => text.includes(from) || text.includes(and))) return undefined;
  const places = texts.slice(1).map((_, place) => place);
  const isShared = (place: number) => texts[place]?.endsWith(shares) === true;
  const [shared, arrays] = [places.filter(isShared), places.filter((place) => !isShared(place))];
  const parameters = arrays.map((_, index) => `cast($${index + 1} as text[])`);
  const columns = arrays.map((place) => `c${place}`);
  const rows = `unnest(${parameters.join(", ")}) as "each" (${columns.join(", ")})`;
  const whole = texts.reduce((before, text, index) => before + printPlace(index - 1) + text, "");
  return { text: whole.replace(from, ` from ${rows} `).replace(and, `, ${rows} `), arrays, shared };

  function printPlace(place: number): string {
    if (place < 0) return "";
    return isShared(place) ? `$${arrays.length + shared.indexOf(place) + 1}` : `"each".c${place}`;
  }
}

/** The parameters of the form for many sets of values. */
export function valuesTogether({ arrays, shared }: Together, sets: readonly Statement[]): Value[] {
  // Where no set has a value, no array is needed: `unnest` fills up with null to the longest.
  const columns = arrays.map((place) =>
    sets.every(({ values }) => values[place] === null) ? null : printArray(sets, place),
  );
  return [...columns, ...shared.map((place) => sets[0]?.values[place] ?? null)];
}

// An array as PostgreSQL reads it (its documentation, 8.15.2). A text in quotes can hold anything but these two.
function printArray(sets: readonly Statement[], place: number): string {
  let printed = "";
  for (const { values } of sets) {
    const value = values[place] ?? null;
    if (printed !== "") printed += ",";
    if (value === null) printed += "NULL";
    else if (typeof value !== "string") printed += String(value);
    else printed += `"${/["\\]/.test(value) ? escapeQuoted(value) : value}"`;
  }
  return `{${printed}}`;
}

// One replacement of plain text after the other takes half the time of one by a pattern.
function escapeQuoted(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
}

function textOf({ texts }: Statement): string {
  return texts[0] ?? "";
}
