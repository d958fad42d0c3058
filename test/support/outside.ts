import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type Server, request as send } from "node:http";

/** A request that reached a stand-in for a service outside. */
export interface OutsideRequest {
  readonly method: string;
  /** The path with its query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What it answers; `drop` breaks the connection, `hang` never answers. */
export type OutsideAnswer =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: object | string }
  | "drop"
  | "hang";

/** A small real server outside, of which a test says how it answers. */
export interface Outside extends AsyncDisposable {
  readonly origin: string;
  readonly port: number;
}

/** Starts a server on any free port. When its answer throws, 500 says why: nobody waits for one that does not come. */
export async function startOutside(answer: (request: OutsideRequest) => Promise<OutsideAnswer>): Promise<Outside> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", async () => {
      const { method = "", url = "", headers } = request;
      const body = Buffer.concat(chunks).toString("utf8");
      const answered = await answer({ method, url, headers, body }).catch(failed);
      if (answered === "hang") return undefined;
      if (answered === "drop") return request.socket.destroy();
      const { status, headers: more = {}, body: told } = answered;
      response.writeHead(status, { "content-type": "application/json", ...more });
      return response.end(typeof told === "object" ? JSON.stringify(told) : told);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return outsideOf(server);
}

function failed(error: unknown): OutsideAnswer {
  return { status: 500, body: { error: { message: String(error) } } };
}

/** The origin of a server that listens, and how to end it. */
export function outsideOf(server: Server): Outside {
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What belongs to one connection, or to a body in a form in which it is not passed on. */
const ofConnection = ["connection", "content-encoding", "content-length", "keep-alive", "transfer-encoding"];

/** Passes a request on to another server, and gives what that one answers. */
export function passOn(port: number, { method, url, headers: given, body }: OutsideRequest): Promise<OutsideAnswer> {
  const { "accept-encoding": _encodings, ...headers } = given;
  return new Promise((resolve, reject) => {
    const passed = send({ host: "127.0.0.1", port, method, path: url, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const more = Object.entries(response.headers).filter(([name]) => !ofConnection.includes(name));
        resolve({
          status: response.statusCode ?? 0,
          headers: Object.fromEntries(more.map(([name, value]) => [name, String(value)])),
          body: Buffer.concat(chunks).toString("utf8"),
        });
      });
    });
    passed.on("error", reject);
    passed.end(body);
  });
}
