import { type Door, openDoor, type Place, type Row } from "./place.ts";

/** Rows of one customer that the product itself has written, by table, and what of them is that customer's own. */
export interface Template {
  readonly rows: ReadonlyMap<string, readonly Row[]>;
  /** All its ids, and those of what belongs to it. */
  readonly ids: readonly string[];
  /** The first part of its domain, which stands in its name, its address and its externalId too. */
  readonly label: string;
}

/** How many rows there are of each customer: of the changes of an entity the first and the last. */
const tables = ["domains", "customerCreationOperations", "customers", "changes"] as const;

// A label begins with this and ends with seven digits. It has as many in a database of any size.
const labelStart = "s";
const labelDigits = 7;
// Names come in another order than ids: this is prime, and no divisor of any number of rows that is asked for.
const shuffle = 7_919;
// An id keeps its first 24 characters, which can be those of another id of the same millisecond: two digits tell them apart.
const idStart = 24;
const idDigits = 10;
/** How many customers have a name with the same prefix. */
const prefixSize = 1_000;

/** Reads the rows that the product wrote for the one customer of a database. */
export async function readTemplate(place: Place, partnerId: string, label: string): Promise<Template> {
  await using door = await openDoor(place);
  const rows = new Map<string, readonly Row[]>();
  for (const table of tables) rows.set(table, await readRows(door, table));
  const texts = [...rows.values()].flat().flatMap((row) => Object.values(row).map(String));
  const ids = new Set(texts.flatMap((text) => text.match(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/g) ?? []));
  return { rows, ids: [...ids].filter((id) => id !== partnerId), label };
}

async function readRows(door: Door, table: string): Promise<readonly Row[]> {
  if (table !== "changes") return door.read(`select * from "${table}"`);
  const all = await door.read(`select * from "changes" order by "position"`);
  const ofEntity = (row: Row) =>
    all.filter(({ entitySet, entityId }) => entitySet === row["entitySet"] && entityId === row["entityId"]);
  const kept = all.filter((row) => row === ofEntity(row)[0] || row === ofEntity(row).at(-1));
  // The database itself counts these.
  return kept.map(({ position: _position, transactionId: _transactionId, ...row }) => row);
}

/**
 * Copies a template into a database as often as is asked, with set-wise statements: the copies are what the product
 * writes, but for ids, names and domains of their own. Run on two databases it makes the same rows in both.
 */
export async function seed(place: Place, template: Template, count: number): Promise<void> {
  await using door = await openDoor(place);
  const tokens = tokensOf(template);
  // To build an index of rows that are there takes far less than to keep it up row by row.
  const indexes = await readIndexes(door, [...template.rows.keys()]);
  await door.run("begin");
  for (const { name } of indexes) await door.run(`drop index "${name}"`);
  for (const [table, rows] of template.rows) await door.run(copyStatement(door, table, rows, { tokens, count }));
  for (const { definition } of indexes) await door.run(String(definition));
  await door.run("commit");
  await door.run(door.engine === "sqlite" ? "analyze; pragma wal_checkpoint(truncate)" : "vacuum analyze");
}

/** The indexes of tables, without those that belong to a key. */
function readIndexes({ engine, read }: Door, names: readonly string[]): Promise<readonly Row[]> {
  const those = names.map(quote).join(", ");
  if (engine === "sqlite") {
    return read(`select name, sql as definition from sqlite_schema
      where type = 'index' and sql is not null and tbl_name in (${those})`);
  }
  return read(`select indexname as name, indexdef as definition from pg_indexes
    where schemaname = current_schema() and tablename in (${those})
      and not exists (select 1 from pg_constraint where conname = indexname)`);
}

/** The id of a copied customer. */
export function seededId(template: Template, index: number): string {
  const id = String(template.rows.get("customers")?.[0]?.["id"]);
  return copiedIdStart(template, id) + String(10 ** idDigits + index).slice(1);
}

/** Begins of names, each of which `prefixSize` copied customers have. */
export function seededPrefixes({ rows, label }: Template, count: number): readonly string[] {
  const name = String(rows.get("customers")?.[0]?.["companyProfile_companyName"]);
  const start = name.slice(0, name.indexOf(label)) + labelStart;
  const amount = Math.max(1, Math.floor(count / prefixSize));
  const digits = labelDigits - Math.log10(prefixSize);
  return Array.from({ length: amount }, (_, index) => start + String(10 ** digits + index).slice(1));
}

/** What is replaced in every text by what is a copy's own: the label, and each id but the partner's. */
function tokensOf(template: Template): ReadonlyMap<string, string> {
  const number = `cast(${10 ** labelDigits} + n * ${shuffle} % "amount" as text)`;
  const id = `substr(cast(${10 ** idDigits} + n as text), 2)`;
  return new Map([
    [template.label, `'${labelStart}' || substr(${number}, 2)`],
    ...template.ids.map((each) => [each, `'${copiedIdStart(template, each)}' || ${id}`] as const),
  ]);
}

function copiedIdStart(template: Template, id: string): string {
  return id.slice(0, idStart) + template.ids.indexOf(id).toString(16).padStart(2, "0");
}

function copyStatement(
  { engine }: Door,
  table: string,
  rows: readonly Row[],
  { tokens, count }: { readonly tokens: ReadonlyMap<string, string>; readonly count: number },
): string {
  // What is null in all rows is so by itself, and would have no type here.
  const columns = Object.keys(rows[0] ?? {}).filter((name) => rows.some((row) => row[name] !== null));
  const names = columns.map((name) => `"${name}"`);
  const found = new RegExp([...tokens.keys()].join("|"), "g");
  const places = new Map([...tokens.keys()].map((token, index) => [token, `"token${index}"`]));
  const own = [...tokens].map(([token, expression]) => `${expression} as ${places.get(token)}`);
  const print = (value: unknown) => {
    if (value instanceof Date)
      return engine === "sqlite" ? quote(value.toISOString()) : `timestamp ${quote(value.toISOString())}`;
    if (typeof value !== "string") return String(value);
    const [first = "", ...rest] = value.split(found);
    const matched = value.match(found) ?? [];
    const parts = rest.flatMap((text, index) => [places.get(matched[index] ?? "") ?? "", quote(text)]);
    return [quote(first), ...parts].filter((part) => part !== "''").join(" || ") || "''";
  };
  const copies = rows.map(
    (row, place) =>
      `select n, ${place} as "place", ${columns.map((name) => print(row[name])).join(", ")} from "copies"`,
  );
  return `insert into "${table}" (${names.join(", ")})
    with recursive "series" (n) as (select cast(0 as bigint) union all select n + 1 from "series" where n + 1 < ${count}),
    "copies" as (select n, ${own.join(", ")} from (select n, ${count} as "amount" from "series") as "numbered"),
    "rows" (n, "place", ${names.join(", ")}) as (${copies.join(" union all ")})
    select ${names.join(", ")} from "rows" order by n, "place"`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
