import cluster from "node:cluster";
import { addUpMetrics } from "../telemetry/common-metrics.ts";
import { closeOthersOnSignal } from "./close-on-signal.ts";
import type { Configuration } from "./config.ts";
import { openCrew } from "./crew.ts";
import { openLog } from "./log.ts";
import { closeOrphans } from "./orphans.ts";

/**
 * Serves in several processes that share their ports. This one has no connection to the database: it starts the others,
 * starts another one when one dies, and ends them all with a signal. SIGUSR2 replaces them one after the other.
 */
export async function serveInProcesses(configuration: Configuration): Promise<void> {
  const crew = openCrew(() => cluster.fork(), openLog(configuration));
  addUpMetrics();
  cluster.on("fork", closeOrphans);
  closeOthersOnSignal(crew.close, configuration);
  // The first one makes what all need: tables, keys, the certificate. When something is wrong it says so, and only once.
  const banner = await crew.begin();
  if (banner === undefined) process.exit(1);
  await Promise.all(Array.from({ length: configuration.processes - 1 }, crew.add));
  process.on("SIGUSR2", () => void crew.renew());
  process.stdout.write(banner);
}
