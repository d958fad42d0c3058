import autocannon, { type Client, type Request } from "autocannon";
import type { Contender, Opponent } from "./contenders.ts";
import type { Workload } from "./workload.ts";

const memoryMilliseconds = 250;

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
  /** The most memory that the server held meanwhile, and at the end, in bytes, where the system tells. */
  readonly memory?: { readonly most: number; readonly end: number };
  /** What was left to do when the last answer had gone out. */
  readonly backlog?: Backlog;
  /** Answers that were not as expected, by what they were. */
  readonly failures: readonly string[];
}

/** How many customers waited to be provisioned, how many of them were in a few seconds, and what that took. */
export interface Backlog {
  readonly waiting: number;
  readonly worked: number;
  readonly seconds: number;
  readonly cpuMicroseconds?: number;
}

/** How hard a server is to be loaded, and for how long. */
export interface Load {
  readonly connections: number;
  readonly seconds: number;
}

/** Loads a server with a workload and measures what it does. */
export async function measure(
  contender: Opponent,
  workload: Workload,
  { connections, seconds }: Load,
): Promise<Measurement> {
  const memory = watchMemory(contender);
  const cpuBefore = contender.readCpuMicroseconds();
  const generatorBefore = process.cpuUsage();
  const { milliseconds, duration, failures } = await sendFor(contender, workload, { connections, seconds });
  const generator = process.cpuUsage(generatorBefore);
  const cpuAfter = contender.readCpuMicroseconds();
  const units = milliseconds.length;
  const cpu =
    cpuBefore === undefined || cpuAfter === undefined || units === 0
      ? {}
      : { cpuMicrosecondsPerUnit: (cpuAfter - cpuBefore) / units };
  return {
    units,
    seconds: duration,
    unitsPerSecond: units / duration,
    ...percentiles(milliseconds),
    ...cpu,
    ...memory.stop(),
    generatorShare: (generator.user + generator.system) / 1_000_000 / duration,
    failures,
  };
}

function watchMemory(contender: Contender) {
  let most = 0;
  const sample = () => {
    const bytes = contender.readMemoryBytes();
    most = Math.max(most, bytes ?? 0);
    return bytes;
  };
  const timer = setInterval(sample, memoryMilliseconds);
  return {
    stop() {
      clearInterval(timer);
      const end = sample();
      return end === undefined ? {} : { memory: { most, end } };
    },
  };
}

/** Sends a workload to a server for some time; gives how long each unit took. */
export async function sendFor({ name, origin, target }: Opponent, workload: Workload, { connections, seconds }: Load) {
  const milliseconds: number[] = [];
  const unexpected = new Map<string, number>();
  const note = (what: string) => unexpected.set(what, (unexpected.get(what) ?? 0) + 1);
  const result = await autocannon({
    url: origin,
    connections,
    duration: seconds,
    setupClient(client) {
      client.setRequests(workload.requests(target).map((request) => checked(request, workload, note)));
      watch(client, workload, { done: (taken) => milliseconds.push(taken), note });
    },
  });
  const { errors, timeouts, resets } = result;
  if (errors + timeouts + resets > 0) note(`${errors} errors, ${timeouts} of them time-outs, ${resets} resets`);
  if (milliseconds.length === 0) note("not one complete answer");
  const failures = [...unexpected].map(([what, count]) => `${name} ${workload.name}: ${count} × ${what}`);
  return { milliseconds, duration: result.duration, failures };
}

/** A request whose answer is looked into, where its status does not say everything. */
function checked(request: Request, { faultOf }: Workload, note: (what: string) => void): Request {
  if (faultOf === undefined) return request;
  const { onResponse } = request;
  return {
    ...request,
    onResponse(status, body, context, headers) {
      if (typeof onResponse === "function") onResponse(status, body, context, headers);
      const fault = faultOf(body);
      if (fault !== undefined) note(fault);
    },
  };
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
