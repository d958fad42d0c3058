import { setTimeout as sleep } from "node:timers/promises";
import type { Arena } from "./arena.ts";
import { type Load, sendFor } from "./load.ts";
import { type MemoryReport, printLine } from "./report.ts";
import type { Workload } from "./workload.ts";

const sampleSeconds = 5;

/** Sends all workloads to ours at once for some time, and tells what its memory was meanwhile. */
export async function watchMemory(
  { contenders: [ours] }: Arena,
  { seconds, connections, workloads }: Load & { readonly workloads: readonly Workload[] },
): Promise<Pick<MemoryReport, "samples" | "units" | "failures">> {
  if (ours === undefined) throw new Error("There is no server whose memory could be watched.");
  const began = performance.now();
  const samples: { seconds: number; bytes: number }[] = [];
  const sent = Promise.all(workloads.map((workload) => sendFor(ours, workload, { connections, seconds })));
  while (performance.now() - began < seconds * 1000) {
    await sleep(sampleSeconds * 1000);
    const bytes = ours.readMemoryBytes() ?? Number.NaN;
    samples.push({ seconds: Math.round((performance.now() - began) / 1000), bytes });
    printLine(`${samples.at(-1)?.seconds} s: ${(bytes / 1e6).toFixed(0)} MB`);
  }
  const results = await sent;
  return {
    samples,
    units: Object.fromEntries(workloads.map(({ name }, index) => [name, results[index]?.milliseconds.length ?? 0])),
    failures: results.flatMap(({ failures }) => failures),
  };
}
