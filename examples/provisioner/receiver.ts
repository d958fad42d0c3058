import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";

/*
 * An example of the service that `--provisioner http` asks for each stage (docs/provisioner-http.md). It keeps what it
 * makes in memory; yours keeps it where it is safe, and makes something of it.
 *
 *   node examples/provisioner/receiver.ts 9090 "$SECRET"
 */

const secondsOldMax = 300;

/** What a request asks for. */
interface Order {
  readonly stage: string;
  readonly operationId: string;
  readonly domain: string;
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

/** What the service has made: a result for each stage of an operation, under `operationId/stage`. */
export interface Made {
  readonly results: Map<string, object>;
  /** How often each was really made, and not found made already. */
  readonly counts: Map<string, number>;
}

/** Starts the service on a port. */
export function startReceiver(port: number, secret: Uint8Array, made: Made): Promise<Server> {
  const seen = new Set<string>();
  const server = createServer((request, response) => {
    readBody(request)
      .then((body) => (isGenuine(request, body, secret, seen) ? answer(request, body, made) : { status: 401 }))
      .catch(() => ({ status: 500 }))
      .then(({ status, headers = {}, body }: Answer) => {
        response.writeHead(status, { "content-type": "application/json", ...headers });
        response.end(body === undefined ? undefined : JSON.stringify(body));
      });
  });
  return new Promise((resolve) => server.listen(port, "127.0.0.1", () => resolve(server)));
}

function answer(request: IncomingMessage, body: string, made: Made): Answer {
  // A billing account takes its time here: its place is asked until it is there.
  if (request.method === "GET") return readPlace(String(request.url).slice(1), made);
  const order = JSON.parse(body);
  if (order.stage === "undo") return undo(order, made);
  return makeOnce(order, made);
}

/** The same stage of the same operation is made once, however often it is asked for. */
function makeOnce(order: Order, { results, counts }: Made): Answer {
  const name = `${order.operationId}/${order.stage}`;
  if (!results.has(name)) {
    results.set(name, make(order));
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  if (order.stage !== "creatingBillingAccount") return { status: 200, body: results.get(name) ?? {} };
  return { status: 202, headers: { location: `/${name}`, "retry-after": "1" } };
}

function make({ stage, domain }: Order): object {
  if (stage === "provisioningTenant") return { tenantId: randomUUID() };
  if (stage === "linkingPartner") return { relationshipToPartner: "reseller", allowDelegatedAccess: true };
  if (stage === "issuingCredentials") return { credentials: { userName: `admin@${domain}`, password: randomUUID() } };
  return {};
}

function readPlace(name: string, { results }: Made): Answer {
  const result = results.get(name);
  return result === undefined ? { status: 404 } : { status: 200, body: result };
}

function undo({ operationId }: Order, { results }: Made): Answer {
  for (const name of results.keys()) if (name.startsWith(`${operationId}/`)) results.delete(name);
  return { status: 204 };
}

/** Checks the signature, the age, and that the request was not seen before (Standard Webhooks 1.0). */
function isGenuine(request: IncomingMessage, body: string, secret: Uint8Array, seen: Set<string>): boolean {
  const [id, time, given] = ["webhook-id", "webhook-timestamp", "webhook-signature"].map((name) =>
    String(request.headers[name] ?? ""),
  );
  const age = Math.abs(Date.now() / 1000 - Number(time));
  if (id === undefined || given === undefined || !(age < secondsOldMax) || seen.has(id)) return false;
  const wanted = `v1,${createHmac("sha256", secret).update(`${id}.${time}.${body}`).digest("base64")}`;
  const genuine = given.length === wanted.length && timingSafeEqual(Buffer.from(given), Buffer.from(wanted));
  if (genuine) seen.add(id);
  return genuine;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}

const [, program = "", port, secret] = process.argv;
if (program.endsWith("receiver.ts") && port !== undefined && secret !== undefined) {
  await startReceiver(Number(port), Buffer.from(secret), { results: new Map(), counts: new Map() });
  process.stdout.write(`Listening on http://127.0.0.1:${port}\n`);
}
