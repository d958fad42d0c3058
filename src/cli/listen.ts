import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import closeWithGrace from "close-with-grace";
import type { Command } from "commander";
import type { Client } from "../client/client.ts";
import { type ConnectFlags, connect, withConnection } from "./connect.ts";
import { examples } from "./examples.ts";
import { say } from "./output.ts";
import { ConfigurationError } from "./setting.ts";

interface ListenFlags extends ConnectFlags {
  readonly forward?: string;
  readonly resource: string;
  readonly changeType: string;
  readonly clientState?: string;
}

const lifetimeMinutes = 60;
const forwardSecondsMax = 2.5;
const bodyBytesMax = 10_000_000;
const graceMilliseconds = 5_000;

/** The command that shows the notifications of a server. */
export function addListenCommand(root: Command): void {
  const command = root
    .command("listen")
    .description("Print every notification of a server on this machine, and forward it to a program.")
    .option("--forward <url>", "where each notification is sent to, such as http://127.0.0.1:3000/hook")
    .option("--resource <path>", "what is watched", "customers")
    .option("--change-type <list>", "which changes are told", "created,updated,deleted")
    .option("--client-state <text>", "the secret that the program expects; by default a random one")
    .action(listen);
  examples(withConnection(command), [
    "tenantry listen",
    "tenantry listen --resource customerCreationOperations --forward http://127.0.0.1:3000/hook",
  ]);
}

/**
 * Subscribes at a server on this machine, prints each notification, and forwards it to a program that is being written.
 * The server is answered as the program answers, so that what it could not take comes again. Ends with a signal, and the
 * subscription with it.
 */
async function listen(flags: ListenFlags): Promise<void> {
  const { forward, resource, changeType } = flags;
  if (forward !== undefined && (!/^https?:\/\//.test(forward) || !URL.canParse(forward))) {
    throw new ConfigurationError("--forward must be a URL that begins with http:// or https://.");
  }
  const { client } = connect(flags);
  const clientState = flags.clientState ?? randomUUID();
  const receiver = createServer((request, response) => void answer(request, response, clientState, forward));
  receiver.listen(0, "127.0.0.1");
  await once(receiver, "listening");
  const address = receiver.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  try {
    const notificationUrl = `http://127.0.0.1:${port}/`;
    const path = await subscribe(client, { resource, changeType, clientState, notificationUrl });
    const to = forward === undefined ? "" : `, forwarded to ${forward}`;
    process.stdout.write(`Listening to ${resource} (${changeType})${to}. End with Ctrl+C.\n`);
    const renewal = setInterval(() => void renew(client, path), (lifetimeMinutes * 60_000) / 2);
    closeWithGrace({ delay: graceMilliseconds }, async () => {
      clearInterval(renewal);
      await client.send({ method: "DELETE", path });
      receiver.closeAllConnections();
      receiver.close();
    });
  } catch (error) {
    receiver.close();
    throw error;
  }
}

/** Subscribes, and gives the path of the subscription. */
async function subscribe(client: Client, wanted: Readonly<Record<string, string>>): Promise<string> {
  const body = { ...wanted, expirationDateTime: expiration() };
  const made: { readonly id: string } = (await client.send({ method: "POST", path: "/subscriptions", body })).json();
  return `/subscriptions/${made.id}`;
}

async function renew(client: Client, path: string): Promise<void> {
  try {
    await client.send({ method: "PATCH", path, body: { expirationDateTime: expiration() } });
  } catch (error) {
    say(`The subscription was not renewed: ${String(error)}`);
  }
}

function expiration(): string {
  return new Date(Date.now() + lifetimeMinutes * 60_000).toISOString();
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  clientState: string,
  forward: string | undefined,
): Promise<void> {
  const token = new URL(request.url ?? "/", "http://127.0.0.1").searchParams.get("validationToken");
  if (token !== null) {
    response.writeHead(200, { "content-type": "text/plain; charset=utf-8" }).end(token);
    return;
  }
  const body = await readBody(request);
  const notifications = readNotifications(body);
  const isOurs = notifications.length > 0 && notifications.every((each) => each["clientState"] === clientState);
  const status = !isOurs ? 403 : forward === undefined ? 202 : await pass(forward, body);
  for (const { changeType, resource, id } of isOurs ? notifications : []) {
    const outcome = forward === undefined ? "" : ` -> ${status}`;
    process.stdout.write(`${new Date().toISOString()} ${changeType} ${resource} [${id}]${outcome}\n`);
  }
  response.writeHead(status).end();
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > bodyBytesMax) return "";
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function readNotifications(body: string): readonly Readonly<Record<string, unknown>>[] {
  try {
    const { value }: { readonly value: readonly Readonly<Record<string, unknown>>[] } = JSON.parse(body);
    return value;
  } catch {
    return [];
  }
}

/** Passes notifications on, and gives the status that the program answers; 502 when it does not answer. */
async function pass(url: string, body: string): Promise<number> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(forwardSecondsMax * 1000),
    });
    return response.status;
  } catch {
    return 502;
  }
}
