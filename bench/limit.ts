import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Answer } from "./limit-answer.ts";
import { readChanges, readCustomer, readPage } from "./limit-reads.ts";
import { openStore } from "./limit-store.ts";
import { addBatch, attachCustomer, openOperation } from "./limit-writes.ts";

/*
 * The lean server: bare node:http, prepared statements, JSON.stringify. It checks nothing, knows no tokens and
 * provisions nothing; it makes the same rows, as durably, and gives the same bodies. What cannot be left out of it
 * cannot be left out of any server.
 */

const [, , dataDirectory = "", databaseUrl] = process.argv;
const store = openStore({ dataDirectory, ...(databaseUrl === undefined ? {} : { databaseUrl }) });

const server = createServer((request, response) => {
  answer(request)
    .then((answered) => send(response, answered))
    .catch((error: unknown) => {
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

async function answer(request: IncomingMessage): Promise<Answer> {
  const url = request.url ?? "";
  const root = `http://${request.headers.host}/v1.0`;
  const [, , set, id = "", navigation] = url.split("/");
  if (request.method === "GET") {
    if (id.startsWith("delta()")) return readChanges(store, root, url);
    return id === "" ? readPage(store, root, url) : readCustomer(store, root, id);
  }
  const text = await readText(request);
  if (set === "$batch") return addBatch(store, root, text);
  if (navigation === "customer") return attachCustomer(store, root, id, text);
  return openOperation(store, root, text);
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  if (body === undefined) {
    response.writeHead(status, headers).end();
    return;
  }
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
