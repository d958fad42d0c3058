import fastify, { type FastifyInstance } from "fastify";
import type { Metrics } from "../telemetry/metrics.ts";

/** A port on which the metrics are, and nothing else. */
export interface MetricsPort {
  /** Where they are, such as `http://127.0.0.1:9464/metrics`. */
  readonly url: string;
  close(): Promise<void>;
}

/** Answers `GET /metrics` beside the service: for a server that only its own machine reaches. */
export function addMetricsRoute(app: FastifyInstance, metrics: Metrics): void {
  app.get("/metrics", async (_request, reply) => {
    const { contentType, text } = await metrics.print();
    return reply.type(contentType).send(text);
  });
}

/** Answers `GET /metrics` on a port of its own, which partners need not reach. Port 0 is any free one. */
export async function openMetricsPort(
  metrics: Metrics,
  place: { readonly host: string; readonly port: number },
): Promise<MetricsPort> {
  const app: FastifyInstance = fastify({ forceCloseConnections: true });
  addMetricsRoute(app, metrics);
  const origin = await app.listen({ ...place });
  return {
    url: `${origin}/metrics`,
    async close() {
      await app.close();
    },
  };
}
