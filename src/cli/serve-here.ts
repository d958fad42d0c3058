import cluster from "node:cluster";
import { once } from "node:events";
import { permissions } from "../onboarding/permissions.ts";
import { closeOnSignal } from "./close-on-signal.ts";
import type { Configuration } from "./config.ts";
import { readDevelopmentKey, signToken } from "./development-key.ts";
import { markAtOnce } from "./mark-at-once.ts";
import { startServer } from "./start.ts";
import type { Running } from "./start-on.ts";
import { defaultPartner } from "./token.ts";
import { isLeave, type Ready } from "./worker-messages.ts";

/** Starts the server in this process and prints where it is; it runs until a signal ends it. */
export async function serveHere(configuration: Configuration): Promise<void> {
  // On SQLite a second thread is at work meanwhile, and adding customers was a little slower with it.
  if (configuration.databaseUrl !== undefined) markAtOnce();
  try {
    const running = await startServer(configuration);
    const close = async () => {
      await running.close();
      await partFromOthers();
    };
    const end = closeOnSignal(close, configuration);
    tell(await printBanner(configuration, running), end);
  } catch (error) {
    // What connects a worker to the others would keep it alive.
    cluster.worker?.disconnect();
    throw error;
  }
}

/**
 * Goes on until the process that started this worker knows that it takes no connection any more. One that was on its way
 * meanwhile goes back, and another worker gets it; it would be lost with this process.
 */
async function partFromOthers(): Promise<void> {
  const { worker } = cluster;
  if (!worker?.isConnected()) return;
  const parted = once(worker, "disconnect");
  worker.disconnect();
  await parted;
}

/** Prints that the server is ready; as a worker it leaves that to the process that started it, and ends at its word. */
function tell(banner: string, end: () => void): void {
  if (process.send === undefined || !cluster.isWorker) {
    process.stdout.write(banner);
    return;
  }
  process.on("message", (message) => {
    if (isLeave(message)) end();
  });
  process.send({ tenantry: "ready", banner } satisfies Ready);
}

async function printBanner(configuration: Configuration, running: Running): Promise<string> {
  const [origin = ""] = running.origins;
  const lines = [
    "",
    "  Tenantry is ready.",
    "",
    ...running.origins.map((each) => `  ${each}/v1.0`),
    `  ${origin}/v1.0/$metadata`,
    `  ${origin}/v1.0/openapi.json`,
    `  ${origin}/readyz`,
    ...(configuration.development ? [] : [`  ${origin}/portal/`]),
    ...(running.metricsUrl === undefined ? [] : [`  ${running.metricsUrl}`]),
    "",
    `  Database: ${configuration.databaseUrl === undefined ? `embedded, in ${configuration.dataDirectory}` : "PostgreSQL"}`,
    "",
    ...(running.caFile === undefined
      ? []
      : ["  For clients on https:", "", `export NODE_EXTRA_CA_CERTS=${JSON.stringify(running.caFile)}`, ""]),
    ...(configuration.development ? await printFirstSteps(configuration, origin) : []),
  ];
  return `${lines.join("\n")}\n`;
}

async function printFirstSteps({ dataDirectory }: Configuration, origin: string): Promise<readonly string[]> {
  const key = await readDevelopmentKey(dataDirectory);
  const token = await signToken(key, { partnerId: defaultPartner, permissions, expires: "12h" });
  return [
    "  The portal, signed in for 12 hours:",
    "",
    `  ${origin}/portal/#token=${token}`,
    "",
    "  Development mode: whoever can read the data directory can sign tokens. This one is good for 12 hours:",
    "",
    `export TOKEN=${token}`,
    "",
    "  Add a customer: open an operation, then attach the customer to it (paste all lines, in the shell of the token):",
    "",
    `OPERATION=$(curl -s ${origin}/v1.0/customerCreationOperations \\`,
    `  -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \\`,
    `  -d "{\\"domain\\":\\"contoso$RANDOM.onmicrosoft.com\\"}" | sed 's/.*"id":"\\([^"]*\\)".*/\\1/')`,
    `curl -i "${origin}/v1.0/customerCreationOperations/$OPERATION/customer/\\$ref" \\`,
    `  -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \\`,
    `  -d '{"companyProfile":{},"billingProfile":{"companyName":"Contoso"}}'`,
    "",
  ];
}
