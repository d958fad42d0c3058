import { type Outside, startOutside } from "./outside.ts";
import type { Json } from "./service.ts";

/** A span as it arrived. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the first of a trace. */
  readonly parentSpanId: string;
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A small receiver of traces (OTLP/HTTP in JSON). */
export interface Collector extends Outside {
  /** The spans so far, in the order in which they ended. */
  readonly spans: readonly Span[];
}

/** Starts a receiver on any free port. */
export async function startCollector(): Promise<Collector> {
  const spans: Span[] = [];
  const outside = await startOutside(async ({ url, headers, body }) => {
    const isExpected = url === "/v1/traces" && headers["content-type"] === "application/json";
    if (isExpected) spans.push(...readSpans(JSON.parse(body)));
    return { status: isExpected ? 200 : 400, body: {} };
  });
  return { ...outside, spans };
}

function readSpans(sent: Json): Span[] {
  const all = sent.resourceSpans.flatMap((each: Json) => each.scopeSpans.flatMap(({ spans }: Json) => spans));
  return all.map(({ traceId, spanId, parentSpanId = "", name, attributes = [] }: Json) => ({
    ...{ traceId, spanId, parentSpanId, name },
    attributes: Object.fromEntries(attributes.map(({ key, value }: Json) => [key, Object.values(value)[0]])),
  }));
}
