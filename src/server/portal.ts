import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";
import { printPolicy } from "./page-policy.ts";
import { securePages } from "./security-headers.ts";

/** What the portal must know before anyone has signed in. Anyone may read it, so it holds no secret. */
export interface PortalSettings {
  /** Where users sign in, and as which application; undefined: they bring a token. */
  readonly signIn?: { readonly issuer: string; readonly clientId: string; readonly scope: string };
  /** Whether the tokens that the server printed are believed. */
  readonly development: boolean;
}

const root = fileURLToPath(new URL("../../dist/portal/", import.meta.url));
const yearSeconds = 31_536_000;

/**
 * Serves the web portal at `/portal/`: what Vite has built, and for every address within it the one page. The names of
 * the files hold digests of their contents, so a browser keeps them for ever and asks only for the page again.
 */
export async function servePortal(app: FastifyInstance, settings: PortalSettings): Promise<void> {
  securePages(app);
  const policy = portalPolicy(settings);
  app.addHook("onRequest", (_request, reply, done) => {
    reply.header("Content-Security-Policy", policy);
    done();
  });
  await app.register(fastifyStatic, {
    root: `${root}assets/`,
    prefix: "/portal/assets/",
    preCompressed: true,
    immutable: true,
    maxAge: yearSeconds * 1000,
  });
  const method = ["GET", "HEAD"];
  app.route({ method, url: "/portal", handler: (_request, reply) => reply.redirect("/portal/") });
  app.route({
    method,
    url: "/portal/config.json",
    handler: (_request, reply) => reply.header("Cache-Control", "no-cache").send(settings),
  });
  app.route({
    method,
    url: "/portal/*",
    handler: (_request, reply) => {
      if (existsSync(`${root}index.html`)) {
        return reply.header("Cache-Control", "no-cache").sendFile("index.html", root, { cacheControl: false });
      }
      return reply.code(503).type("text/plain; charset=utf-8").send("The portal is not built. Run: npm run build\n");
    },
  });
}

// The styles of the portal are inserted as rules into <style> elements that are empty in the document: the digest is
// that of the empty text, and admits nothing else (CSP Level 3 section 8.4).
const emptyStyle = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";

function portalPolicy({ signIn }: PortalSettings): string {
  const issuer = signIn === undefined ? "" : ` ${new URL(signIn.issuer).origin}`;
  return printPolicy([
    "script-src 'self'",
    `style-src 'self' ${emptyStyle}`,
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${issuer}`,
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ]);
}
