import { Presets, SingleBar } from "cli-progress";

const linesMilliseconds = 2_000;

/** How far something is, as the user sees it. */
export interface Progress {
  advance(count: number): void;
  /** Ends it. What was shown last stays. */
  stop(): void;
}

/** Shows how far something is, how fast it goes and how long it still takes: a bar on a terminal, else now and then a line. */
export function startProgress(what: string, total: number): Progress {
  const began = performance.now();
  let done = 0;
  const bar = new SingleBar(
    {
      format: `${what} {bar} {value} of {total} ({percentage} %), {rate} rows/s, {eta_formatted} left`,
      stream: process.stderr,
      hideCursor: null,
      noTTYOutput: true,
      notTTYSchedule: linesMilliseconds,
      etaBuffer: 1_000,
    },
    Presets.shades_classic,
  );
  const rate = () => Math.round((done / (performance.now() - began)) * 1000);
  bar.start(total, 0, { rate: 0 });
  return {
    advance: (count) => {
      done += count;
      bar.increment(count, { rate: rate() });
    },
    stop: () => bar.stop(),
  };
}
