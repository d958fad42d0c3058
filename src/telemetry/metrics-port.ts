import { once } from "node:events";
import { createServer } from "node:http";
import type { Metrics } from "./metrics.ts";

/** A port on which the metrics are, and nothing else. */
export interface MetricsPort {
  /** Where they are, such as `http://127.0.0.1:9464/metrics`. */
  readonly url: string;
  close(): Promise<void>;
}

/** Answers `GET /metrics` on a port of its own, which partners need not reach. Port 0 is any free one. */
export async function openMetricsPort(
  metrics: Metrics,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<MetricsPort> {
  const server = createServer(async (request, response) => {
    const isAsked = request.method === "GET" && request.url?.split("?")[0] === "/metrics";
    if (!isAsked) {
      response.writeHead(404).end();
      return;
    }
    const { contentType, text } = await metrics.print();
    response.writeHead(200, { "Content-Type": contentType }).end(text);
  });
  server.listen(port, host);
  await once(server, "listening");
  const address = server.address();
  const chosen = typeof address === "object" && address !== null ? address.port : port;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${chosen}/metrics`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
