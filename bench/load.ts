import autocannon, { type Client } from "autocannon";
import type { Contender } from "./contenders.ts";
import { addCustomer, type Target, type Workload } from "./workloads.ts";

/** What one server did in one go. */
export interface Measurement {
  readonly units: number;
  readonly seconds: number;
  readonly unitsPerSecond: number;
  /** Milliseconds from the first byte sent to the last one received, over all steps of a unit. */
  readonly p50: number;
  readonly p99: number;
  /** Processor time of the server for each unit, where the system tells. */
  readonly cpuMicrosecondsPerUnit?: number;
  /** How much of a core the load generator took: near 1 it is what limits the rate. */
  readonly generatorShare: number;
  /** What was left to do when the last answer had gone out, and what that took. */
  readonly backlog?: { readonly waiting: number; readonly seconds: number; readonly cpuMicroseconds?: number };
  /** Answers that were not as expected, by what they were. */
  readonly failures: readonly string[];
}

/** How hard a server is to be loaded. */
interface Load {
  readonly token: string;
  readonly connections: number;
  readonly customerIds: readonly string[];
}

/** Adds customers to a server and gives their ids. */
export async function seed(
  contender: Contender,
  { token, connections, customers }: { token: string; connections: number; customers: number },
): Promise<readonly string[]> {
  const ids: string[] = [];
  const target = { token, customerIds: [], added: (id: string) => ids.push(id) };
  const steps = addCustomer.statuses.length;
  const amount = Math.ceil(customers / connections) * connections * steps;
  const { failures } = await send(contender, addCustomer, target, { connections, amount });
  if (failures.length > 0) throw new Error(`Could not add customers to ${contender.name}: ${failures.join(", ")}.`);
  return ids;
}

/** Loads a server with a workload and measures what it does. */
export async function measure(
  contender: Contender,
  workload: Workload,
  { token, connections, customerIds, seconds }: Load & { readonly seconds: number },
): Promise<Measurement> {
  const target = { token, customerIds, added: () => undefined };
  const cpuBefore = contender.readCpuMicroseconds();
  const generatorBefore = process.cpuUsage();
  const { milliseconds, duration, failures } = await send(contender, workload, target, {
    connections,
    duration: seconds,
  });
  const generator = process.cpuUsage(generatorBefore);
  const cpuAfter = contender.readCpuMicroseconds();
  const units = milliseconds.length;
  const cpu =
    cpuBefore === undefined || cpuAfter === undefined ? {} : { cpuMicrosecondsPerUnit: (cpuAfter - cpuBefore) / units };
  return {
    units,
    seconds: duration,
    unitsPerSecond: units / duration,
    ...percentiles(milliseconds),
    ...cpu,
    generatorShare: (generator.user + generator.system) / 1_000_000 / duration,
    failures,
  };
}

async function send(
  { name, origin }: Contender,
  workload: Workload,
  target: Target,
  extent: { readonly connections: number; readonly duration?: number; readonly amount?: number },
) {
  const milliseconds: number[] = [];
  const unexpected = new Map<string, number>();
  const note = (what: string) => unexpected.set(what, (unexpected.get(what) ?? 0) + 1);
  const result = await autocannon({
    url: origin,
    ...extent,
    setupClient(client) {
      client.setRequests(workload.requests(target));
      watch(client, workload, { done: (taken) => milliseconds.push(taken), note });
    },
  });
  const { errors, timeouts, resets } = result;
  if (errors + timeouts + resets > 0) note(`${errors} errors, ${timeouts} of them time-outs, ${resets} resets`);
  if (milliseconds.length === 0) note("not one complete answer");
  const failures = [...unexpected].map(([what, count]) => `${name} ${workload.name}: ${count} × ${what}`);
  return { milliseconds, duration: result.duration, failures };
}

/** Adds up the times of the steps of each unit of a client, and notes every status that is not the step's. */
function watch(
  client: Client,
  { statuses }: Workload,
  into: { readonly done: (milliseconds: number) => void; readonly note: (what: string) => void },
): void {
  let step = 0;
  let taken = 0;
  client.on("response", (status: number, _bytes: number, milliseconds: number) => {
    const expected = statuses[step];
    if (status !== expected) into.note(`${status} instead of ${expected}`);
    taken += milliseconds;
    step++;
    if (step < statuses.length) return;
    into.done(taken);
    step = 0;
    taken = 0;
  });
}

function percentiles(milliseconds: readonly number[]): { readonly p50: number; readonly p99: number } {
  const sorted = Float64Array.from(milliseconds).sort();
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
}
