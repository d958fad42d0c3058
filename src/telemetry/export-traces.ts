import { randomUUID } from "node:crypto";
import { context, propagation, trace } from "@opentelemetry/api";

/** Where traces go. */
export interface TraceExport {
  /** Sends what is still held back, and ends. */
  close(): Promise<void>;
}

/** What the traces say of this process, and how many of them are kept. */
export interface TraceSettings {
  readonly serviceName: string;
  /** Which share of the traces that begin here is kept; of those that come in, their sender has decided. */
  readonly share: number;
}

/**
 * Begins to send traces over OTLP/HTTP; where to and with which headers, the exporter reads in the variables
 * `OTEL_EXPORTER_OTLP_…`. The packages are loaded here and nowhere else: without an endpoint nothing of them runs.
 */
export async function exportTraces({ serviceName, share }: TraceSettings): Promise<TraceExport> {
  const [sdk, { OTLPTraceExporter }, { resourceFromAttributes }, { AsyncLocalStorageContextManager }, core] =
    await Promise.all([
      import("@opentelemetry/sdk-trace"),
      import("@opentelemetry/exporter-trace-otlp-http"),
      import("@opentelemetry/resources"),
      import("@opentelemetry/context-async-hooks"),
      import("@opentelemetry/core"),
    ]);
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({ "service.name": serviceName, "service.instance.id": randomUUID() }),
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(share) }),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new core.W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  return {
    async close() {
      await provider.shutdown();
      for (const api of [trace, context, propagation]) api.disable();
    },
  };
}
