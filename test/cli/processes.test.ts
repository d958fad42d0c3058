import { readFileSync } from "node:fs";
import https from "node:https";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { addCustomers, reasonOf } from "../support/add-customers.ts";
import { madeOnce, readMade } from "../support/ledger.ts";
import { createStorage, runCommand, type ServerProcess, type Storage, startProcess } from "../support/process.ts";
import { parseScrape, sum } from "../support/scrape.ts";
import { eventually, type Json } from "../support/service.ts";

const operationsPath = "/v1.0/customerCreationOperations";
const customerCount = 60;

/** Starts a server of two processes, which say in a file who answers what. */
function start(storage: Storage, ...more: string[]): Promise<ServerProcess> {
  const log = ["--log-level", "info", "--log-file", logFile(storage)];
  return startProcess([...storage.flags, ...log, "--processes", "2", "--lease-seconds", "2", ...more]);
}

const logFile = ({ directory }: Storage) => join(directory, "log");

// One that is killed, or is just writing, leaves half of a line.
function readLog(storage: Storage): readonly Json[] {
  const lines = readFileSync(logFile(storage), "utf8").trim().split("\n");
  return lines.flatMap(parseLine);
}

function parseLine(line: string): readonly Json[] {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}

/** The processes that have answered requests. */
function workersOf(storage: Storage): readonly number[] {
  const answers = readLog(storage).filter(({ msg }) => msg === "request");
  return [...new Set(answers.map(({ pid }) => Number(pid)))];
}

/** Asks on connections of their own until two processes have answered, and gives them. */
function untilTwoAnswer(storage: Storage, server: ServerProcess): Promise<readonly number[]> {
  return eventually(async () => {
    await fetch(`${server.origins[0]}/v1.0/$metadata`, { headers: { connection: "close" } });
    const workers = workersOf(storage);
    return workers.length >= 2 ? workers : undefined;
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function outcomeOf(error: unknown): string {
  return error instanceof Error ? error.name : String(error);
}

async function untilAllSucceeded(server: ServerProcess): Promise<void> {
  await eventually(async () => {
    const { json } = await server.send("GET", operationsPath);
    return json.value.every(({ status }: Json) => status === "succeeded") ? true : undefined;
  }, 30);
}

describe("a server of two processes", { timeout: 60_000 }, () => {
  test("loses nothing that it has acknowledged and does nothing twice when one of them is killed under load", async () => {
    await using storage = await createStorage("postgres");
    await using server = await start(storage, "--local-delay-seconds", "0.2");
    const [victim = 0] = await untilTwoAnswer(storage, server);

    const load = addCustomers([server], customerCount);
    await load.reaches(customerCount / 3);
    process.kill(victim, "SIGKILL");
    const acknowledged = await load.end();
    await untilAllSucceeded(server);
    const operations = await server.send("GET", `${operationsPath}?$count=true`);
    const customers = await server.send("GET", "/v1.0/customers?$count=true");
    const began = await eventually(async () => {
      const lines = readLog(storage).filter(({ msg }) => msg === "a worker serves");
      return lines.length === 2 ? lines : undefined;
    });
    await server.end("SIGTERM");

    expect(operations.json["@odata.count"]).toBe(customerCount);
    expect(customers.json.value.map(({ id }: Json) => id).sort()).toEqual([...acknowledged.values()].sort());
    expect(await readMade(storage)).toEqual(madeOnce([...acknowledged.keys()]));
    expect(readLog(storage)).toContainEqual(
      expect.objectContaining({ msg: "a worker died and is replaced", workerPid: victim, signal: "SIGKILL" }),
    );
    expect(began[1].workerPid).not.toBe(victim);
  });

  test("lets no client wait for an answer of one that has died, whenever that was", async () => {
    await using storage = await createStorage("postgres");
    await using server = await start(storage);
    await untilTwoAnswer(storage, server);
    const served = () => readLog(storage).filter(({ msg }) => msg === "a worker serves");
    let isOver = false;
    const outcomes: string[] = [];

    const clients = Array.from({ length: 8 }, async () => {
      while (!isOver) {
        const asked = { headers: { connection: "close" }, signal: AbortSignal.timeout(10_000) };
        const sent = fetch(`${server.origins[0]}/v1.0/$metadata`, asked).then((answer) => answer.text());
        outcomes.push(await sent.then(() => "answered", outcomeOf));
      }
    });
    for (let kills = 0; kills < 4; kills++) {
      const victim = await eventually(async () => served().find(({ workerPid }) => isAlive(workerPid)));
      const before = served().length;
      process.kill(victim.workerPid, "SIGKILL");
      await eventually(async () => (served().length > before ? true : undefined), 40);
    }
    isOver = true;
    await Promise.all(clients);

    expect(outcomes).toContain("answered");
    expect(outcomes.filter((each) => each === "TimeoutError")).toEqual([]);
  });

  test("replaces both with SIGUSR2, one after the other, and no request is lost", async () => {
    await using storage = await createStorage("postgres");
    await using server = await start(storage, "--drain-seconds", "3");
    const before = await untilTwoAnswer(storage, server);

    const load = addCustomers([server], Number.POSITIVE_INFINITY);
    server.signal("SIGUSR2");
    await eventually(async () => readLog(storage).find(({ msg }) => msg === "the workers were replaced"), 30);
    const acknowledged = await load.end();
    const customers = await server.send("GET", "/v1.0/customers?$count=true&$top=1");

    expect(load.failures).toEqual([]);
    expect(customers.json["@odata.count"]).toBe(acknowledged.size);
    expect(before.filter(isAlive)).toEqual([]);
  });

  test("loses no request that comes while one of them ends, and while who gives out the connections does not listen", async () => {
    await using storage = await createStorage("postgres");
    await using server = await start(storage);
    const [leaving = 0] = await untilTwoAnswer(storage, server);

    server.signal("SIGSTOP");
    const asked = Array.from({ length: 20 }, () =>
      fetch(`${server.origins[0]}/v1.0/$metadata`, { headers: { connection: "close" } }).then(
        (answer) => answer.status,
        reasonOf,
      ),
    );
    process.kill(leaving, "SIGTERM");
    await sleep(1_000);
    server.signal("SIGCONT");
    const answers = await Promise.all(asked);
    await eventually(async () => !isAlive(leaving) || undefined);

    expect(answers).toEqual(answers.map(() => 200));
  });

  test("has one key, one certificate and one page of metrics, whichever process is asked", async () => {
    await using storage = await createStorage("postgres", { migrated: false });
    await using server = await start(storage, "--tls", "auto", "--tls-port", "0");
    const [plain = "", secure = ""] = server.origins;
    const [, file = ""] = /NODE_EXTRA_CA_CERTS="(.*)"/.exec(server.banner) ?? [];
    const ca = readFileSync(file, "utf8");

    const statuses: number[] = [];
    for (let turn = 0; turn < 6; turn++) {
      statuses.push(await askOnce(`${secure}/v1.0/customers`, { ca, token: server.token }));
      const headers = { authorization: `Bearer ${server.token}`, connection: "close" };
      statuses.push((await fetch(`${plain}/v1.0/customers`, { headers })).status);
    }
    const scrapes: string[] = [];
    for (let turn = 0; turn < 4; turn++) {
      scrapes.push(await (await fetch(`${plain}/metrics`, { headers: { connection: "close" } })).text());
    }

    const counted = scrapes.map((text) =>
      sum(parseScrape(text), "tenantry_http_request_duration_seconds_count", { path: "/customers" }),
    );
    expect(statuses).toEqual(statuses.map(() => 200));
    expect(counted).toEqual([12, 12, 12, 12]);
    expect(new Set(workersOf(storage)).size).toBe(2);
    const samples = parseScrape(scrapes[0] ?? "");
    expect(sum(samples, "process_start_time_seconds")).toBeLessThan(Date.now() / 1000);
    expect(samples.filter(({ name }) => name === "tenantry_operations_due").map(({ value }) => value)).toEqual([
      0, 0, 0, 0,
    ]);
  });

  test.each(["SIGTERM", "SIGINT"] as const)("ends with all of them at %s, and ends well", async (signal) => {
    await using storage = await createStorage("postgres");
    await using server = await start(storage);
    const workers = await untilTwoAnswer(storage, server);

    const { code } = await server.end(signal);

    expect(code).toBe(0);
    expect(workers.filter(isAlive)).toEqual([]);
  });

  test("leaves no process behind when the one that looks after the others is killed", async () => {
    await using storage = await createStorage("postgres");
    await using server = await start(storage);
    const workers = await untilTwoAnswer(storage, server);

    await server.end("SIGKILL");
    const gone = await eventually(async () => (workers.some(isAlive) ? undefined : true));

    expect(gone).toBe(true);
  });

  test("says once why it cannot start, and ends", async () => {
    const url = "postgres://nobody:secret@127.0.0.1:1/nowhere";
    const { code, err } = await runCommand(["serve", "--port", "0", "--processes", "2", "--database-url", url]);

    expect(code).toBe(1);
    expect(err.match(/cannot reach its database/g)).toHaveLength(1);
    expect(err).not.toContain("secret");
  });
});

test("two servers on one database lose nothing and do nothing twice when one of them is killed under load", {
  timeout: 60_000,
}, async () => {
  await using storage = await createStorage("postgres");
  const flags = [...storage.flags, "--lease-seconds", "2", "--local-delay-seconds", "0.2"];
  await using killed = await startProcess(flags);
  await using other = await startProcess(flags);

  const load = addCustomers([killed, other], customerCount);
  await load.reaches(customerCount / 3);
  await killed.end("SIGKILL");
  const acknowledged = await load.end();
  await untilAllSucceeded(other);
  const operations = await other.send("GET", `${operationsPath}?$count=true`);
  const customers = await other.send("GET", "/v1.0/customers");
  await other.end("SIGTERM");

  expect(load.failures).not.toEqual([]);
  expect(operations.json["@odata.count"]).toBe(customerCount);
  expect(customers.json.value.map(({ id }: Json) => id).sort()).toEqual([...acknowledged.values()].sort());
  expect(await readMade(storage)).toEqual(madeOnce([...acknowledged.keys()]));
});

test.each([
  [["--processes", "2"], "--processes 2 needs PostgreSQL, so set --database-url"],
  [["--processes", "auto"], "--processes auto needs PostgreSQL, so set --database-url"],
  [["--processes", "0"], "--processes must be a whole number from 1 to 64, or auto; it is '0'."],
  [["--processes", "65"], "--processes must be a whole number from 1 to 64, or auto; it is '65'."],
  [["--processes", "many"], "--processes must be a whole number from 1 to 64, or auto; it is 'many'."],
])("serve %j is refused and told why", async (flags, message) => {
  await using storage = await createStorage("sqlite");

  const { code, err } = await runCommand(["serve", ...storage.flags, ...flags]);

  expect(code).toBe(2);
  expect(err).toContain(message);
});

function askOnce(url: string, { ca, token }: { readonly ca: string; readonly token: string }): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = https.get(url, { ca, agent: false, headers: { authorization: `Bearer ${token}` } }, (response) => {
      response.resume().once("end", () => resolve(response.statusCode ?? 0));
    });
    asked.once("error", reject);
  });
}
