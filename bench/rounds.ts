import { setTimeout as sleep } from "node:timers/promises";
import type { Contender } from "./contenders.ts";
import { type Measurement, measure, seed } from "./load.ts";
import { type Comparison, printLine, type Round } from "./report.ts";
import type { Workload } from "./workloads.ts";

export type Engine = "sqlite" | "postgres";

/** Two servers on the same engine, and the token that ours asks for. */
export interface Opponents {
  readonly engine: Engine;
  readonly ours: Contender;
  readonly limit: Contender;
  readonly token: string;
}

/** What is measured, and for how long. */
export interface Arrangement {
  readonly workloads: readonly Workload[];
  readonly rounds: number;
  readonly seconds: number;
  readonly connections: number;
}

const customersSeeded = 2_000;
const warmupSeconds = 2;
const backlogSecondsMax = 300;
const pollMilliseconds = 100;

/**
 * Measures both servers on every workload, in turn: whatever else the machine does meanwhile meets both alike. Who is
 * first changes from round to round.
 */
export async function compare(opponents: Opponents, arrangement: Arrangement): Promise<readonly Comparison[]> {
  const { engine, ours, limit, token } = opponents;
  const { workloads, connections } = arrangement;
  const ids = new Map<Contender, readonly string[]>();
  for (const contender of [ours, limit]) {
    ids.set(contender, await seed(contender, { token, connections, customers: customersSeeded }));
    await waitForBacklog(contender);
  }
  const measureOne = async (contender: Contender, workload: Workload, seconds: number) => {
    const customerIds = ids.get(contender) ?? [];
    const measurement = await measure(contender, workload, { token, connections, seconds, customerIds });
    return workload.leavesBacklog ? withBacklog(contender, measurement) : measurement;
  };
  for (const workload of workloads) {
    for (const contender of [ours, limit]) await measureOne(contender, workload, warmupSeconds);
  }
  const rounds = new Map<Workload, Round[]>(workloads.map((workload) => [workload, []]));
  for (let index = 0; index < arrangement.rounds; index++) {
    for (const workload of workloads) {
      const round = await measureRound(index, opponents, (contender) =>
        measureOne(contender, workload, arrangement.seconds),
      );
      rounds.get(workload)?.push(round);
      const rates = [round.ours, round.limit].map(({ unitsPerSecond }) => unitsPerSecond.toFixed(0));
      printLine(`${engine} ${workload.name} round ${index + 1}: ours ${rates[0]}/s, limit ${rates[1]}/s`);
    }
  }
  return workloads.map(({ name, meaning }, index) => {
    const workload = workloads[index];
    return { engine, workload: name, meaning, rounds: workload === undefined ? [] : (rounds.get(workload) ?? []) };
  });
}

async function measureRound(
  index: number,
  { ours, limit }: Opponents,
  measureOne: (contender: Contender) => Promise<Measurement>,
): Promise<Round> {
  if (index % 2 === 0) return { ours: await measureOne(ours), limit: await measureOne(limit) };
  const ofLimit = await measureOne(limit);
  return { ours: await measureOne(ours), limit: ofLimit };
}

/** Waits for what the server still has to do, so that it does not disturb the next measurement, and counts it in. */
async function withBacklog(contender: Contender, measurement: Measurement): Promise<Measurement> {
  const before = contender.readCpuMicroseconds();
  const waiting = await contender.countBacklog();
  const began = performance.now();
  await waitForBacklog(contender);
  const seconds = (performance.now() - began) / 1000;
  const after = contender.readCpuMicroseconds();
  const more = before === undefined || after === undefined ? {} : { cpuMicroseconds: after - before };
  return { ...measurement, backlog: { waiting, seconds, ...more } };
}

async function waitForBacklog(contender: Contender): Promise<void> {
  const deadline = Date.now() + backlogSecondsMax * 1000;
  for (;;) {
    const waiting = await contender.countBacklog();
    if (waiting === 0) return;
    if (Date.now() > deadline) {
      throw new Error(`After ${backlogSecondsMax} seconds ${waiting} customers still waited to be provisioned.`);
    }
    await sleep(pollMilliseconds);
  }
}
