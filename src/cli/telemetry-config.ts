import type { TraceSettings } from "../telemetry/export-traces.ts";
import { ConfigurationError, readNumber, readPort, type Setting } from "./setting.ts";

const drainSecondsMax = 600;

/** The settings of what is told to whoever operates the server. */
export const telemetrySettings = {
  drainSeconds: {
    flag: "drain-seconds",
    value: "number",
    byDefault: "0",
    meaning: "For how long a server that is told to end still takes requests, while /readyz says that it ends.",
  },
  metricsPort: {
    flag: "metrics-port",
    value: "number",
    byDefault: "",
    meaning: "The port of /metrics. Without it they are nowhere, but in development mode on the port of the server.",
  },
  metricsHost: {
    flag: "metrics-host",
    value: "address",
    byDefault: "127.0.0.1",
    meaning: "The address of /metrics on a port of its own.",
  },
} as const satisfies Readonly<Record<string, Setting>>;

/** What those settings say, checked. */
export interface TelemetryConfiguration {
  /** For how long requests are still taken after the process was told to end. */
  readonly drainSeconds: number;
  /** Where the metrics are; `main` is the port of the server, when only this machine reaches it. */
  readonly metrics: "main" | "off" | { readonly host: string; readonly port: number };
  /** Undefined when traces go nowhere. */
  readonly traces: TraceSettings | undefined;
}

/** Reads them, and the variables of OpenTelemetry. */
export function readTelemetry(
  text: (name: keyof typeof telemetrySettings) => string,
  environment: Readonly<Record<string, string | undefined>>,
  development: boolean,
): TelemetryConfiguration {
  const port = text("metricsPort");
  const ofItsOwn = () => ({ host: text("metricsHost"), port: readPort(telemetrySettings.metricsPort.flag, port) });
  return {
    drainSeconds: readNumber(telemetrySettings.drainSeconds.flag, text("drainSeconds"), 0, drainSecondsMax),
    metrics: port !== "" ? ofItsOwn() : development ? "main" : "off",
    traces: readTraces(environment),
  };
}

// Where the traces go and how is read by the exporter itself, in the variables that OpenTelemetry has for it.
function readTraces(environment: Readonly<Record<string, string | undefined>>): TraceSettings | undefined {
  const { OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, OTEL_SERVICE_NAME } = environment;
  if (!OTEL_EXPORTER_OTLP_ENDPOINT && !OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) return undefined;
  const share = environment["OTEL_TRACES_SAMPLER_ARG"] ?? "1";
  if (!/^(?:0(?:\.\d+)?|1(?:\.0+)?)$/.test(share)) {
    throw new ConfigurationError(`OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1; it is '${share}'.`);
  }
  return { serviceName: OTEL_SERVICE_NAME || "tenantry", share: Number(share) };
}
