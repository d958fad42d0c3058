import {
  type Attributes,
  type Context,
  context,
  INVALID_SPAN_CONTEXT,
  type Link,
  ProxyTracerProvider,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";

/** What a span is called, and under what it stands. */
export interface SpanOptions {
  /** What it is in a trace: a request that came in or went out, work taken from a queue, or a part of these. */
  readonly kind: "server" | "client" | "consumer" | "internal";
  readonly attributes?: Attributes;
  /** A `traceparent` (W3C Trace Context) under which it stands; by default under the span that is open. */
  readonly traceParent?: string | null | undefined;
  /** Other traces that it belongs to, each by its `traceparent`. */
  readonly links?: readonly string[];
}

const kinds = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
} as const;

/** Does work within a span, which ends with it and tells when it failed. Without a tracer it is just the work. */
export function inSpan<T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T> {
  const tracer = findTracer();
  if (tracer === undefined) return work(noSpan);
  const { kind, attributes = {} } = options;
  const described = { kind: kinds[kind], attributes, links: linksOf(options) };
  return tracer.startActiveSpan(name, described, parentOf(options), async (span) => {
    try {
      return await work(span);
    } catch (error) {
      // The message stays out: it may hold what a customer wrote.
      failSpan(span, error instanceof Error ? error.name : typeof error);
      throw error;
    } finally {
      span.end();
    }
  });
}

const noSpan = trace.wrapSpanContext(INVALID_SPAN_CONTEXT);

// While nobody has registered one, the API would go the whole way with spans that record nothing.
function findTracer(): Tracer | undefined {
  const provider = trace.getTracerProvider();
  return provider instanceof ProxyTracerProvider
    ? provider.getDelegateTracer("tenantry")
    : provider.getTracer("tenantry");
}

/** Tells in a span that its work failed, and in which way. */
export function failSpan(span: Span, type: string): void {
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.setAttribute("error.type", type);
}

/** The headers that let whoever is asked go on with the open trace; none when there is no trace. */
export function traceHeaders(): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  propagation.inject(context.active(), headers);
  return headers;
}

/** The `traceparent` of the open span, to be kept with work that is done later; null when there is none. */
export function currentTraceParent(): string | null {
  return traceHeaders()["traceparent"] ?? null;
}

function parentOf({ traceParent }: SpanOptions): Context {
  if (traceParent === undefined) return context.active();
  return traceParent === null ? ROOT_CONTEXT : contextOf(traceParent);
}

function linksOf({ links = [] }: SpanOptions): Link[] {
  return links.flatMap((each) => {
    const linked = trace.getSpanContext(contextOf(each));
    return linked === undefined ? [] : [{ context: linked }];
  });
}

function contextOf(traceparent: string): Context {
  return propagation.extract(ROOT_CONTEXT, { traceparent });
}
