import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { mediaTypes, prefersPage } from "../odata/media.ts";
import { printPolicy } from "./page-policy.ts";
import { securePages } from "./security-headers.ts";

const root = fileURLToPath(new URL("../../dist/docs/", import.meta.url));
const method = ["GET", "HEAD"];

/** Answers what is not there. */
type Answer = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>;

/**
 * Serves the documentation below `/docs`, where the app is registered, as it was built: pages, the viewer of the OpenAPI
 * document, and files. To a browser what is not there is a page; anyone else is answered as by the API.
 */
export async function serveDocs(app: FastifyInstance, answer: Answer): Promise<void> {
  securePages(app);
  app.route({ method, url: "", handler: (_request, reply) => reply.redirect("/docs/") });
  if (!existsSync(`${root}index.html`)) {
    const text = "The documentation is not built. Run: npm run build, and start the server again.\n";
    app.route({
      method,
      url: "/*",
      handler: (_request, reply) => reply.code(503).type("text/plain; charset=utf-8").send(text),
    });
    return;
  }
  app.setNotFoundHandler((request, reply) => {
    if (!prefersPage(request.headers.accept)) return answer(request, reply);
    return reply
      .code(404)
      .headers({ "Cache-Control": "no-cache", "Content-Security-Policy": policy, Vary: "Accept" })
      .type(mediaTypes.html)
      .send(noPage);
  });
  await app.register(fastifyStatic, {
    root,
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

// It says nothing of the address, which anybody may have written.
const noPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>No such page · Tenantry</title>
<link rel="icon" href="/docs/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/docs/assets/style.css">
</head>
<body>
<header><a href="/docs/">Tenantry</a><a href="/portal/">Portal</a></header>
<div class="columns">
<main class="content">
<h1>No such page</h1>
<p>The documentation has no page at this address. <a href="/docs/">All its pages are listed here.</a></p>
</main>
</div>
</body>
</html>
`;

const policy = printPolicy(["style-src 'self'", "img-src 'self'"]);

// The viewer puts pictures into its styles, and HTML that it has cleaned into the page, so it cannot do with trusted
// types as the portal does.
const viewerPolicy = printPolicy([
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
]);
