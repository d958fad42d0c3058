import type { Measurement } from "./load.ts";
import type { NotificationLatency } from "./w6-notifications.ts";

/** All servers on one workload, one right after the other. */
export type Round = Readonly<Record<string, Measurement>>;

export interface Comparison {
  readonly engine: string;
  readonly workload: string;
  readonly meaning: string;
  readonly connections: number;
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
  readonly settings: { readonly rounds: number; readonly seconds: number; readonly customers: number };
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
  const { rounds, seconds, customers } = settings;
  const rows = comparisons.map(rowOf);
  const meanings = new Map(comparisons.map(({ workload, meaning }) => [workload, meaning]));
  return [
    "",
    `${machine.cores} × ${machine.cpu}, Node ${machine.node}, ${machine.platform}; ${rounds} rounds of ${seconds} s; ${customers} customers.`,
    "Each figure is the median of the rounds, ours / limit; a ratio is the median of the ratios of each round, and its range.",
    ...[...meanings].map(([workload, meaning]) => `${workload}: ${meaning}.`),
    "",
    ...printRows([headings, headings.map(() => "---"), ...rows]),
    "",
    "CPU: of the server's process, for each unit, provisioning in the background included as far as it came.",
    "Waiting: customers that were still to be provisioned after the last answer, and how many of them a second then were.",
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
  "connections",
  "units/s",
  "ratio",
  "p50 ms",
  "p99 ms",
  "p99 ratio",
  "CPU µs",
  "memory MB",
  "waiting",
  "generator",
];

function rowOf({ engine, workload, connections, rounds }: Comparison): readonly string[] {
  const figures = (name: string, value: (measurement: Measurement) => number | undefined) =>
    rounds.map((round) => (round[name] === undefined ? undefined : value(round[name])) ?? Number.NaN);
  const both = (value: (measurement: Measurement) => number | undefined, digits: number) =>
    ["ours", "limit"].map((name) => printNumber(median(figures(name, value)), digits)).join(" / ");
  const ratio = (value: (measurement: Measurement) => number) => {
    const limits = figures("limit", value);
    return printRange(figures("ours", value).map((figure, index) => figure / (limits[index] ?? Number.NaN)));
  };
  return [
    engine,
    workload,
    String(connections),
    both(({ unitsPerSecond }) => unitsPerSecond, 0),
    ratio(({ unitsPerSecond }) => unitsPerSecond),
    both(({ p50 }) => p50, 1),
    both(({ p99 }) => p99, 1),
    ratio(({ p99 }) => p99),
    both(({ cpuMicrosecondsPerUnit }) => cpuMicrosecondsPerUnit, 0),
    both(({ memory }) => memory && memory.most / 1_000_000, 0),
    printBacklog(rounds),
    both(({ generatorShare }) => generatorShare, 2),
  ];
}

function printBacklog(rounds: readonly Round[]): string {
  const backlogs = rounds.flatMap(({ ours }) => (ours?.backlog === undefined ? [] : [ours.backlog]));
  if (backlogs.length === 0) return "";
  const rate = median(backlogs.map(({ worked, seconds }) => worked / seconds));
  return `${printNumber(median(backlogs.map(({ waiting }) => waiting)), 0)}, ${printNumber(rate, 0)}/s`;
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
