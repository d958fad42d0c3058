import type SqliteDatabase from "better-sqlite3";

/** White space of Unicode, as both engines trim it. */
const spaces = "\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const trimPattern = new RegExp(`^[${spaces}]+|[${spaces}]+$`, "g");

/** Gives a connection the functions that the SQL of filters uses and SQLite has not, or has for ASCII alone. */
export function registerFunctions(connection: SqliteDatabase.Database): void {
  const options = { deterministic: true };
  connection.function(
    "odata_lower",
    options,
    ofText((text) => text.toLowerCase()),
  );
  connection.function(
    "odata_upper",
    options,
    ofText((text) => text.toUpperCase()),
  );
  connection.function(
    "odata_trim",
    options,
    ofText((text) => text.replace(trimPattern, "")),
  );
  connection.function("odata_position", options, (text: unknown, part: unknown) =>
    typeof text === "string" && typeof part === "string" ? positionOf(text, part) : null,
  );
  connection.function("odata_substring", { ...options, varargs: true }, substring);
  connection.function("odata_ends_with", options, (text: unknown, part: unknown) =>
    typeof text === "string" && typeof part === "string" ? Number(text.endsWith(part)) : null,
  );
  for (const [name, calculate] of Object.entries(calculations)) {
    connection.function(name, options, (a: unknown, b: unknown) =>
      typeof a === "number" && typeof b === "number" ? calculate(a, b) : null,
    );
  }
  connection.function("odata_has_subset", options, ofTexts(hasSubset));
  connection.function("odata_has_subsequence", options, ofTexts(hasSubsequence));
  connection.function("odata_round", options, (value: unknown) =>
    typeof value === "number" ? Math.sign(value) * Math.round(Math.abs(value)) : null,
  );
  connection.function("odata_add_seconds", options, addSeconds);
  connection.function("odata_seconds_between", options, (a: unknown, b: unknown) =>
    typeof a === "string" && typeof b === "string" ? (instantOf(a) - instantOf(b)) / 1000 : null,
  );
  for (const [name, read] of Object.entries(collected)) {
    connection.aggregate(name, {
      deterministic: true,
      start: (): readonly unknown[] => [],
      step: (items: readonly unknown[], item: unknown) => [...items, read(item)],
      result: (items: readonly unknown[]) => JSON.stringify(items),
    });
  }
  connection.function("odata_json", options, (text: unknown) => text);
  for (const name of ["odata_texts", "odata_items"]) {
    connection.table(name, { columns: ["value"], parameters: ["json"], rows: itemsOf });
  }
}

function ofText(map: (text: string) => string) {
  return (text: unknown) => (typeof text === "string" ? map(text) : null);
}

/** The place of a part in a text, counted in characters from 1; 0 when it is not in it. */
function positionOf(text: string, part: string): number {
  const index = text.indexOf(part);
  return index < 0 ? 0 : [...text.slice(0, index)].length + 1;
}

// A start before the beginning counts from the end (OData URL Conventions 5.1.1.5.7).
function substring(...values: readonly unknown[]): string | null {
  const [text, start, length] = values;
  if (typeof text !== "string" || typeof start !== "number") return null;
  if (values.length > 2 && typeof length !== "number") return null;
  const points = [...text];
  const from = start < 0 ? Math.max(points.length + Math.trunc(start), 0) : Math.trunc(start);
  return points.slice(from, typeof length === "number" ? from + Math.max(Math.trunc(length), 0) : undefined).join("");
}

function addSeconds(instant: unknown, seconds: unknown): string | null {
  if (typeof instant !== "string" || typeof seconds !== "number") return null;
  const moved = new Date(instantOf(instant) + Math.floor(seconds * 1000 + 0.5));
  if (Number.isNaN(moved.getTime()) || moved.getUTCFullYear() < 1 || moved.getUTCFullYear() > 9999) return null;
  return moved.toISOString();
}

// What is finer than a millisecond stands behind the Z.
function instantOf(text: string): number {
  return Date.parse(text.slice(0, 24));
}

const largest = 1e300;
const smallest = 1e-300;

/** What is larger than `largest` is null, as is a division by zero; what is smaller than `smallest` is 0. */
const calculations: Readonly<Record<string, (a: number, b: number) => number | null>> = {
  odata_add: (a, b) => (Math.abs(a) > largest || Math.abs(b) > largest ? null : a + b),
  odata_multiply: multiply,
  odata_divide: divide,
  odata_modulo: (a, b) => {
    const quotient = divide(a, b);
    const whole = quotient === null ? null : multiply(Math.trunc(quotient), b);
    return whole === null ? null : a - whole;
  },
};

function multiply(a: number, b: number): number | null {
  if (Math.abs(b) > 1 && Math.abs(a) > largest / Math.abs(b)) return null;
  return b !== 0 && Math.abs(b) < 1 && Math.abs(a) < smallest / Math.abs(b) ? 0 : a * b;
}

function divide(a: number, b: number): number | null {
  if (b === 0 || (Math.abs(b) < 1 && Math.abs(a) > largest * Math.abs(b))) return null;
  return Math.abs(b) > 1 && Math.abs(a) < Math.abs(b) * smallest ? 0 : a / b;
}

function ofTexts(map: (whole: readonly unknown[], part: readonly unknown[]) => boolean) {
  return (whole: unknown, part: unknown) => {
    if (typeof whole !== "string" || typeof part !== "string") return null;
    return Number(map([...itemsOf(whole)].flat(), [...itemsOf(part)].flat()));
  };
}

function hasSubset(whole: readonly unknown[], part: readonly unknown[]): boolean {
  const count = (items: readonly unknown[], item: unknown) => items.filter((each) => each === item).length;
  return part.every((item) => count(whole, item) >= count(part, item));
}

function hasSubsequence(whole: readonly unknown[], part: readonly unknown[]): boolean {
  let found = 0;
  for (const item of whole) if (found < part.length && item === part[found]) found += 1;
  return found === part.length;
}

/** What makes a JSON array of rows again, and how it reads an item. */
const collected: Readonly<Record<string, (item: unknown) => unknown>> = {
  odata_collect_texts: String,
  odata_collect_items: (item) => JSON.parse(String(item)),
};

function* itemsOf(json: unknown): Generator<[string]> {
  const items: unknown = typeof json === "string" ? JSON.parse(json) : [];
  if (!Array.isArray(items)) return;
  for (const item of items) yield [typeof item === "string" ? item : JSON.stringify(item)];
}
