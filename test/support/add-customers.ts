import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { ServerProcess } from "./process.ts";
import { eventually, newDomain } from "./service.ts";

const clients = 8;
const pauseMilliseconds = 50;
const operationsPath = "/v1.0/customerCreationOperations";
const customer = { companyProfile: {}, billingProfile: { companyName: "Contoso" } };

/** Customers that are being added to a server. */
export interface Load {
  /** What did not come to an answer, or was refused for a while, and was sent again. */
  readonly failures: readonly string[];
  /** Waits until so many are acknowledged. */
  reaches(count: number): Promise<true>;
  /** Waits for what was begun, or, of a load without end, ends it. Gives the customers by their operations. */
  end(): Promise<ReadonlyMap<string, string>>;
  /** Sends nothing again, as the servers are gone, and gives what was acknowledged. */
  abandon(): Promise<ReadonlyMap<string, string>>;
}

/** What went wrong; fetch itself says only that it failed. */
export function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause === undefined ? String(error) : `${String(error)}: ${String(cause)}`;
}

/**
 * Adds customers, several at a time, to servers in turn. What is not answered, or is answered 5xx, is sent again under the same key until it
 * is, as the client does; any other answer ends the load.
 */
export function addCustomers(servers: readonly ServerProcess[], count: number): Load {
  const acknowledged = new Map<string, string>();
  const failures: string[] = [];
  let begun = 0;
  let turn = 0;
  let isOver = false;
  let isAbandoned = false;

  async function send(path: string, body: object): Promise<Response | undefined> {
    const key = randomUUID();
    while (!isAbandoned) {
      const { origins, token } = servers[turn++ % servers.length] ?? { origins: [], token: "" };
      const headers = {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        "idempotency-key": key,
      };
      const sent = fetch(`${origins[0]}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
      const outcome = await sent.catch(reasonOf);
      if (typeof outcome !== "string" && outcome.ok) return outcome;
      const what = typeof outcome === "string" ? outcome : `${outcome.status} ${await outcome.text()}`;
      if (typeof outcome !== "string" && outcome.status < 500) throw new Error(`${path} was answered ${what}`);
      failures.push(what);
      await sleep(pauseMilliseconds);
    }
    return undefined;
  }

  async function add(): Promise<void> {
    while (begun < count && !isOver) {
      begun++;
      const opened = await send(operationsPath, { domain: newDomain() });
      if (opened === undefined) return;
      const { id } = JSON.parse(await opened.text());
      const attached = await send(`${operationsPath}/${id}/customer/$ref`, customer);
      if (attached === undefined) return;
      acknowledged.set(String(id), attached.headers.get("location")?.split("/").at(-1) ?? "");
    }
  }

  const running = Promise.all(Array.from({ length: clients }, add));
  return {
    failures,
    reaches: (wanted) => eventually(async () => (acknowledged.size >= wanted ? true : undefined)),
    async end() {
      isOver = !Number.isFinite(count);
      await running;
      return acknowledged;
    },
    async abandon() {
      isOver = true;
      isAbandoned = true;
      await running;
      return acknowledged;
    },
  };
}
