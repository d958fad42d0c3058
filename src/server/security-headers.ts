import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import type { FastifyInstance } from "fastify";
import helmet from "helmet";
import { printPolicy } from "./page-policy.ts";

/** What keeps a browser from taking data for something else (OWASP REST Security Cheat Sheet, "Security headers"). */
export const answerSecurity = {
  "Content-Security-Policy": printPolicy([]),
  "X-Content-Type-Options": "nosniff",
} as const;

/** Gives every page of a scope the headers that keep a browser from doing with it what it is not for. */
export function securePages(app: FastifyInstance): void {
  const headers = pageHeaders();
  app.addHook("onRequest", (_request, reply, done) => {
    reply.headers(headers);
    done();
  });
}

// They are the same for every page, and worked out once. Strict-Transport-Security is not among them: answers say it
// themselves, and only over https.
function pageHeaders(): Readonly<Record<string, string>> {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  helmet({ strictTransportSecurity: false })(request, response, (fault) => {
    if (fault !== undefined) throw new Error("The headers of security cannot be worked out.", { cause: fault });
  });
  return Object.fromEntries(Object.entries(response.getHeaders()).map(([name, value]) => [name, String(value)]));
}
