import { parseArgs } from "node:util";
import type { Engine, Peer } from "./arena.ts";
import type { Arrangement } from "./rounds.ts";
import type { Workload } from "./workload.ts";
import { workloads } from "./workloads.ts";

export const usage = `npm run bench -- [options]

  --engine sqlite|postgres|both   on which databases (default: both)
  --workload W1,W2,…,W6           which workloads (default: all); W6 is of our server alone
  --against limit,cap             whom ours is compared with: the lean server, CAP (default: both)
  --rounds N                      how often all are measured, one after the other (default: 5)
  --seconds N                     how long each measurement takes (default: 4)
  --connections 1,16,64           how many clients send at a time, each over one connection (default: 16)
  --customers N                   how many customers there are before anything is measured (default: 100000)
  --memory 5m                     no comparison: send all workloads to our server at once, and watch its memory
  --json FILE                     also write every measurement to a file
  --write                         keep the measurements in bench/results.json and write docs/performance.md from them
  --start                         only how soon the server answers after its start
  --profile DIRECTORY             write a CPU profile of our server for each engine (slower: do not compare)
`;

/** What a run was asked for. */
export interface Settings extends Arrangement {
  /** As it can be given again. */
  readonly command: string;
  readonly engines: readonly Engine[];
  readonly measuresNotifications: boolean;
  readonly customers: number;
  readonly against: readonly Peer[];
  /** How long the memory is watched, instead of a comparison. */
  readonly memorySeconds: number | undefined;
  readonly json: string | undefined;
  readonly isKept: boolean;
  readonly profile: string | undefined;
}

const notificationWorkload = "W6";
const workloadsByDefault = [...workloads.map(({ name }) => name), notificationWorkload].join(",");

/** Reads the options of the command line; undefined when help is asked for. */
export function readSettings(words: readonly string[]): Settings | undefined {
  const { values } = parseArgs({
    args: [...words],
    options: {
      engine: { type: "string", default: "both" },
      workload: { type: "string", default: workloadsByDefault },
      against: { type: "string", default: "limit,cap" },
      rounds: { type: "string", default: "5" },
      seconds: { type: "string", default: "4" },
      connections: { type: "string", default: "16" },
      customers: { type: "string", default: "100000" },
      memory: { type: "string" },
      json: { type: "string" },
      write: { type: "boolean", default: false },
      profile: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  const workloadNames = values.workload.split(",");
  return {
    command: ["npm run bench --", ...words].join(" "),
    engines: readEngines(values.engine),
    workloads: workloadNames.filter((name) => name !== notificationWorkload).map(findWorkload),
    measuresNotifications: workloadNames.includes(notificationWorkload),
    against: values.against.split(",").map(readPeer),
    rounds: readNumber("rounds", values.rounds),
    seconds: readNumber("seconds", values.seconds),
    connections: values.connections.split(",").map((value) => readNumber("connections", value)),
    customers: readNumber("customers", values.customers),
    memorySeconds: values.memory === undefined ? undefined : readSpan(values.memory),
    json: values.json,
    isKept: values.write,
    profile: values.profile,
  };
}

function readEngines(value: string): readonly Engine[] {
  if (value === "both") return ["sqlite", "postgres"];
  if (value === "sqlite" || value === "postgres") return [value];
  throw new Error(`--engine must be sqlite, postgres or both; it is '${value}'.`);
}

function readPeer(value: string): Peer {
  if (value === "limit" || value === "cap") return value;
  throw new Error(`--against must be of limit,cap; it is '${value}'.`);
}

function findWorkload(name: string): Workload {
  const found = workloads.find((workload) => workload.name === name);
  if (found !== undefined) return found;
  throw new Error(`--workload must be of ${workloadsByDefault}; it is '${name}'.`);
}

function readNumber(name: string, value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new Error(`--${name} must be a whole number of at least 1; it is '${value}'.`);
}

function readSpan(value: string): number {
  const [, number, unit] = /^(\d+)([sm])$/.exec(value) ?? [];
  const seconds = Number(number) * (unit === "m" ? 60 : 1);
  if (seconds > 0) return seconds;
  throw new Error(`--memory must be a span such as 5m or 90s; it is '${value}'.`);
}
