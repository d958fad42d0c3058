import { createHash, randomUUID } from "node:crypto";
import { closeSync, openSync, readFileSync, renameSync, truncateSync, writeFileSync, writeSync } from "node:fs";
import type { Repeatability } from "../../client/client.ts";
import { isValues, type Values } from "../../model/define.ts";
import { ConfigurationError } from "../setting.ts";
import type { ImportRow, RowFault } from "./import-row.ts";

/** What became of a row. */
export type Outcome =
  | { readonly outcome: "created"; readonly id: string; readonly operationId: string }
  | { readonly outcome: "exists"; readonly id: string }
  | { readonly outcome: "faulty"; readonly faults: readonly RowFault[] };

/** The report of an import. What it says of a row survives the end of the process, however it ends. */
export interface Report {
  /** What became of a row in this run or one before; undefined: it has still to be imported. */
  find(row: ImportRow): Outcome | undefined;
  record(outcomes: readonly (readonly [ImportRow, Outcome])[]): void;
  /** By what the request of a row is known again, in this run and the next ones. */
  repeatabilityOf(row: ImportRow): Repeatability;
  /** Writes it anew with one line for each row, in the order of the file. */
  finish(): void;
  close(): void;
}

interface Header {
  readonly import: string;
  readonly startedDateTime: string;
  readonly server: string;
}

// The service knows a request again for 24 hours.
const repeatabilityHours = 23;

/** Opens the report of an import on a server, and goes on with the one that is there. */
export function openReport(file: string, server: string): Report {
  const { header, outcomes } = readReport(file, server);
  const reported = new Map<string, string>();
  const descriptor = openSync(file, "a", 0o600);
  if (outcomes === undefined) writeSync(descriptor, `${JSON.stringify(header)}\n`);
  const print = (row: ImportRow, outcome: Outcome) => {
    const line = JSON.stringify({ line: row.line, row: digestOf(row), ...outcome });
    reported.set(digestOf(row) + row.line, line);
    return `${line}\n`;
  };
  return {
    find: (row) => {
      const known = row.faults.length > 0 ? undefined : outcomes?.get(digestOf(row));
      if (known !== undefined) print(row, known);
      return known;
    },
    // In one piece, so that at most the last line is cut off when the process is killed.
    record: (found) => writeSync(descriptor, found.map(([row, outcome]) => print(row, outcome)).join("")),
    repeatabilityOf: (row) => ({ requestId: requestIdOf(header, row), firstSent: firstSentOf(header) }),
    finish: () => {
      const lines = [...reported.values()].sort((a, b) => lineOf(a) - lineOf(b));
      writeFileSync(`${file}.new`, `${[JSON.stringify(header), ...lines].join("\n")}\n`, { mode: 0o600 });
      renameSync(`${file}.new`, file);
    },
    close: () => closeSync(descriptor),
  };
}

function readReport(file: string, server: string) {
  const [first, ...lines] = readLines(file);
  if (first === undefined) {
    const header: Header = { import: randomUUID(), startedDateTime: new Date().toISOString(), server };
    return { header, outcomes: undefined };
  }
  if (!isHeader(first)) throw notReport(file);
  if (first.server !== server) {
    throw new ConfigurationError(`${file} is about an import to ${first.server}. Name another with --report.`);
  }
  const finished = lines.flatMap((line) => {
    const outcome = readOutcome(line);
    return outcome === undefined ? [] : [[String(line["row"]), outcome] as const];
  });
  return { header: first, outcomes: new Map(finished) };
}

// The last line is cut off when the process was killed while it wrote: that row comes again, and the rest of the line goes.
function readLines(file: string): readonly Values[] {
  const text = readText(file);
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  if (whole.length < text.length) truncateSync(file, Buffer.byteLength(whole));
  return whole
    .split("\n")
    .slice(0, -1)
    .map((line) => parseLine(file, line));
}

function parseLine(file: string, line: string): Values {
  try {
    const json: unknown = JSON.parse(line);
    if (isValues(json)) return json;
  } catch {
    throw notReport(file);
  }
  throw notReport(file);
}

function notReport(file: string): ConfigurationError {
  return new ConfigurationError(`${file} is no report of an import. Name another with --report.`);
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}

function isHeader(value: Values): value is Values & Header {
  return ["import", "startedDateTime", "server"].every((name) => typeof value[name] === "string");
}

/** What is finished. A row that was faulty is tried again: what was wrong may be right by now. */
function readOutcome({ outcome, id, operationId }: Values): Outcome | undefined {
  if (typeof id !== "string") return undefined;
  if (outcome === "exists") return { outcome, id };
  return outcome === "created" ? { outcome, id, operationId: String(operationId) } : undefined;
}

/** A row is known again by what it says, wherever it stands. */
function digestOf({ values }: ImportRow): string {
  return createHash("sha256")
    .update(JSON.stringify(values ?? null))
    .digest("hex")
    .slice(0, 32);
}

function requestIdOf(header: Header, row: ImportRow): string {
  const hex = createHash("sha256")
    .update(`${header.import} ${digestOf(row)}`)
    .digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function firstSentOf({ startedDateTime }: Header): Date {
  const started = new Date(startedDateTime);
  return Date.now() - started.getTime() < repeatabilityHours * 3_600_000 ? started : new Date();
}

function lineOf(text: string): number {
  return Number(/^\{"line":(\d+)/.exec(text)?.[1]);
}
