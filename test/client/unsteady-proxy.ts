import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** What becomes of a request on its way: it passes, it is refused, or its answer is lost after it was carried out. */
export type Fate = "passes" | "losesAnswer" | { readonly status: number; readonly retryAfter?: string };

/** A request as it came. */
interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A network that cannot be relied upon, in front of a server. */
export interface UnsteadyProxy extends AsyncDisposable {
  readonly origin: string;
  readonly seen: readonly Seen[];
}

/** Starts a proxy that deals the fates out in their order; when they are used up, everything passes. */
export async function startUnsteadyProxy(upstream: string, fates: readonly Fate[]): Promise<UnsteadyProxy> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const fate = fates[seen.length] ?? "passes";
    const { method = "GET", url = "/" } = request;
    seen.push({ method, url, headers: headersOf(request) });
    answer(upstream, fate, request, response).catch((error: unknown) => response.destroy(asError(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The proxy has no port.");
  return {
    origin: `http://127.0.0.1:${address.port}`,
    seen,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(upstream: string, fate: Fate, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  if (typeof fate === "object") {
    response.writeHead(fate.status, fate.retryAfter === undefined ? {} : { "retry-after": fate.retryAfter });
    response.end("<html>too busy</html>");
    return;
  }
  const passed = await fetch(`${upstream}${request.url}`, {
    method: request.method ?? "GET",
    headers: headersOf(request),
    ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
  });
  const body = Buffer.from(await passed.arrayBuffer());
  if (fate === "losesAnswer") {
    response.destroy();
    return;
  }
  const kept = [...passed.headers].filter(([name]) => !["content-encoding", "content-length"].includes(name));
  response.writeHead(passed.status, Object.fromEntries(kept));
  response.end(body);
}

function headersOf(request: IncomingMessage): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(request.headers)
      .filter(([name]) => !["connection", "host", "content-length", "transfer-encoding"].includes(name))
      .map(([name, value]) => [name, String(value)]),
  );
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
