import closeWithGrace from "close-with-grace";
import type { Configuration } from "./config.ts";

const graceMillisecondsMax = 10_000;
const othersMilliseconds = 2_000;

/** Ends a process in order when it is told to end; a second signal ends it at once. Gives what ends it without a signal. */
export function closeOnSignal(close: () => Promise<void>, { telemetry }: Configuration): () => void {
  // Who ends a group of processes has told each of them already.
  let isClosing = false;
  const grace = closeWithGrace({ delay: graceOf(telemetry) }, () => {
    isClosing = true;
    return close();
  });
  return () => {
    if (!isClosing) grace.close();
  };
}

/** Ends a process in order that waits for others to end. SIGUSR2 has another meaning for it. */
export function closeOthersOnSignal(close: () => Promise<void>, { telemetry }: Configuration): void {
  closeWithGrace({ delay: graceOf(telemetry) + othersMilliseconds, skip: ["SIGUSR2"] }, close);
}

function graceOf({ drainSeconds }: Configuration["telemetry"]): number {
  return drainSeconds * 1000 + graceMillisecondsMax;
}
