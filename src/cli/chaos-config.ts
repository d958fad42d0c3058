import type { Chaos } from "../server/chaos.ts";
import { ConfigurationError, type Setting } from "./setting.ts";

/** The settings of a rehearsal of failures. */
export const chaosSettings = {
  chaos: {
    flag: "chaos",
    value: "list",
    byDefault: "",
    meaning: "Rehearse failures, in development mode: such as 429=5%,503=2%,latency=200-800 (milliseconds).",
  },
  chaosSeed: {
    flag: "chaos-seed",
    value: "number",
    byDefault: "1",
    meaning: "Which failures --chaos deals out: the same number, the same failures.",
  },
} as const satisfies Readonly<Record<string, Setting>>;

const latencyMillisecondsMax = 60_000;

/** Reads what is to be rehearsed; undefined: nothing. */
export function readChaos(text: string, seed: string, development: boolean): Chaos | undefined {
  if (text === "") return undefined;
  if (!development) throw new ConfigurationError("--chaos is for development mode: it makes requests fail.");
  if (!/^\d{1,9}$/.test(seed)) throw new ConfigurationError(`--chaos-seed must be a whole number; it is '${seed}'.`);
  const parts = text.split(",").map((part) => readPart(part.trim()));
  const refusals = parts.filter((part) => "status" in part);
  const [latency = { min: 0, max: 0 }] = parts.filter((part) => "min" in part);
  const share = refusals.reduce((sum, each) => sum + each.share, 0);
  if (share <= 1) return { refusals, latency, seed: Number(seed) };
  throw new ConfigurationError(`--chaos cannot refuse more than 100 %; it has ${Math.round(share * 100)} %.`);
}

function readPart(part: string): Chaos["refusals"][number] | Chaos["latency"] {
  const [, status, percent] = /^(429|503)=(\d{1,3}(?:\.\d+)?)%$/.exec(part) ?? [];
  if (status !== undefined) return { status: status === "429" ? 429 : 503, share: Number(percent) / 100 };
  const [, min, max] = /^latency=(\d{1,5})(?:-(\d{1,5}))?$/.exec(part) ?? [];
  if (min !== undefined) return readLatency(part, Number(min), Number(max ?? min));
  throw new ConfigurationError(`--chaos knows 429=5%, 503=2% and latency=200-800; it has '${part}'.`);
}

function readLatency(part: string, min: number, max: number): Chaos["latency"] {
  if (min <= max && max <= latencyMillisecondsMax) return { min, max };
  throw new ConfigurationError(
    `--chaos must have a latency such as 200-800, up to ${latencyMillisecondsMax} milliseconds; it has '${part}'.`,
  );
}
