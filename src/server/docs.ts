import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";
import { printPolicy } from "./page-policy.ts";
import { securePages } from "./security-headers.ts";

const root = fileURLToPath(new URL("../../dist/docs/", import.meta.url));
const method = ["GET", "HEAD"];

/** Serves the documentation at `/docs/`, as it was built: pages, the viewer of the OpenAPI document, and files. */
export async function serveDocs(app: FastifyInstance): Promise<void> {
  securePages(app);
  app.route({ method, url: "/docs", handler: (_request, reply) => reply.redirect("/docs/") });
  if (!existsSync(`${root}index.html`)) {
    const text = "The documentation is not built. Run: npm run build, and start the server again.\n";
    app.route({
      method,
      url: "/docs/*",
      handler: (_request, reply) => reply.code(503).type("text/plain; charset=utf-8").send(text),
    });
    return;
  }
  await app.register(fastifyStatic, {
    root,
    prefix: "/docs/",
    extensions: ["html"],
    preCompressed: true,
    cacheControl: false,
    setHeaders(reply, path) {
      reply.header("Cache-Control", "no-cache");
      reply.header("Content-Security-Policy", path === `${root}api.html` ? viewerPolicy : policy);
      // Files of the repository are shown, whatever they are.
      if (path.startsWith(`${root}files/`)) reply.header("Content-Type", "text/plain; charset=utf-8");
    },
  });
}

const policy = printPolicy(["style-src 'self'", "img-src 'self'"]);

// The viewer puts pictures into its styles, and HTML that it has cleaned into the page, so it cannot do with trusted
// types as the portal does.
const viewerPolicy = printPolicy([
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
]);
