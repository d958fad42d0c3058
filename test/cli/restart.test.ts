import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { createStorage, type ServerProcess, type Storage, startProcess } from "../support/process.ts";
import { engines, eventually, newDomain } from "../support/service.ts";

const operationsPath = "/v1.0/customerCreationOperations";
const drainSeconds = 1;
const workers = 6;

const start = (storage: Storage, drain = drainSeconds) =>
  startProcess([...storage.flags, "--drain-seconds", String(drain)]);

const openOperation = (origin: string, token: string) =>
  fetch(`${origin}${operationsPath}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ domain: newDomain() }),
  });

describe.each(engines)("a server on %s that is told to end", (engine) => {
  test("says so in /readyz, goes on for a while, lets its connections go, and ends well", async () => {
    await using storage = await createStorage(engine);
    await using server = await start(storage);
    const before = await server.send("GET", "/readyz");

    const ended = server.end("SIGTERM");
    const unready = await eventually(async () => {
      const answer = await server.send("GET", "/readyz");
      return answer.status === 503 ? answer : undefined;
    });
    const alive = await server.send("GET", "/healthz");
    const late = await openOperation(server.origins[0] ?? "", server.token);
    const { code } = await ended;

    expect(before.status).toBe(200);
    expect(unready.json).toEqual({ status: "unavailable", reason: "The server is shutting down." });
    expect(alive.status).toBe(200);
    expect([late.status, late.headers.get("connection")]).toEqual([201, "close"]);
    expect(code).toBe(0);
    await expect(server.send("GET", "/healthz")).rejects.toThrow("fetch failed");
  });

  test("answers the request that it is reading before it ends", async () => {
    await using storage = await createStorage(engine);
    await using server = await start(storage, 0);
    const body = JSON.stringify({ domain: newDomain() });
    const socket = await connectTo(server);
    sendHead(server, socket, body.length);
    socket.write(body.slice(0, 5));
    await sleep(100);

    const ended = server.end("SIGTERM");
    await sleep(200);
    socket.write(body.slice(5));
    const answer = await readAll(socket);
    const { code } = await ended;

    expect(answer).toMatch(/^HTTP\/1\.1 201 /);
    expect(code).toBe(0);
  });

  test("answers also what it begins to read, and who has only connected, while it ends", async () => {
    await using storage = await createStorage(engine);
    await using server = await start(storage, 0);
    const bodies = [newDomain(), newDomain(), newDomain()].map((domain) => JSON.stringify({ domain }));
    const [first = "", second = "", third = ""] = bodies;
    const sockets = [await connectTo(server), await connectTo(server), await connectTo(server)] as const;
    sendHead(server, sockets[0], first.length);
    await sleep(100);

    const ended = server.end("SIGTERM");
    await untilRefused(server);
    sendHead(server, sockets[1], second.length);
    await sleep(100);
    sockets[0].write(first);
    // Its headers came before the end began, so this connection is kept until then.
    const [answer] = await once(sockets[0], "data");
    sendHead(server, sockets[2], third.length);
    sockets[1].write(second);
    sockets[2].write(third);
    const answers = [String(answer), await readAll(sockets[1]), await readAll(sockets[2])];
    const { code } = await ended;

    expect(answers.map((text) => text.split("\r\n")[0])).toEqual(Array(3).fill("HTTP/1.1 201 Created"));
    expect(code).toBe(0);
  });

  test("does not wait long for who connects and asks nothing", async () => {
    await using storage = await createStorage(engine);
    await using server = await start(storage, 0);
    const socket = await connectTo(server);

    const { code } = await server.end("SIGTERM");

    expect(await readAll(socket)).toBe("");
    expect(code).toBe(0);
  });
});

test("two processes on one database are restarted in turn under load, and no request is lost", async () => {
  await using storage = await createStorage("postgres");
  const backends = [await start(storage), await start(storage)];
  await using _ = { [Symbol.asyncDispose]: async () => void (await Promise.all(backends.map(kill))) };
  const load = startLoad(backends);

  for (const [index, old] of backends.entries()) {
    await load.reaches(index);
    const { code } = await old.end("SIGTERM");
    expect(code).toBe(0);
    backends[index] = await start(storage);
    await load.reaches(index);
  }
  const { acknowledged, lost } = await load.end();

  const { json } = await (backends[0] ?? fail()).send("GET", `${operationsPath}?$count=true&$top=1`);
  expect(lost).toEqual([]);
  expect(acknowledged).toBeGreaterThan(100);
  expect(json["@odata.count"]).toBe(acknowledged);
});

/**
 * Opens operations without a pause, as a proxy would spread them: each goes to a process whose /readyz has just been
 * seen to be 200, on connections that are kept.
 */
function startLoad(backends: readonly ServerProcess[]) {
  const lost: string[] = [];
  const served = new Map<ServerProcess, number>();
  const ready = new Set<ServerProcess>();
  let acknowledged = 0;
  let isOver = false;

  const look = async () => {
    while (!isOver) {
      for (const backend of backends) {
        const isReady = await backend.send("GET", "/readyz").then(
          ({ status }) => status === 200,
          () => false,
        );
        if (isReady) ready.add(backend);
        else ready.delete(backend);
      }
      await sleep(25);
    }
  };
  const open = async (backend: ServerProcess) => {
    const outcome = await openOperation(backend.origins[0] ?? "", backend.token).then(({ status }) => status, String);
    if (outcome === 201) acknowledged++;
    else lost.push(String(outcome));
    served.set(backend, (served.get(backend) ?? 0) + 1);
  };
  const work = async (number: number) => {
    for (let turn = number; !isOver; turn++) {
      const able = backends.filter((each) => ready.has(each));
      const backend = able[turn % Math.max(1, able.length)];
      await (backend === undefined ? sleep(5) : open(backend));
    }
  };
  const running = Promise.all([look(), ...Array.from({ length: workers }, (_, number) => work(number))]);
  return {
    /** Waits until the process at a place is serving. */
    reaches: (index: number) =>
      eventually(async () => {
        const backend = backends[index];
        return backend !== undefined && (served.get(backend) ?? 0) > workers ? true : undefined;
      }),
    async end() {
      isOver = true;
      await running;
      return { acknowledged, lost };
    },
  };
}

function kill(server: ServerProcess) {
  return server.end("SIGKILL");
}

function fail(): never {
  throw new Error("There is no such process.");
}

async function connectTo({ origins }: ServerProcess): Promise<Socket> {
  const { hostname, port } = new URL(origins[0] ?? "");
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  return socket;
}

function untilRefused(server: ServerProcess): Promise<true> {
  return eventually(async () => {
    const socket = await connectTo(server).catch(() => undefined);
    socket?.destroy();
    return socket === undefined ? true : undefined;
  });
}

function sendHead({ origins, token }: ServerProcess, socket: Socket, length: number): void {
  const lines = [
    `POST ${operationsPath} HTTP/1.1`,
    `Host: ${new URL(origins[0] ?? "").host}`,
    `Authorization: Bearer ${token}`,
    "Content-Type: application/json",
    `Content-Length: ${length}`,
  ];
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
}

async function readAll(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
