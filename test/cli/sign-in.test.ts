import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import Provider, { type Configuration } from "oidc-provider";
import { expect, test } from "vitest";
import { localCertificate } from "../../src/cli/certificates.ts";
import { createStorage, startProcess } from "../support/process.ts";
import { partner } from "../support/service.ts";

const audience = "api://tenantry";
const scope = `${audience}/.default`;
const client = { id: "integration", secret: "a secret of the test" };
const msal = fileURLToPath(new URL("../support/msal-token.ts", import.meta.url));

/** Starts a certified OpenID Connect provider on https; its client may read customers and change none. */
async function startProvider(directory: string) {
  const { cert, key, caFile } = await localCertificate(directory);
  const server = createServer({ cert, key });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const url = `https://localhost:${port}`;
  const configuration: Configuration = {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        grant_types: ["client_credentials"],
        redirect_uris: [],
        response_types: [],
      },
    ],
    scopes: [scope],
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        getResourceServerInfo: () => ({
          scope,
          audience,
          accessTokenFormat: "jwt",
          accessTokenTTL: 600,
          jwt: { sign: { alg: "RS256" } },
        }),
      },
    },
    extraTokenClaims: () => ({ tid: partner, roles: ["Customer.Read.All"], azp: client.id }),
  };
  server.on("request", new Provider(url, configuration).callback());
  return {
    url,
    caFile,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test("a program that signs in with MSAL at a real OpenID Connect provider is let in, as far as its roles go", async () => {
  await using storage = await createStorage("sqlite");
  await using provider = await startProvider(storage.directory);
  const trust = { NODE_EXTRA_CA_CERTS: provider.caFile };
  const keys = join(storage.directory, "keys");
  writeFileSync(keys, randomBytes(32).toString("base64"));
  const flags = ["--issuer", provider.url, "--audience", audience, "--credential-keys-file", keys];
  await using server = await startProcess([...storage.flags, ...flags], trust);

  const { stdout } = await promisify(execFile)(
    process.execPath,
    [msal, provider.url, client.id, client.secret, scope],
    { env: { ...process.env, ...trust } },
  );
  const { token, type } = JSON.parse(stdout);
  const send = (method: string, body?: object) =>
    fetch(`${server.origins[0]}/v1.0/customers`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const read = await send("GET");
  const written = await send("POST", { companyProfile: { domain: "contoso.onmicrosoft.com" }, billingProfile: {} });
  const { error } = JSON.parse(await written.text());

  expect(type).toBe("Bearer");
  expect(read.status).toBe(200);
  expect([written.status, error.code]).toEqual([403, "forbidden"]);
  expect(error.message).toContain("Customer.ReadWrite.All");
});
