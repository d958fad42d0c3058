import type { Context } from "../onboarding/offer.ts";
import { openMetricsPort } from "../server/metrics-route.ts";
import type { Database, OpenDatabase } from "../store/database.ts";
import { readDueWork, readWaitingNotifications } from "../store/due-work.ts";
import { exportTraces } from "../telemetry/export-traces.ts";
import type { TelemetryConfiguration } from "./telemetry-config.ts";

/** What tells the operator how the server is. */
export interface Telemetry {
  /** Where the metrics are, when they are on a port of their own. */
  readonly metricsUrl: string | undefined;
  close(): Promise<void>;
}

/** Starts what a configuration asks for: the traces, and the metrics on a port of their own. */
export async function startTelemetry(
  context: Context,
  database: OpenDatabase,
  { metrics, traces }: TelemetryConfiguration,
): Promise<Telemetry> {
  context.metrics.watch({
    readDueWork: () => lookUp(context, readDueWork),
    readWaitingNotifications: () => lookUp(context, readWaitingNotifications),
    databaseLoad: database.load,
  });
  const port = typeof metrics === "object" ? await openMetricsPort(context.metrics, metrics) : undefined;
  const traceExport = traces === undefined ? undefined : await exportTraces(traces);
  return {
    metricsUrl: port?.url,
    async close() {
      await port?.close();
      try {
        await traceExport?.close();
      } catch (error) {
        context.log.warn({ err: error }, "the last traces were not sent");
      }
    },
  };
}

async function lookUp<T>(
  { database, clock, log }: Context,
  read: (database: Database, now: string) => Promise<T>,
): Promise<T | undefined> {
  try {
    return await read(database, clock());
  } catch (error) {
    log.warn({ err: error }, "the work that is due could not be counted");
    return undefined;
  }
}
