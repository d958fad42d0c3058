/** Gives the name under which the code may use a value. */
export type Refer = (value: unknown) => string;

/**
 * Makes a function of an expression of JavaScript that is written for it. What makes the same kind of object over and over
 * is several times as fast with the properties written out as with a loop over their names, and leaves less garbage.
 * The expression is written by the code that asks for it: names stand in it as `quote` prints them, values by reference.
 */
export function compile<Made>(parameters: string, write: (refer: Refer) => string): Made {
  const values: unknown[] = [];
  const refer: Refer = (value) => `value${values.push(value) - 1}`;
  const expression = write(refer);
  const names = values.map((_, index) => `value${index}`);
  return new Function(...names, `"use strict"; return (${parameters}) => (${expression});`)(...values);
}

/** Prints a name as code: a text in quotes. */
export function quote(name: string): string {
  return JSON.stringify(name);
}

/** Prints an object as code. */
export function printObject(properties: readonly (readonly [name: string, code: string])[]): string {
  return `{${properties.map(([name, code]) => `${quote(name)}: ${code}`).join(", ")}}`;
}
