import { closeSync, createReadStream, openSync, readSync } from "node:fs";
import { CsvError, parse } from "csv-parse";
import type { Values } from "../../model/define.ts";
import { adviceOn, findColumn } from "../bodies.ts";
import { CellError, type Column, parseCell, withValue } from "../columns.ts";
import { ConfigurationError } from "../setting.ts";
import type { ImportRow, RowFault } from "./import-row.ts";

const firstBytesMax = 65_536;

/** A record as the parser gives it, and up to which line it has read. */
interface Parsed {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/**
 * Reads a file of CSV (RFC 4180): the first line names the columns by their paths, separated by commas, semicolons or
 * tabs. An empty cell says nothing. A column that no customer has is a ConfigurationError.
 */
export async function* readCsvRows(file: string): AsyncGenerator<ImportRow, void> {
  const parser = parse({ info: true, bom: true, relax_column_count: true, delimiter: findDelimiter(file) });
  createReadStream(file)
    .on("error", (error) => parser.destroy(error))
    .pipe(parser);
  let columns: readonly Column[] | undefined;
  let linesRead = 0;
  try {
    for await (const parsed of parser) {
      const { record, info }: Parsed = parsed;
      const line = linesRead + 1;
      linesRead = info.lines;
      if (columns === undefined) columns = readHeader(file, record);
      else if (record.some((cell) => cell !== "")) yield readRow(columns, record, line);
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // What follows cannot be told apart any more.
    yield unreadable(linesRead + 1, error.message);
  }
}

function readHeader(file: string, names: readonly string[]): readonly Column[] {
  const columns = names.map((name) => findColumn(name.trim()));
  const complaints = names.flatMap((name, index) => {
    const column = columns[index];
    const place = `${file}, line 1, column ${index + 1}: `;
    if (column === undefined) return [place + adviceOn(name.trim())];
    if (!column.isSettable) return [`${place}'${name}' is set by the server. Leave the column out.`];
    return names.indexOf(name) < index ? [`${place}'${name}' stands there twice.`] : [];
  });
  if (complaints.length > 0) throw new ConfigurationError(complaints.join("\n"));
  return columns.filter((column) => column !== undefined);
}

function readRow(columns: readonly Column[], cells: readonly string[], line: number): ImportRow {
  const faults: RowFault[] = [];
  let values: Values = {};
  for (const [index, { path, kind }] of columns.entries()) {
    const text = cells[index] ?? "";
    if (text === "") continue;
    try {
      values = withValue(values, path, parseCell(text, kind));
    } catch (error) {
      if (!(error instanceof CellError)) throw error;
      const message = `'${path}' ${error.message}`;
      faults.push({ line, column: index + 1, path, code: "malformedValue", message });
    }
  }
  if (cells.length > columns.length) {
    const message = `The row has ${cells.length} cells, and there are ${columns.length} columns. Is a quotation mark missing?`;
    faults.push({ line, column: columns.length + 1, path: null, code: "malformedRow", message });
  }
  return { line, values, faults, locate: (path) => locate(columns, line, path) };
}

function locate(columns: readonly Column[], line: number, path: string | undefined) {
  const index = columns.findIndex((column) => column.path === path);
  return { line, column: index < 0 ? null : index + 1, path: path ?? null };
}

function unreadable(line: number, message: string): ImportRow {
  const place = { line, column: null, path: null };
  return { line, values: undefined, faults: [{ ...place, code: "malformedCsv", message }], locate: () => place };
}

// Spreadsheets write what their country has for a comma; no path has any of these in it.
function findDelimiter(file: string): string {
  const bytes = Buffer.alloc(firstBytesMax);
  const descriptor = openSync(file, "r");
  const length = readSync(descriptor, bytes, 0, firstBytesMax, 0);
  closeSync(descriptor);
  const [first = ""] = bytes.toString("utf8", 0, length).split(/\r?\n/, 1);
  return [";", "\t"].find((delimiter) => first.includes(delimiter)) ?? ",";
}
