import type { Measurement } from "./load.ts";
import type { NotificationLatency } from "./w6-notifications.ts";

/** Who is compared, by the names that a report is read with. */
export const names = { ours: "Tenantry", limit: "lean server", cap: "SAP CAP" } as const;
export type Name = keyof typeof names;

/** All servers on one workload, one right after the other; not all of them can do each. */
export type Round = Readonly<Partial<Record<Name, Measurement>>>;

export interface Comparison {
  readonly engine: string;
  readonly workload: string;
  readonly meaning: string;
  readonly connections: number;
  readonly rounds: readonly Round[];
}

interface Machine {
  readonly platform: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly node: string;
}

/** Everything that a run has measured, as it is written to the JSON file. */
export interface Report {
  readonly began: string;
  readonly command: string;
  readonly machine: Machine;
  /** Version and durability of what the servers keep their rows in, by engine, and the versions of the peers. */
  readonly versions: Record<string, string>;
  readonly settings: { readonly rounds: number; readonly seconds: number; readonly customers: number };
  readonly comparisons: Comparison[];
  /** W6, for each engine. */
  readonly notifications: (NotificationLatency & { readonly engine: string })[];
}

/** What a server held while all workloads were sent to it together, every few seconds. */
export interface MemoryReport {
  readonly began: string;
  readonly command: string;
  readonly engine: string;
  readonly customers: number;
  readonly connections: number;
  readonly samples: readonly { readonly seconds: number; readonly bytes: number }[];
  readonly units: Readonly<Record<string, number>>;
  readonly failures: readonly string[];
}

/** Prints a line about how far the run is, apart from the table. */
export function printLine(text: string): void {
  process.stderr.write(`${text}\n`);
}
