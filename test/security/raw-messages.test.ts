import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Listener, listen } from "../../src/server/listen.ts";
import { handleOf } from "../server/answering.ts";
import { memoryInUse } from "../support/memory.ts";
import { type Service, signToken, startService } from "../support/service.ts";
import { type Chance, chanceOf, mutate, nastyText } from "./chance.ts";

const seed = 20261124;
const messages = 2_500;
const atOnce = 25;
const growthMax = 100 * 2 ** 20;

describe("whatever bytes are sent to the port", () => {
  let service: Service;
  let listener: Listener;
  let token: string;
  beforeAll(async () => {
    service = await startService("sqlite");
    listener = await listen(service.context, await handleOf(service), { host: "127.0.0.1", port: 0 });
    token = await signToken();
  });
  afterAll(async () => {
    await listener.close();
    await service[Symbol.asyncDispose]();
  });

  test("no answer is a failure of ours, and the server goes on and keeps nothing in memory", {
    timeout: 90_000,
  }, async () => {
    const chance = chanceOf(seed);
    const answers = new Map<string, number>();
    const errors: unknown[] = [];
    const noteError = (error: unknown) => void errors.push(error);
    process.on("unhandledRejection", noteError).on("uncaughtExceptionMonitor", noteError);

    const before = memoryInUse().resident;
    for (let left = messages; left > 0; left -= atOnce) {
      const heard = await Promise.all(
        Array.from({ length: atOnce }, () => hear(listener.origin, rawMessage(chance, token))),
      );
      for (const status of heard.flat()) answers.set(status, (answers.get(status) ?? 0) + 1);
    }
    const growth = memoryInUse().resident - before;
    const { status } = await fetch(`${listener.origin}/v1.0/customers`, {
      headers: { authorization: `Bearer ${token}` },
    });
    process.off("unhandledRejection", noteError).off("uncaughtExceptionMonitor", noteError);

    const failures = [...answers.keys()].filter((each) => each.startsWith("5") && each !== "501");
    expect(failures).toEqual([]);
    expect(errors).toEqual([]);
    expect(growth).toBeLessThan(growthMax);
    expect(status).toBe(200);
    expect([...answers.keys()]).toEqual(expect.arrayContaining(["200", "400", "404", "405", "413", "431"]));
  });
});

/** Sends bytes, ends, and gives the status of each answer. */
async function hear(listening: string, bytes: Buffer): Promise<readonly string[]> {
  const { hostname, port } = new URL(listening);
  const socket = connect({ host: hostname, port: Number(port) });
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => void chunks.push(chunk));
  // A server that refuses early may reset a connection that is still sending.
  socket.on("error", () => undefined);
  socket.setTimeout(10_000, () => socket.destroy());
  socket.end(bytes);
  await once(socket, "close");
  return [
    ...Buffer.concat(chunks)
      .toString("latin1")
      .matchAll(/HTTP\/1\.1 (\d{3}) /g),
  ].map(([, status = ""]) => status);
}

/** Makes something that is nearly a message of HTTP/1.1, or nothing like one. */
function rawMessage(chance: Chance, token: string): Buffer {
  const message = chance.pick<() => string | Buffer>([
    () => plainMessage(chance, token),
    () => plainMessage(chance, token),
    () => mutate(chance, plainMessage(chance, token)),
    () => mutate(chance, mutate(chance, plainMessage(chance, token))),
    () => plainMessage(chance, token) + plainMessage(chance, token),
    () => chunkedMessage(chance, token),
    () => smugglingMessage(chance, token),
    () => hugeMessage(chance),
    () => Buffer.from(chance.some(2_000, () => chance.below(256))),
    // The beginning of TLS, of HTTP/2, of HTTP/0.9, and of a proxy's words before HTTP.
    () => Buffer.from([22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3, ...chance.some(500, () => chance.below(256))]),
    () =>
      chance.pick([
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "GET /\r\n",
        "PROXY TCP4 1.1.1.1 1.1.1.1 1 1\r\n\r\n",
        "\r\n\r\n",
        "\0",
      ]),
  ])();
  return typeof message === "string" ? Buffer.from(message, chance.oneIn(2) ? "utf8" : "latin1") : message;
}

function plainMessage(chance: Chance, token: string): string {
  const method = chance.pick([
    "GET",
    "POST",
    "PATCH",
    "DELETE",
    "OPTIONS",
    "HEAD",
    "PUT",
    "CONNECT",
    "TRACE",
    "QUERY",
    nastyText(chance),
  ]);
  const paths = [
    "/v1.0/customers",
    "/v1.0/customerCreationOperations",
    "/v1.0/$metadata",
    "/healthz",
    "*",
    "http://a/v1.0/customers",
    "/v1.0/$batch",
    `/v1.0/${nastyText(chance)}`,
  ];
  const body = chance.oneIn(3) ? "" : chance.pick(["{}", '{"domain":"a.onmicrosoft.com"}', "[", nastyText(chance)]);
  const headers = chance.some(4, () => chance.pick(headerLines)(chance));
  const lines = [
    `${method} ${chance.pick(paths)} HTTP/${chance.pick(["1.1", "1.1", "1.1", "1.0", "2.0", "9"])}`,
    ...(chance.oneIn(10) ? [] : ["Host: 127.0.0.1"]),
    ...(chance.oneIn(10) ? [] : [`Authorization: Bearer ${token}`]),
    ...(body === "" ? [] : [`Content-Length: ${Buffer.byteLength(body)}`, "Content-Type: application/json"]),
    ...headers,
  ];
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}

const headerLines: readonly ((chance: Chance) => string)[] = [
  (chance) => `X-Nasty: ${nastyText(chance)}`,
  (chance) => `${nastyText(chance)}: 1`,
  (chance) => `Host: ${nastyText(chance)}`,
  (chance) => `Content-Length: ${chance.pick(["-1", "1e3", "99999999999999999999", "0x1", "1, 2", "+1"])}`,
  (chance) =>
    `Transfer-Encoding: ${chance.pick(["chunked", "gzip, chunked", "identity", "chunked, identity", "xchunked"])}`,
  (chance) => `Connection: ${chance.pick(["close", "upgrade", "keep-alive, host", nastyText(chance)])}`,
  (chance) => `Upgrade: ${chance.pick(["h2c", "websocket"])}`,
  (chance) => `Expect: ${chance.pick(["100-continue", "200-ok"])}`,
  (chance) => `Prefer: ${nastyText(chance)}`,
  (chance) => `Accept-Encoding: ${chance.pick(["gzip", "br;q=0", "*", nastyText(chance)])}`,
  (chance) => `Content-Encoding: ${chance.pick(["gzip", "deflate", nastyText(chance)])}`,
  (chance) => `Origin: ${nastyText(chance)}`,
  () => " folded: line",
];

function chunkedMessage(chance: Chance, token: string): string {
  const size = chance.pick(["2", "02", "2;extension=1", "-2", "g", "ffffffffffffffff", "0", ""]);
  const head = `POST /v1.0/customerCreationOperations HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n`;
  return `${head}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${size}\r\n{}\r\n${chance.pick(["0\r\n\r\n", "0\r\nTrailer: 1\r\n\r\n", ""])}`;
}

// Two lengths of one message (RFC 9112 section 6.3): who believes the other one would see a second request.
function smugglingMessage(chance: Chance, token: string): string {
  const lengths = chance.pick([
    "Content-Length: 4\r\nTransfer-Encoding: chunked",
    "Transfer-Encoding: chunked\r\nContent-Length: 4",
    "Content-Length: 4\r\nContent-Length: 5",
    "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
    "Transfer-Encoding : chunked",
    "Transfer-Encoding:\tchunked\r\nContent-Length: 0",
  ]);
  return `POST /v1.0/customers HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n${lengths}\r\n\r\n0\r\n\r\nGET /v1.0/evil HTTP/1.1\r\nHost: a\r\n\r\n`;
}

function hugeMessage(chance: Chance): string {
  return chance.pick([
    () => `GET /${"a".repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
    () => `GET / HTTP/1.1\r\nHost: a\r\nX: ${"a".repeat(40_000)}\r\n\r\n`,
    () => `GET / HTTP/1.1\r\nHost: a\r\n${"X: 1\r\n".repeat(6_000)}\r\n`,
    () =>
      `POST /v1.0/customers HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1000001\r\n\r\n${" ".repeat(50_000)}`,
    () => "a".repeat(100_000),
  ])();
}
