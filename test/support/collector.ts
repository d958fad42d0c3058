import { once } from "node:events";
import { createServer } from "node:http";
import { outsideOf } from "./outside.ts";
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
export interface Collector extends AsyncDisposable {
  readonly origin: string;
  /** The spans so far, in the order in which they ended. */
  readonly spans: readonly Span[];
}

/** Starts a receiver on any free port. */
export async function startCollector(): Promise<Collector> {
  const spans: Span[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const isExpected = request.url === "/v1/traces" && request.headers["content-type"] === "application/json";
    if (isExpected) spans.push(...readSpans(JSON.parse(Buffer.concat(chunks).toString("utf8"))));
    response.writeHead(isExpected ? 200 : 400, { "content-type": "application/json" }).end("{}");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { ...outsideOf(server), spans };
}

function readSpans(sent: Json): Span[] {
  const all = sent.resourceSpans.flatMap((each: Json) => each.scopeSpans.flatMap(({ spans }: Json) => spans));
  return all.map(({ traceId, spanId, parentSpanId = "", name, attributes = [] }: Json) => ({
    ...{ traceId, spanId, parentSpanId, name },
    attributes: Object.fromEntries(attributes.map(({ key, value }: Json) => [key, Object.values(value)[0]])),
  }));
}
