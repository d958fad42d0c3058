import { setTimeout as sleep } from "node:timers/promises";
import type { Arena } from "./arena.ts";
import type { Opponent } from "./contenders.ts";
import { type Backlog, type Load, type Measurement, measure } from "./load.ts";
import { type Comparison, printLine, type Round } from "./report.ts";
import type { Workload } from "./workload.ts";

/** What is measured, and how often. */
export interface Arrangement {
  readonly workloads: readonly Workload[];
  readonly rounds: number;
  readonly seconds: number;
  readonly connections: readonly number[];
}

/**
 * V8 compiles what runs often while it runs: a server that has just started takes half as much processor time again for a
 * customer as one that has added some ten thousand.
 */
export const warmupSeconds = 10;
// Long enough to see how fast a server works off what it has put off. The rest would take longer than all measurements.
const backlogSecondsMax = 3;
const pollMilliseconds = 100;
const idleSecondsMax = 20;
// The system counts in ticks of 10 ms.
const idleMicrosecondsMax = 10_000;

/**
 * Measures all servers of an arena on every workload, in turn: whatever else the machine does meanwhile meets them
 * alike. Who is first changes from round to round.
 */
export async function compare(arena: Arena, arrangement: Arrangement): Promise<readonly Comparison[]> {
  const { workloads, seconds, connections } = arrangement;
  for (const workload of workloads) {
    for (const contender of opponentsIn(arena, workload)) {
      await measureOne(contender, workload, { connections: Math.max(...connections), seconds: warmupSeconds });
    }
  }
  const comparisons = connections.flatMap((clients) =>
    workloads.map((workload) => ({ workload, connections: clients, rounds: [] as Round[] })),
  );
  for (let index = 0; index < arrangement.rounds; index++) {
    for (const { workload, rounds, connections: clients } of comparisons) {
      const round = await measureRound(index, opponentsIn(arena, workload), (contender) =>
        measureOne(contender, workload, { connections: clients, seconds }),
      );
      rounds.push(round);
      const rates = [...Object.entries(round)].map(([name, each]) => `${name} ${each.unitsPerSecond.toFixed(0)}/s`);
      printLine(`${arena.engine} ${workload.name} ${clients} connections, round ${index + 1}: ${rates.join(", ")}`);
    }
  }
  return comparisons.map(({ workload: { name, meaning }, ...rest }) => {
    return { engine: arena.engine, workload: name, meaning, ...rest };
  });
}

function opponentsIn({ contenders }: Arena, workload: Workload): readonly Opponent[] {
  return contenders.filter(({ target }) => workload.requests(target).length > 0);
}

async function measureRound(
  index: number,
  contenders: readonly Opponent[],
  measureContender: (contender: Opponent) => Promise<Measurement>,
): Promise<Round> {
  const first = index % contenders.length;
  const round = new Map<string, Measurement>();
  for (const contender of [...contenders.slice(first), ...contenders.slice(0, first)]) {
    round.set(contender.name, await measureContender(contender));
  }
  return Object.fromEntries(
    contenders.flatMap(({ name }) => {
      const measurement = round.get(name);
      return measurement === undefined ? [] : [[name, measurement]];
    }),
  );
}

async function measureOne(contender: Opponent, workload: Workload, load: Load): Promise<Measurement> {
  const measurement = await measure(contender, workload, load);
  const hasBacklog = workload.leavesBacklog && contender.backlog !== undefined;
  const backlog = hasBacklog ? { backlog: await workOff(contender, contender.backlog) } : {};
  await untilIdle(contender);
  return { ...measurement, ...backlog };
}

/**
 * Waits until a server does nothing more, nor its database for it: requests that nobody waits for any more go on all the
 * same, and what they still ask of the database would be at the cost of the next.
 */
async function untilIdle(contender: Opponent): Promise<void> {
  const deadline = Date.now() + idleSecondsMax * 1000;
  let before = contender.readCpuMicroseconds();
  while (before !== undefined && Date.now() < deadline) {
    await sleep(pollMilliseconds);
    const after = contender.readCpuMicroseconds() ?? before;
    if (after - before <= idleMicrosecondsMax && (await contender.countStatements()) === 0) return;
    before = after;
  }
}

/** Lets a server work on what it has put off, and then takes away what is left, so that it does not disturb the next. */
async function workOff(contender: Opponent, backlog: NonNullable<Opponent["backlog"]>): Promise<Backlog> {
  const cpuBefore = contender.readCpuMicroseconds();
  const waiting = await backlog.count();
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  let left = waiting;
  while (left > 0 && seconds() < backlogSecondsMax) {
    await sleep(pollMilliseconds);
    left = await backlog.count();
  }
  const worked = { waiting, worked: Math.max(0, waiting - left), seconds: seconds() };
  const cpuAfter = contender.readCpuMicroseconds();
  await backlog.clear();
  if (cpuBefore === undefined || cpuAfter === undefined) return worked;
  return { ...worked, cpuMicroseconds: cpuAfter - cpuBefore };
}
