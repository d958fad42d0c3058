import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** A proxy in front of a server: it is too busy for the first request to every URL. */
export interface BusyProxy extends AsyncDisposable {
  readonly origin: string;
  /** What came, in order: method, path, `Retry-Attempt`, and the status that was answered. */
  readonly seen: readonly string[];
}

/**
 * Starts a proxy on plain http that answers the first request to each URL with 429 and `Retry-After: 0`, as a gateway
 * in front of the server would, and hands the others on. The server itself limits no rate.
 */
export async function startBusyProxy(upstream: string): Promise<BusyProxy> {
  const seen: string[] = [];
  const met = new Set<string>();
  const server = createServer((request, response) => {
    const target = `${request.method} ${request.url}`;
    const note = (status: number) => seen.push(`${target} ${request.headers["retry-attempt"] ?? 0} ${status}`);
    if (met.has(target)) {
      forward(upstream, request, response).then(note, (error: unknown) => response.destroy(asError(error)));
      return;
    }
    met.add(target);
    note(429);
    response.writeHead(429, { "content-type": "application/json", "retry-after": "0" });
    response.end(JSON.stringify({ error: { code: "tooManyRequests", message: "Try again.", innerError: {} } }));
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

async function forward(upstream: string, request: IncomingMessage, response: ServerResponse): Promise<number> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const headers = Object.fromEntries(
    Object.entries(request.headers)
      .filter(([name]) => !["connection", "host", "content-length", "transfer-encoding"].includes(name))
      .map(([name, value]) => [name, String(value)]),
  );
  const answer = await fetch(`${upstream}${request.url}`, {
    method: request.method ?? "GET",
    headers,
    ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
  });
  const type = answer.headers.get("content-type");
  response.writeHead(answer.status, type === null ? {} : { "content-type": type });
  response.end(Buffer.from(await answer.arrayBuffer()));
  return answer.status;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
