import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:https";
import { join } from "node:path";
import { TLSSocket } from "node:tls";
import { generate } from "selfsigned";
import { expect, test } from "vitest";
import { outsideOf } from "../support/outside.ts";
import { createStorage, startProcess } from "../support/process.ts";
import { subscriptionBody } from "../support/receiver.ts";

test("a receiver with https is believed by its certificate, and spoken to in a version of TLS that it understands", async () => {
  const altNames = [{ type: 2, value: "localhost" } as const];
  const pair = await generate([{ name: "commonName", value: "localhost" }], {
    extensions: [
      { name: "basicConstraints", cA: true },
      { name: "subjectAltName", altNames },
    ],
  });
  const versions: unknown[] = [];
  const server = createServer({ cert: pair.cert, key: pair.private }, (request, response) => {
    const token = new URL(request.url ?? "/", "https://localhost").searchParams.get("validationToken");
    if (request.socket instanceof TLSSocket) versions.push(request.socket.getProtocol());
    response.writeHead(200, { "content-type": "text/plain" }).end(token ?? "");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  await using receiver = outsideOf(server);
  await using storage = await createStorage("sqlite");
  const file = join(storage.directory, "ca.crt");
  writeFileSync(file, pair.cert);
  const url = `https://localhost:${receiver.port}/notify`;

  const stranger = await startProcess(storage.flags);
  const refused = await stranger.send("POST", "/v1.0/subscriptions", subscriptionBody(url));
  await stranger.end("SIGTERM");
  await using believer = await startProcess(storage.flags, { NODE_EXTRA_CA_CERTS: file });
  const older = await believer.send("POST", "/v1.0/subscriptions", subscriptionBody(url));
  const newer = await believer.send(
    "POST",
    "/v1.0/subscriptions",
    subscriptionBody(url, { latestSupportedTlsVersion: "v1_3" }),
  );

  expect([refused.status, older.status, newer.status]).toEqual([400, 201, 201]);
  expect(refused.json.error.message).toMatch(/could not be reached \(\w*CERT\w*\)/);
  expect(versions).toEqual(["TLSv1.2", "TLSv1.3"]);
});
