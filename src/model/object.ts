/**
 * Makes an object whose properties, all null, have their places from the start: to copy it and to fill the copy takes a
 * tenth of the time, and of the garbage, of adding one property after the other, as soon as there are more than a few.
 */
export function objectOf(names: readonly string[]): Readonly<Record<string, unknown>> {
  // What was parsed has its properties in the object itself, while what grew has them in lists beside it.
  return JSON.parse(`{${names.map((name) => `${JSON.stringify(name)}:null`).join(",")}}`);
}
