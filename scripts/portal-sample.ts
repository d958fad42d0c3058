import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { readConfiguration } from "../src/cli/config.ts";
import { readDevelopmentKey, signToken } from "../src/cli/development-key.ts";
import { startServer } from "../src/cli/start.ts";
import { defaultPartner } from "../src/cli/token.ts";
import { permissions } from "../src/onboarding/permissions.ts";
import { sampleCustomer } from "../test/portal/sample-customers.ts";
import { startOutside } from "../test/support/outside.ts";

/** A running server with two weeks of customers, operations and deliveries in it. */
export interface SampleServer {
  readonly origin: string;
  readonly token: string;
  send(method: string, path: string, body?: object): ReturnType<typeof JSON.parse>;
}

const customersMade = 120;
const failing: Readonly<Record<number, "failemail" | "failtenant">> = {
  40: "failemail",
  71: "failtenant",
  99: "failemail",
};
const settleMilliseconds = 3_000;
const dayMilliseconds = 86_400_000;
const daysShown = 14;

/** Runs something with a server that has what pictures of a portal need; the server is gone afterwards. */
export async function withSampleServer(use: (server: SampleServer) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "tenantry-sample-"));
  // One receiver that takes what it is sent, and one that never does.
  await using receiver = await startOutside(async ({ url }) => {
    const validation = new URL(url, "http://receiver.example").searchParams.get("validationToken");
    if (validation !== null) return { status: 200, headers: { "content-type": "text/plain" }, body: validation };
    return { status: url.startsWith("/busy") ? 503 : 202 };
  });
  try {
    await withServer(directory, (server) => fill(server, receiver.origin));
    spreadOverDays(directory);
    await withServer(directory, use);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

async function withServer(directory: string, use: (server: SampleServer) => Promise<void>): Promise<void> {
  const running = await startServer(readConfiguration({ dataDirectory: directory, port: "0", logLevel: "silent" }, {}));
  const origin = running.origins[0] ?? "";
  const key = await readDevelopmentKey(directory);
  const token = await signToken(key, { partnerId: defaultPartner, permissions, expires: "1h" });
  const send: SampleServer["send"] = async (method, path, body) => {
    const response = await fetch(`${origin}/v1.0${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  };
  try {
    await use({ origin, token, send });
  } finally {
    await running.close();
  }
}

async function fill({ send }: SampleServer, receiver: string): Promise<void> {
  await subscribe("customers", `${receiver}/notifications`);
  await subscribe("customerCreationOperations", `${receiver}/busy`);
  for (let index = 0; index < customersMade; index += 1) {
    await send("POST", "/customers", sampleCustomer(index, failing[index]));
  }
  await send("POST", "/customerCreationOperations", { domain: "waiting.onmicrosoft.com" });
  await new Promise((resolve) => setTimeout(resolve, settleMilliseconds));

  async function subscribe(resource: string, notificationUrl: string): Promise<void> {
    const expirationDateTime = new Date(Date.now() + daysShown * dayMilliseconds).toISOString();
    const changeType = "created,updated,deleted";
    const { id } = await send("POST", "/subscriptions", { resource, changeType, notificationUrl, expirationDateTime });
    await send("POST", `/subscriptions/${id}/sendTestNotification`, {});
  }
}

// A picture of a service of one day shows little.
function spreadOverDays(directory: string): void {
  const database = new Sqlite(join(directory, "tenantry.db"));
  const rows = database.prepare<[], { id: string }>(`select "id" from "customers" order by "id"`).all();
  const update = database.prepare(`update "customers" set "createdDateTime" = ? where "id" = ?`);
  for (const [index, { id }] of rows.entries()) {
    const daysAgo = Math.floor((daysShown - 1) * (1 - Math.sqrt((index + 1) / rows.length)));
    update.run(new Date(Date.now() - daysAgo * dayMilliseconds).toISOString(), id);
  }
  database.close();
}
