import type { Measurement } from "./load.ts";
import type { NotificationLatency } from "./w6-notifications.ts";

/** Both servers on one workload, one right after the other. */
export interface Round {
  readonly ours: Measurement;
  readonly limit: Measurement;
}

export interface Comparison {
  readonly engine: string;
  readonly workload: string;
  readonly meaning: string;
  readonly rounds: readonly Round[];
}

/** Everything that a run has measured, as it is written to the JSON file. */
export interface Report {
  readonly began: string;
  readonly machine: {
    readonly platform: string;
    readonly cpu: string;
    readonly cores: number;
    readonly node: string;
  };
  readonly settings: { readonly rounds: number; readonly seconds: number; readonly connections: number };
  readonly comparisons: Comparison[];
  /** W6, for each engine. */
  readonly notifications: (NotificationLatency & { readonly engine: string })[];
}

/** Prints a line about how far the run is, apart from the table. */
export function printLine(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Prints the medians of a run as a table in Markdown. */
export function printTable({ machine, settings, comparisons, notifications }: Report): string {
  const { rounds, seconds, connections } = settings;
  const rows = comparisons.map(rowOf);
  const meanings = new Map(comparisons.map(({ workload, meaning }) => [workload, meaning]));
  return [
    "",
    `${machine.cores} × ${machine.cpu}, Node ${machine.node}, ${machine.platform}; ${rounds} rounds of ${seconds} s, ${connections} connections.`,
    "Each figure is the median of the rounds, ours / limit; a ratio is the median of the ratios of each round, and its range.",
    ...[...meanings].map(([workload, meaning]) => `${workload}: ${meaning}.`),
    "",
    ...printRows([headings, headings.map(() => "---"), ...rows]),
    "",
    "CPU: of the server's process, for each unit; with backlog: what it did for them after the last answer included.",
    "Generator: how much of a core the load generator took; above 0.9 it, and not the server, limits the rate.",
    ...notifications.map(printNotifications),
    "",
  ].join("\n");
}

function printNotifications({ engine, samples, p50, p99, max }: Report["notifications"][number]): string {
  const figures = `p50 ${printNumber(p50, 1)} ms, p99 ${printNumber(p99, 1)} ms, longest ${printNumber(max, 1)} ms`;
  return `W6 on ${engine}: from a change to its notification, ${samples} times with nothing else to do: ${figures}.`;
}

const headings = [
  "engine",
  "workload",
  "units/s",
  "ratio",
  "p50 ms",
  "p99 ms",
  "p99 ratio",
  "CPU µs",
  "CPU µs with backlog",
  "backlog",
  "generator",
];

function rowOf({ engine, workload, rounds }: Comparison): readonly string[] {
  const both = (value: (measurement: Measurement) => number, digits: number) =>
    [rounds.map(({ ours }) => value(ours)), rounds.map(({ limit }) => value(limit))]
      .map((values) => printNumber(median(values), digits))
      .join(" / ");
  const ratio = (value: (measurement: Measurement) => number) =>
    printRange(rounds.map(({ ours, limit }) => value(ours) / value(limit)));
  return [
    engine,
    workload,
    both(({ unitsPerSecond }) => unitsPerSecond, 0),
    ratio(({ unitsPerSecond }) => unitsPerSecond),
    both(({ p50 }) => p50, 1),
    both(({ p99 }) => p99, 1),
    ratio(({ p99 }) => p99),
    both((measurement) => measurement.cpuMicrosecondsPerUnit ?? Number.NaN, 0),
    both(cpuWithBacklog, 0),
    printBacklog(rounds),
    both(({ generatorShare }) => generatorShare, 2),
  ];
}

function cpuWithBacklog({ cpuMicrosecondsPerUnit, backlog, units }: Measurement): number {
  return (cpuMicrosecondsPerUnit ?? Number.NaN) + (backlog?.cpuMicroseconds ?? 0) / units;
}

function printBacklog(rounds: readonly Round[]): string {
  const backlogs = rounds.flatMap(({ ours }) => (ours.backlog === undefined ? [] : [ours.backlog]));
  if (backlogs.length === 0) return "";
  const waiting = median(backlogs.map((backlog) => backlog.waiting));
  return `${printNumber(waiting, 0)} in ${printNumber(median(backlogs.map(({ seconds }) => seconds)), 1)} s`;
}

function printRange(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return `${printNumber(median(values), 2)} (${printNumber(least, 2)}–${printNumber(most, 2)})`;
}

function printNumber(value: number, digits: number): string {
  return Number.isNaN(value) ? "–" : value.toFixed(digits);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = Number.NaN, high = Number.NaN] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}

function printRows(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = headings.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows.map((row) => {
    const cells = row.map((cell, column) => cell.padEnd(widths[column] ?? 0, cell === "---" ? "-" : " "));
    return `| ${cells.join(" | ")} |`;
  });
}
