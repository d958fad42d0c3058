import type { Measurement } from "./load.ts";
import { type Comparison, type MemoryReport, type Name, names, type Report, type Round } from "./report.ts";

/** Prints the medians of a run as tables in Markdown, with what the columns mean. */
export function printTables({ comparisons, notifications }: Report): readonly string[] {
  const engines = [...new Set(comparisons.map(({ engine }) => engine))];
  const tables = engines.flatMap((engine) => {
    const ofEngine = comparisons.filter((comparison) => comparison.engine === engine);
    return [
      engineTitles.get(engine) ?? engine,
      "",
      ...printRows(headings, ofEngine.map(rowOf)),
      "",
      ...printMemory(ofEngine),
      "",
    ];
  });
  return [...tables, ...notifications.map(printNotifications)];
}

/** Says what each column holds. */
export const legend = [
  `Figures are those of ${Object.values(names).join(" / ")}, each the median of the rounds. A ratio is the median of the`,
  "ratios of the rounds, with the lowest and the highest; above 1 is faster for `/s`, slower for p99. CPU is the processor",
  "time of the server's process for each unit, with what it provisions in the background meanwhile. Waiting: how many",
  "customers were still to be provisioned after the last answer, how many a second were then, and the processor time that",
  "took for each. Generator: how much of a core the load generator took; near 1 it limits the rate, and not the server.",
];

const engineTitles = new Map([
  ["sqlite", "On SQLite:"],
  ["postgres", "On PostgreSQL:"],
]);

const headings = [
  "workload",
  "connections",
  "units/s",
  "/s to lean",
  "/s to CAP",
  "p50 ms",
  "p99 ms",
  "p99 to lean",
  "CPU µs",
  "waiting",
  "generator",
];

function rowOf({ workload, connections, rounds }: Comparison): readonly string[] {
  const all = (value: (measurement: Measurement) => number | undefined, digits: number) =>
    contenders.map((name) => printNumber(median(figures(rounds, name, value)), digits)).join(" / ");
  const ratio = (other: Name, value: (measurement: Measurement) => number) => {
    const others = figures(rounds, other, value);
    return printRange(figures(rounds, "ours", value).map((figure, index) => figure / (others[index] ?? Number.NaN)));
  };
  return [
    workload,
    String(connections),
    all(({ unitsPerSecond }) => unitsPerSecond, 0),
    ratio("limit", ({ unitsPerSecond }) => unitsPerSecond),
    ratio("cap", ({ unitsPerSecond }) => unitsPerSecond),
    all(({ p50 }) => p50, 1),
    all(({ p99 }) => p99, 1),
    ratio("limit", ({ p99 }) => p99),
    all(({ cpuMicrosecondsPerUnit }) => cpuMicrosecondsPerUnit, 0),
    printBacklog(rounds),
    all(({ generatorShare }) => generatorShare, 2),
  ];
}

const contenders = ["ours", "limit", "cap"] as const satisfies readonly Name[];

function figures(rounds: readonly Round[], name: Name, value: (measurement: Measurement) => number | undefined) {
  return rounds.map(({ [name]: measurement }) => (measurement && value(measurement)) ?? Number.NaN);
}

function printBacklog(rounds: readonly Round[]): string {
  const backlogs = rounds.flatMap(({ ours }) => (ours?.backlog === undefined ? [] : [ours.backlog]));
  if (backlogs.length === 0) return "–";
  const waiting = median(backlogs.map((backlog) => backlog.waiting));
  const rate = median(backlogs.map(({ worked, seconds }) => worked / seconds));
  const cpu = median(backlogs.map(({ worked, cpuMicroseconds = Number.NaN }) => cpuMicroseconds / worked));
  return `${printNumber(waiting, 0)}; ${printNumber(rate, 0)}/s, ${printNumber(cpu, 0)} µs`;
}

function printMemory(comparisons: readonly Comparison[]): readonly string[] {
  const rows = contenders.flatMap((name) => {
    const held = comparisons.flatMap(({ rounds }) => rounds.flatMap(({ [name]: measured }) => measured?.memory ?? []));
    if (held.length === 0) return [];
    const most = Math.max(...held.map((each) => each.most));
    return [[names[name], ...[most, held.at(-1)?.end].map((bytes) => printNumber((bytes ?? Number.NaN) / 1e6, 0))]];
  });
  return printRows(["memory of", "most MB", "last MB"], rows);
}

function printNotifications({ engine, samples, p50, p99, max }: Report["notifications"][number]): string {
  const values = `p50 ${printNumber(p50, 1)} ms, p99 ${printNumber(p99, 1)} ms, longest ${printNumber(max, 1)} ms`;
  return `W6 on ${engine}: from a change to its notification, ${samples} times with nothing else to do: ${values}.`;
}

const minuteSeconds = 60;

/** Says in a sentence how much memory there was, and whether there was ever more of it after the first minute. */
export function summarizeMemory({ engine, customers, connections, samples, units }: MemoryReport): string {
  const megabytes = (bytes: number) => `${printNumber(bytes / 1e6, 0)} MB`;
  const most = (some: MemoryReport["samples"]) =>
    megabytes(some.length === 0 ? Number.NaN : Math.max(...some.map(({ bytes }) => bytes)));
  const first = samples.filter(({ seconds }) => seconds <= minuteSeconds);
  const later = samples.filter(({ seconds }) => seconds > minuteSeconds);
  const half = later.slice(Math.floor(later.length / 2));
  const done = Object.entries(units).map(([name, count]) => `${name} ${count}`);
  return `On ${engine} with ${customers} customers, ${connections} connections for each workload, ${samples.at(-1)?.seconds} s
(${done.join(", ")} units): at most ${most(first)} in the first minute, ${most(later)} after it, ${most(half)} in the
second half of that, ${megabytes(samples.at(-1)?.bytes ?? Number.NaN)} at the end.`;
}

function printRange(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  if (!values.every(Number.isFinite)) return "–";
  return `${printNumber(median(values), 2)} (${printNumber(least, 2)}–${printNumber(most, 2)})`;
}

function printNumber(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toFixed(digits) : "–";
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = Number.NaN, high = Number.NaN] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}

/** Prints a table in Markdown. */
function printRows(titles: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const all = [titles, titles.map(() => "---"), ...rows];
  const widths = titles.map((_, column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  return all.map((row) => {
    const cells = row.map((cell, column) => cell.padEnd(widths[column] ?? 0, cell === "---" ? "-" : " "));
    return `| ${cells.join(" | ")} |`;
  });
}
