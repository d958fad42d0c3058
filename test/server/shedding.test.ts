import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Listener, listen } from "../../src/server/listen.ts";
import { meddle } from "../support/failing-database.ts";
import { parseScrape, sum } from "../support/scrape.ts";
import { eventually, newDomain, type Service, signToken, startService } from "../support/service.ts";
import { handleOf } from "./answering.ts";

const most = 3;

describe("a server with as many requests under way as it takes on", () => {
  const { meddling, through } = meddle();
  let service: Service;
  let listener: Listener;
  let headers: Readonly<Record<string, string>>;
  beforeAll(async () => {
    service = await startService("sqlite", { limits: { concurrentRequestsMax: most }, through });
    listener = await listen(service.context, await handleOf(service), { host: "127.0.0.1", port: 0 });
    headers = { authorization: `Bearer ${await signToken()}`, "content-type": "application/json" };
  });
  afterAll(async () => {
    await listener.close();
    await service[Symbol.asyncDispose]();
  });

  const read = (signal?: AbortSignal) =>
    fetch(`${listener.origin}/v1.0/customers`, { headers, ...(signal === undefined ? {} : { signal }) });
  const write = () =>
    fetch(`${listener.origin}/v1.0/customerCreationOperations`, {
      method: "POST",
      headers,
      body: JSON.stringify({ domain: newDomain() }),
    });

  /** Holds reads back in the database until it is told to let go; tells how many wait there. */
  function holdReads() {
    let waiting = 0;
    const gate = Promise.withResolvers<void>();
    meddling.beforeRead = () => {
      waiting += 1;
      return gate.promise;
    };
    return {
      held: () => eventually(async () => (waiting === most ? true : undefined)),
      letGo() {
        meddling.beforeRead = () => undefined;
        gate.resolve();
      },
    };
  }

  test("refuses one more with 503 and says when to try again, still tells its health, and recovers", async () => {
    const { held, letGo } = holdReads();
    const underWay = Array.from({ length: most }, () => read());
    await held();
    const refused = await write();
    const body = await refused.json();
    const alive = await fetch(`${listener.origin}/healthz`);
    letGo();
    const finished = await Promise.all(underWay);

    const afterwards = await write();

    expect(refused.status).toBe(503);
    expect(body).toMatchObject({
      error: { code: "serviceUnavailable", innerError: { code: "serviceNotAvailable" } },
    });
    expect(refused.headers.get("retry-after")).toBe("1");
    expect(refused.headers.get("ratelimit-limit")).toBeNull();
    expect(alive.status).toBe(200);
    expect(finished.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(afterwards.status).toBe(201);
    expect(await service.changes()).toEqual(["customerCreationOperations created"]);
    const { text } = await service.context.metrics.print();
    expect(sum(parseScrape(text), "tenantry_http_requests_shed_total")).toBe(1);
  });

  test("does not count requests whose clients have gone away", async () => {
    const { held, letGo } = holdReads();
    const gone = new AbortController();
    const underWay = Array.from({ length: most }, () => read(gone.signal).catch(() => undefined));
    await held();
    gone.abort();
    await Promise.all(underWay);

    const { status } = await eventually(async () => {
      const answer = await write();
      return answer.status === 503 ? undefined : answer;
    });
    letGo();

    expect(status).toBe(201);
  });
});
