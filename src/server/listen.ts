import type { IncomingMessage } from "node:http";
import { Server as TlsServer } from "node:tls";
import compress from "@fastify/compress";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { Problem } from "../model/problem.ts";
import { profileOf } from "../odata/profile.ts";
import type { Context } from "../onboarding/offer.ts";
import { bodyTooLarge } from "./body.ts";
import { allowOrigins } from "./cors.ts";
import { serveDocs } from "./docs.ts";
import { type Handle, refusal } from "./handle.ts";
import { addMetricsRoute } from "./metrics-route.ts";
import { type PortalSettings, servePortal } from "./portal.ts";
import type { Request, Response } from "./request.ts";
import { answerSecurity } from "./security-headers.ts";
import { type UnderWay, watchConnections } from "./under-way.ts";

const checkMilliseconds = 1_000;

/** Where a server listens, and how. */
export interface Listening {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** A certificate and its key in PEM; without them it is plain http. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** The scheme and authority under which clients know the service, when a proxy stands before it. */
  readonly publicUrl?: string;
  /** The origins whose scripts may read answers; `*` for all. */
  readonly corsOrigins?: readonly string[];
  /** What the web portal is told; without it there is none. */
  readonly portal?: PortalSettings;
  /** Whether whoever reaches it may see the metrics. */
  readonly showsMetrics?: boolean;
}

/** A server that listens. */
export interface Listener {
  /** Scheme and authority, such as `http://127.0.0.1:8080`. */
  readonly origin: string;
  /** Shows another certificate to whoever connects from now on. */
  renew(tls: { readonly cert: string; readonly key: string }): void;
  close(): Promise<void>;
}

/** Puts the service on the network. */
export async function listen(context: Context, handle: Handle, listening: Listening): Promise<Listener> {
  const { limits } = context;
  const answer = async (raw: FastifyRequest, reply: FastifyReply) => {
    const request = requestOf(raw, listening);
    const hasHost = raw.headers.host !== undefined || raw.raw.httpVersion === "1.0";
    const response = hasHost ? await handle(request) : refusal(context, request, noHost);
    if (isSentAsIs(response, request, listening)) {
      sendAsIs(reply, response);
      // Whoever gives the reply is waited for once more.
      return undefined;
    }
    send(reply, response);
    return reply;
  };
  const app: FastifyInstance = fastify({
    bodyLimit: limits.bodyBytesMax,
    requestTimeout: limits.requestMilliseconds,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: limits.urlLengthMax },
    forceCloseConnections: "idle",
    schemaController: noSchemas,
    // What still comes on a connection that is there is answered: it was sent before its sender could know.
    return503OnClosing: false,
    http: serverOptions(limits),
    ...(listening.tls === undefined ? {} : { https: { ...listening.tls, ...serverOptions(limits) } }),
    clientErrorHandler: (error, socket) => answerGarbage(context, error, socket),
    frameworkErrors: (_error, raw, reply) => void answer(raw, reply),
  });
  app.server.maxConnections = limits.connectionsMax;
  const underWay = watchConnections(app.server);
  shed(app, context, listening, underWay);
  await allowOrigins(app, listening.corsOrigins ?? []);
  await app.register(compress, { globalDecompression: false });
  const { portal } = listening;
  if (portal !== undefined) await app.register((scope) => servePortal(scope, portal));
  await app.register((scope) => serveDocs(scope, answer), { prefix: "/docs" });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  if (listening.showsMetrics === true) addMetricsRoute(app, context.metrics);
  // OPTIONS is left to whoever lets other origins in, and comes back as what has no route.
  app.route({ method: app.supportedMethods.filter((each) => each !== "OPTIONS"), url: "/*", handler: answer });
  app.setNotFoundHandler(answer);
  app.setErrorHandler((error, raw, reply) => {
    const response = refusal(context, requestOf(raw, listening), problemOf(context, error));
    send(reply, response);
    return reply;
  });
  await app.listen({ host: listening.host, port: listening.port });
  const renew: Listener["renew"] = (tls) => {
    if (app.server instanceof TlsServer) app.server.setSecureContext(tls);
  };
  const close = async () => {
    const closing = app.close();
    await underWay.over();
    // What is left are connections on which nothing was asked, and none may hold up the end.
    app.server.closeAllConnections();
    await closing;
  };
  return { origin: originOf(app, listening), renew, close };
}

// Bodies are checked against the model and printed from it. What Fastify would compile schemas with is a fifth of all
// modules of a server, and is not even loaded.
const noSchemas = { compilersFactory: { buildValidator: noCompiler, buildSerializer: noCompiler } };

function noCompiler(): never {
  throw new Error("No route has a schema.");
}

function serverOptions(limits: Context["limits"]) {
  return {
    maxHeaderSize: limits.headerBytesMax,
    headersTimeout: limits.headersMilliseconds,
    // How often it is looked who is too slow: by default Node does so twice a minute.
    connectionsCheckingInterval: checkMilliseconds,
    // A request without a Host is refused by us, in the shape of all refusals (RFC 9112 section 3.2).
    requireHostHeader: false,
  } as const;
}

const crowded = new Problem("serviceNotAvailable", "The server is at work on too many requests. Try again.", {
  headers: { "Retry-After": "1" },
});

/** Refuses requests before their bodies are read while too many are under way; health is always answered. */
function shed(app: FastifyInstance, context: Context, listening: Listening, underWay: UnderWay): void {
  app.addHook("onRequest", (raw, reply, done) => {
    const isHealth = raw.raw.url === "/healthz" || raw.raw.url === "/readyz";
    // Whoever keeps a connection asks the next time elsewhere.
    if (context.isEnding()) reply.raw.setHeader("Connection", "close");
    if (underWay.count() >= context.limits.concurrentRequestsMax && !isHealth) {
      context.metrics.requestShed();
      send(reply, refusal(context, requestOf(raw, listening), crowded));
      return;
    }
    underWay.add(reply.raw);
    done();
  });
}

const noHost = new Problem("invalidRequest", "A request of HTTP/1.1 needs a Host header.");

function requestOf(raw: FastifyRequest, listening: Listening): Request {
  const scheme = listening.tls === undefined ? "http" : "https";
  const { body, headers } = raw;
  return {
    method: raw.method,
    origin: listening.publicUrl ?? `${scheme}://${authorityOf(raw.raw)}`,
    // Not raw.url: Fastify decodes what it matches, and a key may hold an encoded slash.
    url: pathOf(raw.raw.url ?? "/"),
    headers: isSingle(headers) ? headers : joinLists(headers),
    ...(Buffer.isBuffer(body) ? { body } : {}),
  };
}

type Headers = FastifyRequest["headers"];

// Node gives one header as a list, and that one is of answers (RFC 6265 section 4.1).
function isSingle(headers: Headers): headers is Headers & Request["headers"] {
  return headers["set-cookie"] === undefined;
}

function joinLists(headers: Headers): Request["headers"] {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value?.toString()]));
}

// A request may name its target by a whole URL; only the path says what is meant (RFC 9112 section 3.2.2).
function pathOf(target: string): string {
  return target.replace(/^https?:\/\/[^/?#]*(?=[/?]|$)/i, "") || "/";
}

// The Host header goes into the links of answers, so it must be an authority and nothing else (RFC 9110 section 7.2).
function authorityOf(raw: IncomingMessage): string {
  const { host } = raw.headers;
  if (host !== undefined && /^(?:[\w.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/.test(host)) return host;
  return authority(raw.socket.localAddress ?? "127.0.0.1", raw.socket.localPort ?? 0);
}

function authority(address: string, port: number): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

function originOf(app: FastifyInstance, listening: Listening): string {
  const address = app.server.address();
  const scheme = listening.tls === undefined ? "http" : "https";
  return `${scheme}://${authority(listening.host, typeof address === "object" ? (address?.port ?? 0) : listening.port)}`;
}

// Below that an answer is as long when it is compressed.
const compressedBytesMin = 1_024;

/** Whether nothing is to be done to an answer on its way: it is not compressed, and no script of another origin reads it. */
function isSentAsIs({ body = "" }: Response, { headers }: Request, { corsOrigins = [] }: Listening): boolean {
  return corsOrigins.length === 0 && (headers["accept-encoding"] === undefined || body.length < compressedBytesMin);
}

/** Sends an answer past what Fastify would look for on its way, in one piece with its headers. */
function sendAsIs(reply: FastifyReply, { status, headers, body }: Response): void {
  const hasLength = body !== undefined || !(status === 204 || status === 304 || reply.request.method === "HEAD");
  const length = hasLength ? { "Content-Length": Buffer.byteLength(body ?? "") } : {};
  reply.hijack();
  reply.raw.writeHead(status, { ...answerSecurity, ...headers, ...length });
  reply.raw.end(body);
}

function send(reply: FastifyReply, response: Response): void {
  reply.code(response.status).headers(answerSecurity).headers(response.headers);
  // As bytes: to a text Fastify would add a charset, and clients compare the type of errors exactly.
  if (response.body === undefined) reply.send();
  else reply.send(Buffer.from(response.body, "utf8"));
}

// What Fastify itself refuses before the service sees it: a body that is too long, cut off or wrongly announced.
function problemOf(context: Context, error: unknown): Problem {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE") return bodyTooLarge(context.limits);
  if (code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") {
    return new Problem(
      "unsupportedMediaType",
      "The Content-Type of the body must be application/json. It is malformed.",
    );
  }
  const status = error instanceof Error && "statusCode" in error ? Number(error.statusCode) : 500;
  if (status >= 400 && status < 500) return new Problem("invalidRequest", "The request is not well-formed HTTP.");
  context.log.error({ err: error }, "a request failed before it was handled");
  return new Problem("serviceNotAvailable", "The request could not be read. Try again.", {
    headers: { "Retry-After": "5" },
  });
}

// What is not HTTP never becomes a request. The socket is answered once and closed.
function answerGarbage(
  context: Context,
  error: Error & { readonly code?: string },
  socket: import("node:net").Socket,
): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const requestId = context.newId();
  const { version, innerError } = profileOf(undefined, context.profile);
  const tooLarge = error.code === "HPE_HEADER_OVERFLOW";
  const [status, phrase, code, inner] = tooLarge
    ? ["431", "Request Header Fields Too Large", "requestHeaderFieldsTooLarge", "headersTooLarge"]
    : ["400", "Bad Request", "badRequest", "invalidRequest"];
  const message = tooLarge ? "The headers of the request are too long." : "The request is not well-formed HTTP.";
  const body = JSON.stringify({
    error: {
      code,
      message,
      [innerError]: {
        code: inner,
        date: new Date().toISOString(),
        "request-id": requestId,
        "client-request-id": requestId,
      },
    },
  });
  const head = [
    `HTTP/1.1 ${status} ${phrase}`,
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Content-Language: en-US",
    "Cache-Control: no-cache",
    `OData-Version: ${version}`,
    `request-id: ${requestId}`,
    `client-request-id: ${requestId}`,
    "Connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}
