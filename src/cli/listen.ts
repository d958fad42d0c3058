import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import closeWithGrace from "close-with-grace";
import { readDevelopmentKey, signToken } from "./development-key.ts";
import { ConfigurationError } from "./setting.ts";

/** What is to be listened to, and where it goes. */
export interface Listening {
  readonly server: string;
  readonly forward?: string;
  readonly resource: string;
  readonly changeType: string;
  readonly clientState?: string;
  readonly token?: string;
  readonly partner: string;
  readonly dataDirectory: string;
}

const lifetimeMinutes = 60;
const forwardSecondsMax = 2.5;
const bodyBytesMax = 10_000_000;

/**
 * Subscribes at a server on this machine, prints each notification, and forwards it to a program that is being written.
 * The server is answered as the program answers, so that what it could not take comes again. Ends with a signal, and the
 * subscription with it.
 */
export async function listenToChanges(wanted: Listening): Promise<void> {
  for (const url of [wanted.server, wanted.forward ?? wanted.server]) {
    if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
      throw new ConfigurationError("--server and --forward must be URLs that begin with http:// or https://.");
    }
  }
  const clientState = wanted.clientState ?? randomUUID();
  const receiver = createServer((request, response) => void answer(request, response, clientState, wanted.forward));
  receiver.listen(0, "127.0.0.1");
  await once(receiver, "listening");
  const address = receiver.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  try {
    const id = await subscribe(wanted, clientState, `http://127.0.0.1:${port}/`);
    const to = wanted.forward === undefined ? "" : `, forwarded to ${wanted.forward}`;
    process.stdout.write(`Listening to ${wanted.resource} (${wanted.changeType})${to}. End with Ctrl+C.\n`);
    const renewal = setInterval(() => void renew(wanted, id), (lifetimeMinutes * 60_000) / 2);
    closeWithGrace({ delay: 5000 }, async () => {
      clearInterval(renewal);
      await send(wanted, "DELETE", `/subscriptions/${id}`);
      receiver.closeAllConnections();
      receiver.close();
    });
  } catch (error) {
    receiver.close();
    throw error;
  }
}

async function subscribe(wanted: Listening, clientState: string, notificationUrl: string): Promise<string> {
  const { resource, changeType } = wanted;
  const expirationDateTime = expiration();
  const body = { resource, changeType, notificationUrl, clientState, expirationDateTime };
  const { status, json } = await send(wanted, "POST", "/subscriptions", body);
  if (status === 201) return String(json["id"]);
  throw new Error(`The server does not subscribe: ${status} ${JSON.stringify(json["error"] ?? json)}`);
}

async function renew(wanted: Listening, id: string): Promise<void> {
  try {
    await send(wanted, "PATCH", `/subscriptions/${id}`, { expirationDateTime: expiration() });
  } catch (error) {
    process.stderr.write(`The subscription was not renewed: ${String(error)}\n`);
  }
}

function expiration(): string {
  return new Date(Date.now() + lifetimeMinutes * 60_000).toISOString();
}

async function send(wanted: Listening, method: string, path: string, body?: object) {
  const response = await fetch(`${wanted.server.replace(/\/+$/, "")}/v1.0${path}`, {
    method,
    headers: {
      authorization: `Bearer ${await tokenFor(wanted)}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const json: Readonly<Record<string, unknown>> = text === "" ? {} : JSON.parse(text);
  return { status: response.status, json };
}

async function tokenFor({ token, partner, dataDirectory }: Listening): Promise<string> {
  if (token !== undefined) return token;
  const key = await readDevelopmentKey(dataDirectory);
  return signToken(key, { partnerId: partner, permissions: ["Customer.Read.All"], expires: "1h" });
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
