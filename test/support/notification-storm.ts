import { expect } from "vitest";
import { everyPartner } from "../../src/store/database.ts";
import { raw } from "../../src/store/sql.ts";
import { createStorage, type ServerProcess, type Storage, startProcess } from "./process.ts";
import { type Receiver, startReceiver, subscriptionBody } from "./receiver.ts";
import { type Engine, eventually, type Json, newDomain } from "./service.ts";

/** How much is done, by how many writers at a time, to how many customers of each. */
interface Extent {
  readonly changes: number;
  readonly writers: number;
  readonly customersOfEach: number;
}

/** Servers on one database, writers that change customers through them, and receivers that fare in different ways. */
export interface Storm extends AsyncDisposable {
  readonly subscribers: Readonly<Record<"slow" | "failing" | "down", Receiver & { readonly subscriptionId: string }>>;
  /** Makes all the changes, and tells after each step how many have been made. */
  write(extent: Extent, onProgress: (made: number) => Promise<void>): Promise<void>;
  /** Kills one of the servers with no warning and starts another in its place. */
  kill(index: number): Promise<void>;
  /** The changes in the log that a subscriber must be told, in the order of the log. */
  expected(
    subscriber: keyof Storm["subscribers"],
    changeTypes: readonly string[],
    tier?: string,
  ): Promise<readonly Json[]>;
  send(method: string, path: string, body?: object): Promise<Json>;
}

const stormLimits = [
  "requestsPerMinuteMax=1000000000",
  "notificationRetryMillisecondsMin=20",
  "notificationRetryMillisecondsMax=300",
  "pollMilliseconds=100",
].join(",");

/** Starts servers on a new database of an engine, and the receivers with their subscriptions. */
export async function startStorm(engine: Engine, servers: number): Promise<Storm> {
  const storage = await createStorage(engine);
  const flags = [...storage.flags, "--lease-seconds", "1", "--limits", stormLimits];
  const processes: ServerProcess[] = [];
  for (let index = 0; index < servers; index++) processes.push(await startProcess(flags));

  // The first server may be gone at any moment: whoever asks it then asks again.
  const send = (method: string, path: string, body?: object): Promise<Json> =>
    eventually(async () => {
      try {
        const answer = await processes[0]?.send(method, `/v1.0${path}`, body);
        return answer !== undefined && answer.status < 500 ? answer.json : undefined;
      } catch {
        return undefined;
      }
    }, 60);
  const subscribers = await startSubscribers(send);
  return {
    subscribers,
    send,
    write: (extent, onProgress) => write(send, extent, onProgress),
    async kill(index) {
      await processes[index]?.end("SIGKILL");
      processes[index] = await startProcess(flags);
    },
    async expected(subscriber, changeTypes, tier) {
      for (const each of processes) await each.end("SIGTERM");
      return readLog(storage, subscribers[subscriber].subscriptionId, changeTypes, tier);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(processes.map((each) => each[Symbol.asyncDispose]()));
      await Promise.all(Object.values(subscribers).map((each) => each[Symbol.asyncDispose]()));
      await storage[Symbol.asyncDispose]();
    },
  };
}

/** Holds what a subscriber has taken against the log: everything at least once, and of each entity in order. */
export function expectTold(told: readonly Json[], subscriptionId: string, expected: readonly Json[]): void {
  // The name of the log stands between the subscription and the position.
  const taken = told.map(({ id, resource }) => ({ id: id.replace(/_[0-9a-f]{8}_/, "_"), resource }));
  const ids = expected.map(({ position }) => `${subscriptionId}_${position}`);
  const seen = new Set(taken.map(({ id }) => id));
  expect(ids.filter((id) => !seen.has(id))).toEqual([]);
  expect([...seen].filter((id) => !ids.includes(id))).toEqual([]);
  const rank = new Map(ids.map((id, index) => [id, index]));
  const last = new Map<string, number>();
  const first = taken.filter(({ id }, index) => taken.findIndex((each) => each.id === id) === index);
  const disorder = first.filter(({ id, resource }) => {
    const at = rank.get(id) ?? -1;
    const isBehind = at < (last.get(resource) ?? -1);
    last.set(resource, Math.max(at, last.get(resource) ?? -1));
    return isBehind;
  });
  expect(disorder).toEqual([]);
}

async function startSubscribers(send: Storm["send"]): Promise<Storm["subscribers"]> {
  const start = async (more: object) => {
    const receiver = await startReceiver();
    const { id } = await send("POST", "/subscriptions", subscriptionBody(receiver.url, more));
    return Object.assign(receiver, { subscriptionId: String(id) });
  };
  const slow = await start({ changeType: "updated" });
  slow.answer = async () => {
    await new Promise((resolve) => setTimeout(resolve, 250));
    return { status: 202 };
  };
  const failing = await start({});
  let turn = 0;
  failing.answer = async () => (turn++ % 2 === 0 ? { status: 500 } : { status: 202 });
  const down = await start({ notificationQueryOptions: "$filter=metadata/tier eq 'gold'" });
  down.answer = async () => "drop";
  return { slow, failing, down };
}

async function write(
  send: Storm["send"],
  { changes, writers, customersOfEach }: Extent,
  onProgress: (made: number) => Promise<void>,
): Promise<void> {
  let made = 0;
  const size = customersOfEach;
  const quoted = (ids: readonly string[]) => ids.map((id) => `'${id}'`).join(",");
  const writer = async (number: number) => {
    const ids: string[] = [];
    for (let count = 0; count < customersOfEach; count++) {
      const metadata = { tier: (count + number) % 2 === 0 ? "gold" : "tin" };
      const body = { companyProfile: { domain: newDomain() }, billingProfile: {}, metadata };
      ids.push((await send("POST", "/customers", body)).id);
    }
    // From then on nobody but the writer changes them, and a batch changes each of them once.
    await eventually(async () => {
      const { value } = await send("GET", `/customers?$select=lifecycleState&$filter=id in (${quoted(ids)})`);
      return value.every((each: Json) => each.lifecycleState === "active") ? true : undefined;
    }, 60);
    for (let done = 0; done < changes / writers; done += size) {
      const requests = Array.from({ length: size }, (_, index) => ({
        id: String(index),
        method: "PATCH",
        url: `/customers/${ids[(done + index) % ids.length]}`,
        headers: { "content-type": "application/json" },
        body: { metadata: { step: String(done + index) } },
      }));
      const { responses } = await send("POST", "/$batch", { requests });
      for (const { status } of responses) expect(status).toBe(200);
      made += size;
      await onProgress(made);
    }
  };
  await Promise.all(Array.from({ length: writers }, (_, number) => writer(number)));
}

async function readLog(storage: Storage, subscriptionId: string, changeTypes: readonly string[], tier?: string) {
  const database = storage.open();
  try {
    const order = database.dialect.changeOrder.map(({ column }) => `c."${column}"`).join(", ");
    const types = changeTypes.map((each) => `'${each}'`).join(", ");
    const ofTier = tier === undefined ? "" : `and e."metadata" like '%"tier":"${tier}"%'`;
    return await database.read(
      everyPartner,
      raw(`select c."position", c."entityId", c."changeType" from "changes" as c
        join "customers" as e on e."partnerId" = c."partnerId" and e."id" = c."entityId" ${ofTier}
        where c."entitySet" = 'customers' and c."changeType" in (${types})
          and c."position" > (select min(s."position") from "changes" as s where s."entityId" = '${subscriptionId}')
        order by ${order}`),
    );
  } finally {
    await database.close();
  }
}
