import { once } from "node:events";
import { createServer } from "node:http";
import { performance } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";

/** How long notifications took, in milliseconds: from the sending of a change to its arrival at the receiver. */
export interface NotificationLatency {
  readonly samples: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

const answerSecondsMax = 10;
const samples = 300;
const pauseMilliseconds = 25;

/**
 * W6: how soon a change is told while a server has nothing else to do. A customer is changed, and the next change is made
 * when its notification has come. The time that the change itself takes is part of what is measured: its commit is within.
 */
export async function measureNotifications({
  origin,
  token,
}: {
  readonly origin: string;
  readonly token: string;
}): Promise<NotificationLatency> {
  let arrived = Promise.withResolvers<number>();
  const receiver = createServer((request, response) => {
    const asked = new URL(request.url ?? "/", "http://receiver.example").searchParams.get("validationToken");
    request.resume().on("end", () => {
      if (asked === null) arrived.resolve(performance.now());
      response.writeHead(asked === null ? 202 : 200, { "content-type": "text/plain" }).end(asked ?? undefined);
    });
  });
  receiver.listen(0, "127.0.0.1");
  await once(receiver, "listening");
  const address = receiver.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const send = async (method: string, path: string, body?: object) => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(`${origin}/v1.0${path}`, { method, headers, ...sent });
    if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}.`);
    return JSON.parse(await response.text());
  };
  try {
    const { value: customers } = await send("GET", "/customers?$top=1");
    const customerId = customers[0].id;
    await send("POST", "/subscriptions", {
      changeType: "updated",
      resource: `customers/${customerId}`,
      notificationUrl: `http://127.0.0.1:${port}/`,
      expirationDateTime: new Date(Date.now() + 3_600_000).toISOString(),
    });
    const taken: number[] = [];
    for (let sample = 0; sample < samples; sample++) {
      arrived = Promise.withResolvers<number>();
      const begun = performance.now();
      await send("PATCH", `/customers/${customerId}`, { metadata: { sample: String(sample) } });
      const late = pause(answerSecondsMax * 1000, Number.POSITIVE_INFINITY, { ref: false });
      taken.push((await Promise.race([arrived.promise, late])) - begun);
      await pause(pauseMilliseconds);
    }
    return summarize(taken);
  } finally {
    receiver.closeAllConnections();
    receiver.close();
  }
}

function summarize(taken: readonly number[]): NotificationLatency {
  const sorted = taken.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return { samples: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}
