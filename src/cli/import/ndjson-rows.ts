import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { isValues, type Values } from "../../model/define.ts";
import type { ImportRow, RowFault } from "./import-row.ts";

/** Reads a file of NDJSON: each line is a customer as the body of its creation. Empty lines say nothing. */
export async function* readNdjsonRows(file: string): AsyncGenerator<ImportRow, void> {
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
  let line = 0;
  for await (const text of lines) {
    line += 1;
    if (text.trim() !== "") yield readRow(line === 1 ? text.replace(/^\uFEFF/, "") : text, line);
  }
}

function readRow(text: string, line: number): ImportRow {
  const locate = (path: string | undefined) => ({ line, column: null, path: path ?? null });
  const { values, fault } = parseLine(text);
  if (values !== undefined) return { line, values, faults: [], locate };
  return { line, values: undefined, faults: [{ line, path: null, ...fault }], locate };
}

type Parsed =
  | { readonly values: Values; readonly fault?: never }
  | { readonly values?: never; readonly fault: Pick<RowFault, "column" | "code" | "message"> };

function parseLine(text: string): Parsed {
  try {
    const values: unknown = JSON.parse(text);
    if (isValues(values)) return { values };
    return { fault: { column: 1, code: "malformedRow", message: "The line must hold one object." } };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const [, position] = /position (\d+)/.exec(message) ?? [];
    const column = position === undefined ? null : Number(position) + 1;
    return { fault: { column, code: "malformedJson", message } };
  }
}
