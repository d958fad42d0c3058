import { once } from "node:events";
import { Agent, request } from "node:http";
import { connect, type Socket } from "node:net";
import { expect, test } from "vitest";
import { createStorage, type ServerProcess, startProcess } from "../support/process.ts";

const slow = 1_000;
const headersMilliseconds = 20_000;
const requestsMeasured = 300;
const rounds = 5;
/** Below this, what is measured is the machine and not the server. */
const noiseMilliseconds = 5;

test("a thousand clients that never end their request slow nobody down, and are let go of", {
  timeout: 120_000,
}, async () => {
  await using storage = await createStorage("sqlite");
  const patience = [
    "--limits",
    `headersMilliseconds=${headersMilliseconds},requestMilliseconds=${headersMilliseconds}`,
  ];
  await using server = await startProcess([...storage.flags, ...patience]);
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  await measure(server, agent);
  const idle = await measure(server, agent);

  const sockets = await Promise.all(Array.from({ length: slow }, (_, index) => beginRequest(server, index)));
  const drip = setInterval(() => sockets.filter(isDripping).forEach((socket) => void socket.write("x")), 1_000);
  const busy = await measure(server, agent);
  const open = sockets.filter((socket) => !socket.destroyed && socket.readyState === "open").length;
  await Promise.all(sockets.map((socket) => (socket.destroyed ? undefined : once(socket, "close"))));
  clearInterval(drip);
  const after = await measure(server, agent);
  agent.destroy();

  expect(open).toBe(slow);
  expect(busy).toBeLessThan(2 * Math.max(idle, noiseMilliseconds));
  expect(after).toBeLessThan(2 * Math.max(idle, noiseMilliseconds));
});

/** Begins a request and does not end it: nothing at all, a line, headers without their end, a body without its end. */
async function beginRequest({ origins, token }: ServerProcess, index: number): Promise<Socket> {
  const { hostname, port } = new URL(origins[0] ?? "");
  const socket = connect({ host: hostname, port: Number(port) });
  socket.on("error", () => undefined);
  socket.resume();
  await once(socket, "connect");
  const head = `POST /v1.0/customers HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n`;
  const beginnings = [
    "",
    "GET /v1.0/customers HTTP/1.1\r\nX-Slow: ",
    head,
    `${head}Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n{`,
  ];
  socket.write(beginnings[index % beginnings.length] ?? "");
  return socket;
}

// A client of this sort keeps the connection busy with a byte now and then, in a header or behind one.
function isDripping(socket: Socket, index: number): boolean {
  return socket.writable && (index % 4 === 1 || index % 4 === 2);
}

/** The 99th percentile of the milliseconds that a request takes; the best of some rounds, as others use the machine too. */
async function measure(server: ServerProcess, agent: Agent): Promise<number> {
  const measured: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const times: number[] = [];
    for (let index = 0; index < requestsMeasured; index++) times.push(await timeOf(server, agent));
    measured.push(times.toSorted((a, b) => a - b)[Math.floor(requestsMeasured * 0.99)] ?? Number.POSITIVE_INFINITY);
  }
  return Math.min(...measured);
}

async function timeOf({ origins, token }: ServerProcess, agent: Agent): Promise<number> {
  const began = performance.now();
  const asking = request(`${origins[0]}/v1.0/customers`, {
    agent,
    headers: { authorization: `Bearer ${token}` },
  }).end();
  const [answer] = await once(asking, "response");
  answer.resume();
  await once(answer, "end");
  expect(answer.statusCode).toBe(200);
  return performance.now() - began;
}
