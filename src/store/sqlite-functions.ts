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
  connection.function("odata_round", options, (value: unknown) =>
    typeof value === "number" ? Math.sign(value) * Math.round(Math.abs(value)) : null,
  );
  connection.function("odata_add_seconds", options, addSeconds);
  connection.function("odata_seconds_between", options, (a: unknown, b: unknown) =>
    typeof a === "string" && typeof b === "string" ? (Date.parse(a) - Date.parse(b)) / 1000 : null,
  );
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
  const moved = new Date(Date.parse(instant) + Math.round(seconds * 1000));
  return Number.isNaN(moved.getTime()) ? null : moved.toISOString();
}

function* itemsOf(json: unknown): Generator<[string]> {
  const items: unknown = typeof json === "string" ? JSON.parse(json) : [];
  if (!Array.isArray(items)) return;
  for (const item of items) yield [typeof item === "string" ? item : JSON.stringify(item)];
}
