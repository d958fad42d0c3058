import type { FastifyInstance } from "fastify";
import type { Metrics } from "../telemetry/metrics.ts";

/** Answers `GET /metrics` beside the service: for a server that only its own machine reaches. */
export function addMetricsRoute(app: FastifyInstance, metrics: Metrics): void {
  app.get("/metrics", async (_request, reply) => {
    const { contentType, text } = await metrics.print();
    return reply.type(contentType).send(text);
  });
}
