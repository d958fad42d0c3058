import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { uuidv7 } from "uuidv7";
import { customerRow, type NewCustomer, operationRow, printCustomer, printOperation } from "./limit-rows.ts";
import { openStore } from "./limit-store.ts";

/*
 * The lean server: bare node:http, prepared statements, JSON.stringify. It checks nothing, knows no tokens and
 * provisions nothing; it makes the same rows, as durably, and gives the same bodies. What cannot be left out of it
 * cannot be left out of any server.
 */

const [, , dataDirectory = "", databaseUrl] = process.argv;
const store = await openStore(dataDirectory, databaseUrl);

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    response.writeHead(500).end();
  });
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.stdout.write(`http://127.0.0.1:${typeof address === "object" ? address?.port : ""}\n`);
});
process.once("SIGTERM", () => {
  server.closeAllConnections();
  server.close(() => void store.close());
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [, , set, id = "", navigation] = (request.url ?? "").split("/");
  const root = `http://${request.headers.host}/v1.0`;
  if (request.method === "GET") return readCustomer(response, root, id);
  const text = await readText(request);
  if (set === "customerCreationOperations" && navigation === "customer") return attach(response, root, id, text);
  return open(response, root, text);
}

async function readCustomer(response: ServerResponse, root: string, id: string): Promise<void> {
  const row = await store.findCustomer(id);
  if (row === undefined) response.writeHead(404).end();
  else send(response, 200, printCustomer(row, root), {});
}

async function open(response: ServerResponse, root: string, text: string): Promise<void> {
  const { domain }: { domain: string } = JSON.parse(text);
  const now = new Date();
  const row = operationRow({ id: uuidv7(), domain, version: uuidv7() }, now);
  await store.open(row, now.toISOString());
  const location = `${root}/customerCreationOperations/${row.id}`;
  send(response, 201, printOperation(row, root), { Location: location });
}

async function attach(response: ServerResponse, root: string, operationId: string, text: string): Promise<void> {
  const body: NewCustomer = JSON.parse(text);
  const now = new Date().toISOString();
  const row = customerRow(body, { id: uuidv7(), billingProfileId: uuidv7(), version: uuidv7() }, now);
  await store.attach({ operationId, version: uuidv7() }, row, now);
  response.writeHead(204, { Location: `${root}/customers/${row.id}` }).end();
}

function send(response: ServerResponse, status: number, body: object, headers: Readonly<Record<string, string>>): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}

function readText(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
    request.on("error", reject);
  });
}
