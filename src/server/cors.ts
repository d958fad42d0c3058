import cors from "@fastify/cors";
import type { FastifyInstance } from "fastify";

/** What a script of another origin may read of an answer, besides its body. */
const exposed = [
  "ETag",
  "Location",
  "OData-EntityId",
  "OData-Version",
  "Operation-Location",
  "Preference-Applied",
  "Repeatability-Result",
  "Retry-After",
  "WWW-Authenticate",
  "client-request-id",
  "request-id",
];
const maxAgeSeconds = 600;

/**
 * Lets browsers show answers to scripts of other origins; `*` stands for every origin (Fetch standard, section 3.3).
 * A question before a request is answered 200 without looking at the request; cookies play no part.
 */
export async function allowOrigins(app: FastifyInstance, origins: readonly string[]): Promise<void> {
  if (origins.length === 0) return;
  const options = {
    origin: origins.includes("*") ? "*" : [...origins],
    methods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
    exposedHeaders: exposed,
    maxAge: maxAgeSeconds,
    optionsSuccessStatus: 200,
  };
  await app.register(cors, {
    // OPTIONS without these headers asks for the methods of a resource, and the service answers that itself.
    delegator: ({ headers }, done) => {
      const isPreflight = headers.origin !== undefined && headers["access-control-request-method"] !== undefined;
      done(null, { ...options, preflight: isPreflight });
    },
  });
}
