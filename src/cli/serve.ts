import cluster from "node:cluster";
import type { Configuration } from "./config.ts";

/** Starts the server, in this process or in as many as are wanted; it runs until a signal ends it. */
export async function serve(configuration: Configuration): Promise<void> {
  // The one that only looks after others loads nothing of what they do.
  if (configuration.processes > 1 && cluster.isPrimary) {
    const { serveInProcesses } = await import("./serve-in-processes.ts");
    return serveInProcesses(configuration);
  }
  const { serveHere } = await import("./serve-here.ts");
  return serveHere(configuration);
}
