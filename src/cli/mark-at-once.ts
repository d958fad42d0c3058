import { constants, type PerformanceEntry, PerformanceObserver, performance } from "node:perf_hooks";

const sliceMilliseconds = 10;
const waitMillisecondsMax = 100;
/** Processor time that this process takes in a slice at the most when none of its threads is marking any more. */
const idleMicrosecondsMax = 2_000;

/**
 * Stops for as long as V8 marks the heap, some 30 ms, and has it collect at once what is dead then. By itself V8 marks beside
 * the requests, three times as long; meanwhile the young generation grows to three times its size, and what has been marked
 * and dropped since is kept until the next time (docs/decisions/0181-memory.md). Does nothing without `--expose-gc`.
 */
export function markAtOnce(): void {
  const collect = globalThis.gc;
  if (collect === undefined) return;
  const observer = new PerformanceObserver((list) => {
    if (!list.getEntries().some(isBeginOfMarking)) return;
    waitForMarking();
    // While the heap is being marked, this ends the marking, and sweeps the old generation too.
    collect({ type: "minor" });
  });
  observer.observe({ entryTypes: ["gc"] });
}

function isBeginOfMarking({ detail }: PerformanceEntry & { readonly detail?: { readonly kind?: number } }): boolean {
  return detail?.kind === constants.NODE_PERFORMANCE_GC_INCREMENTAL;
}

/**
 * Waits until the thread that marks is done, which V8 tells nobody. Ended before, the marking would forget shapes of objects
 * that it has not come to, and functions that were compiled for them would be compiled again.
 */
function waitForMarking(): void {
  const never = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const end = performance.now() + waitMillisecondsMax;
  let before = microsecondsTaken();
  while (performance.now() < end) {
    Atomics.wait(never, 0, 0, sliceMilliseconds);
    const now = microsecondsTaken();
    if (now - before <= idleMicrosecondsMax) return;
    before = now;
  }
}

/** The processor time that all threads of this process have taken. */
function microsecondsTaken(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
