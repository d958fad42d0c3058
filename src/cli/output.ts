import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { styleText } from "node:util";
import { Option } from "commander";
import { printCell, valueAt } from "./columns.ts";
import { drawColumns, drawTable } from "./table.ts";

/** How results are printed. */
const formats = ["table", "json", "ndjson", "csv"] as const;
export type Format = (typeof formats)[number];

/** The option by which a command is told how to print. */
export function outputOption(byDefault: Format = "table"): Option {
  return new Option("--output <format>", "how to print").choices(formats).default(byDefault);
}

/** Prints rows in a format: json and ndjson whole, tables and CSV by the paths of their columns. */
export async function printRows(
  rows: Iterable<object> | AsyncIterable<object>,
  format: Format,
  columns: readonly string[],
  file?: string,
): Promise<void> {
  const widthMax = file === undefined ? process.stdout.columns : undefined;
  const texts = Readable.from(textsOf(rows, { format, columns, widthMax }));
  if (file === undefined) await pipeline(texts, process.stdout, { end: false });
  else await pipeline(texts, createWriteStream(file));
}

/** Prints one thing: as a table, one line for each of its paths. */
export async function printOne(value: object, format: Format, columns: readonly string[]): Promise<void> {
  if (format === "csv" || format === "ndjson") return printRows([value], format, columns);
  if (format === "json") return write(`${JSON.stringify(value, null, 2)}\n`);
  const given = columns.filter((path) => printCell(valueAt(value, path)) !== "");
  write(await drawTable(given.map((path) => [styled("bold", path), visible(printCell(valueAt(value, path)))])));
}

/** Tells the user what goes on. It is no result, so it goes where results do not. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Gives a text a style where the terminal shows it, and nowhere else. */
export function styled(style: "bold" | "dim" | "red" | "green" | "yellow", text: string): string {
  return styleText(style, text, { stream: process.stdout });
}

interface Printing {
  readonly format: Format;
  readonly columns: readonly string[];
  /** How wide the terminal is, where there is one. */
  readonly widthMax: number | undefined;
}

async function* textsOf(
  rows: Iterable<object> | AsyncIterable<object>,
  { format, columns, widthMax }: Printing,
): AsyncGenerator<string, void> {
  const cells = (row: object) => columns.map((path) => printCell(valueAt(row, path)));
  if (format === "table") {
    const drawn: string[][] = [];
    for await (const row of rows) drawn.push(cells(row).map(visible));
    yield await drawColumns(columns, drawn, { widthMax, style: (head) => styled("bold", head) });
    return;
  }
  if (format === "csv") {
    const { stringify } = await import("csv-stringify/sync");
    yield stringify([[...columns]]);
    for await (const row of rows) yield stringify([cells(row)]);
    return;
  }
  let before = "[\n";
  for await (const row of rows) {
    if (format === "ndjson") yield `${JSON.stringify(row)}\n`;
    else {
      yield before + JSON.stringify(row, null, 2);
      before = ",\n";
    }
  }
  if (format === "json") yield before === ",\n" ? "\n]\n" : "[]\n";
}

// What customers are called is foreign text: it must not steer the terminal.
function visible(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]/gu, "\u2423");
}

function write(text: string): void {
  process.stdout.write(text);
}
