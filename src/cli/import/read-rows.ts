import { valueAt } from "../columns.ts";
import { ConfigurationError } from "../setting.ts";
import { readCsvRows } from "./csv-rows.ts";
import type { ImportRow, RowFault } from "./import-row.ts";
import { readNdjsonRows } from "./ndjson-rows.ts";

/** Values that no two rows may have alike. */
const unique = ["companyProfile/domain", "externalId"] as const;

/** Reads the rows of a file by the format that its name says, each compared with those before it. */
export async function* readRows(file: string): AsyncGenerator<ImportRow, void> {
  const seen = new Map<string, number>();
  for await (const row of readerOf(file)(file)) {
    const twins = unique.flatMap((path) => {
      const value = readText(row, path);
      if (value === undefined) return [];
      const known = seen.get(`${path}=${value}`);
      seen.set(`${path}=${value}`, known ?? row.line);
      return known === undefined ? [] : [twinFault(row, path, known)];
    });
    yield twins.length === 0 ? row : { ...row, faults: [...row.faults, ...twins] };
  }
}

/** Counts the rows of a file. */
export async function countRows(file: string): Promise<number> {
  let count = 0;
  for await (const _row of readRows(file)) count += 1;
  return count;
}

function readerOf(file: string): (file: string) => AsyncGenerator<ImportRow, void> {
  if (/\.csv$/i.test(file)) return readCsvRows;
  if (/\.(?:ndjson|jsonl)$/i.test(file)) return readNdjsonRows;
  throw new ConfigurationError(`'${file}' must end in .csv, .ndjson or .jsonl, which says how it is to be read.`);
}

function readText({ values }: ImportRow, path: string): string | undefined {
  const value = valueAt(values, path);
  return typeof value === "string" ? value.toLowerCase() : undefined;
}

function twinFault(row: ImportRow, path: string, line: number): RowFault {
  const message = `Line ${line} has the same '${path}'. Each row needs one of its own.`;
  return { ...row.locate(path), code: "duplicateRow", message };
}
