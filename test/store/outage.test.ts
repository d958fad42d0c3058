import { once } from "node:events";
import { createConnection, createServer, type Server, type Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { createStorage, type HttpAnswer, type ServerProcess, startProcess } from "../support/process.ts";
import { eventually, newDomain } from "../support/service.ts";

const operationsPath = "/v1.0/customerCreationOperations";

// Each has a server of its own, and most of their time is waiting.
describe.concurrent("a server whose postgres goes away", { timeout: 40_000 }, () => {
  test("answers in the shape of an error, lives on, and works again when postgres is back", async ({ expect }) => {
    await using world = await startWorld();
    const { server, road } = world;
    const { json: operation } = await server.send("POST", operationsPath, { domain: newDomain() });
    const path = `${operationsPath}/${operation.id}`;
    road.cut();

    const first = await server.send("GET", path);
    await eventually(async () => ((await server.send("GET", path)).status === 503 ? true : undefined));
    const refused = await Promise.all([
      server.send("GET", "/v1.0/customers"),
      server.send("GET", path),
      server.send("POST", operationsPath, { domain: newDomain() }),
      server.send("POST", `${path}/customer/$ref`, { companyProfile: {}, billingProfile: {} }),
    ]);
    const health = await server.send("GET", "/healthz");
    const unready = await server.send("GET", "/readyz");
    await road.mend();
    const attached = await eventually(async () => {
      const answer = await server.send("POST", `${path}/customer/$ref`, { companyProfile: {}, billingProfile: {} });
      return answer.status < 500 ? answer : undefined;
    });
    const done = await untilSucceeded(server, path);
    const ready = await server.send("GET", "/readyz");

    expect(refused.map(({ status }) => status)).toEqual([503, 503, 503, 503]);
    expect(refused.map(({ headers }) => headers.get("retry-after"))).toEqual(["5", "5", "5", "5"]);
    for (const answer of [first, ...refused]) expect(answer).toMatchObject(failureOf(answer));
    expect(health.status).toBe(200);
    expect(unready).toMatchObject({
      status: 503,
      json: { status: "unavailable", reason: "The database does not answer." },
    });
    expect(attached.status).toBe(204);
    expect(done.json).toMatchObject({ status: "succeeded", percentComplete: 100 });
    expect(ready.status).toBe(200);
  });

  test("answers every request that was on its way, and keeps what it had acknowledged", async ({ expect }) => {
    await using world = await startWorld();
    const { server, road } = world;
    const domains = Array.from({ length: 60 }, newDomain);
    const sending = domains.map((domain) => server.send("POST", operationsPath, { domain }));
    await Promise.race(sending);
    road.cut();

    const answers = await Promise.all(sending);
    await road.mend();
    const kept = await eventually(async () => {
      const reading = answers
        .filter(({ status }) => status === 201)
        .map(({ json }) => server.send("GET", `${operationsPath}/${json.id}`));
      const read = await Promise.all(reading);
      return read.every(({ status }) => status < 500) ? read : undefined;
    });

    for (const answer of answers.filter(({ status }) => status !== 201))
      expect(answer).toMatchObject(failureOf(answer));
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.map(({ status }) => status)).toEqual(kept.map(() => 200));
  });

  test("takes up the work that was cut off", async ({ expect }) => {
    await using world = await startWorld();
    const { server, road } = world;
    const { json: operation } = await server.send("POST", operationsPath, { domain: newDomain() });
    const path = `${operationsPath}/${operation.id}`;
    const attached = await server.send("POST", `${path}/customer/$ref`, { companyProfile: {}, billingProfile: {} });
    road.cut();
    await road.mend();

    const done = await untilSucceeded(server, path);

    expect(attached.status).toBe(204);
    expect(done.json.history.map(({ stage }: { stage: string }) => stage)).toEqual([
      "domainReserved",
      "validating",
      "provisioningTenant",
      "linkingPartner",
      "creatingBillingAccount",
      "issuingCredentials",
      "publishing",
      "completed",
    ]);
  });

  test("answers and works again when postgres has fallen silent without closing a connection", async ({ expect }) => {
    await using world = await startWorld();
    const { server, road } = world;
    await server.send("GET", "/v1.0/customers");
    road.silence();

    const answers = await Promise.all([
      server.send("GET", "/v1.0/customers"),
      server.send("POST", operationsPath, { domain: newDomain() }),
    ]);
    await road.mend();
    const { json: operation } = await eventually(async () => {
      const answer = await server.send("POST", operationsPath, { domain: newDomain() });
      return answer.status === 201 ? answer : undefined;
    });
    const path = `${operationsPath}/${operation.id}`;
    await server.send("POST", `${path}/customer/$ref`, { companyProfile: {}, billingProfile: {} });
    const done = await untilSucceeded(server, path);

    for (const answer of answers) expect(answer).toMatchObject(failureOf(answer));
    expect(done.status).toBe(200);
  });
});

/** A server, and the way to its PostgreSQL server. */
async function startWorld() {
  const storage = await createStorage("postgres");
  const road = await openRoad(String(storage.flags.at(-1)));
  const words = ["--data-dir", storage.directory, "--database-url", road.url, "--lease-seconds", "1"];
  const server = await startProcess(words);
  return {
    server,
    road,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      road.cut();
      await storage[Symbol.asyncDispose]();
    },
  };
}

function untilSucceeded(server: ServerProcess, path: string): Promise<HttpAnswer> {
  return eventually(async () => {
    const answer = await server.send("GET", path);
    return answer.json.status === "succeeded" ? answer : undefined;
  });
}

/** The way to a PostgreSQL server, which can be cut. */
interface Road {
  readonly url: string;
  /** Breaks every connection and refuses new ones. */
  cut(): void;
  /** Lets nothing through any more, but closes nothing and refuses nothing. */
  silence(): void;
  /** Takes new connections as ever; those that were silent stay so. */
  mend(): Promise<void>;
}

async function openRoad(databaseUrl: string): Promise<Road> {
  const url = new URL(databaseUrl);
  const target = { host: url.hostname, port: Number(url.port) };
  const sockets = new Set<Socket>();
  let silent = false;
  let listener = await listen(0);
  url.hostname = "127.0.0.1";
  url.port = String(portOf(listener));

  async function listen(port: number): Promise<Server> {
    const opened = createServer((near) => {
      const far = createConnection(target);
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        sockets.add(from);
        if (!silent) from.pipe(to);
        from.on("error", () => to.destroy()).on("close", () => to.destroy());
      }
    });
    await once(opened.listen(port, "127.0.0.1"), "listening");
    return opened;
  }

  return {
    url: url.href,
    cut() {
      listener.close();
      for (const socket of sockets) socket.destroy();
      sockets.clear();
    },
    silence() {
      silent = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
    async mend() {
      silent = false;
      if (!listener.listening) listener = await listen(Number(url.port));
    },
  };
}

function portOf(listener: Server): number {
  const address = listener.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** What an answer is that says that the service, and not the caller, is at fault. */
function failureOf({ status }: HttpAnswer) {
  return {
    status: expect.toSatisfy((each) => each === 500 || each === 503),
    json: {
      error: {
        code: status === 500 ? "internalServerError" : "serviceUnavailable",
        message: expect.not.stringMatching(/ECONN|postgres:|password/),
        innerError: expect.objectContaining({ "request-id": expect.any(String), date: expect.any(String) }),
      },
    },
  };
}
