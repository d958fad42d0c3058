import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
// Of the last resort: what V8 only keeps for later is given back too.
const collectGarbage: () => void = runInNewContext(
  `() => gc({ type: "major", execution: "sync", flavor: "last-resort" })`,
);

/** The bytes of this process that are in memory when nothing is left to be collected: all of them, and those of values. */
export function memoryInUse(): { readonly resident: number; readonly heap: number } {
  collectGarbage();
  const { rss, heapUsed } = process.memoryUsage();
  return { resident: rss, heap: heapUsed };
}
