import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import tls from "node:tls";
import { Client, PageIterator } from "@microsoft/microsoft-graph-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { localCertificate } from "../../src/cli/certificates.ts";
import { authenticator } from "../../src/server/authenticate.ts";
import { service as serviceOn } from "../../src/server/handle.ts";
import { type Listener, listen } from "../../src/server/listen.ts";
import { createCustomer, settle } from "../support/delta.ts";
import { audience, engines, issuer, keys, type Service, signToken, startService } from "../support/service.ts";

// Both servers show the same certificate: two authorities of one name could not be told apart.
const directory = mkdtempSync(join(tmpdir(), "tenantry-client-"));
const { cert, key, caFile } = await localCertificate(directory);
// The client sends its token over https alone, and asks Node whom to trust.
tls.setDefaultCACertificates([...tls.getCACertificates("default"), readFileSync(caFile, "utf8")]);
afterAll(() => rmSync(directory, { recursive: true }));

describe.each(engines)("the official client follows delta on %s", (engine) => {
  let service: Service;
  let listener: Listener;
  let client: Client;
  beforeAll(async () => {
    service = await startService(engine);
    const handle = serviceOn(
      service.context,
      authenticator([{ issuer, audiences: [audience], keys: { jwks: (await keys).jwks } }]),
    );
    listener = await listen(service.context, handle, { host: "127.0.0.1", port: 0, tls: { cert, key } });
    const token = await signToken();
    client = Client.init({
      authProvider: (done) => done(null, token),
      baseUrl: `${listener.origin}/`,
      defaultVersion: "v1.0",
      customHosts: new Set(["127.0.0.1"]),
    });
  });
  afterAll(async () => {
    await listener.close();
    await service[Symbol.asyncDispose]();
  });

  test("PageIterator goes through all pages and gives the link to the next round", async () => {
    const ids: string[] = [];
    for (let count = 0; count < 5; count++) ids.push(await createCustomer(service));

    const first = await iterate("/customers/delta()?$top=2&$select=id,externalId");
    await service.patch(`/customers/${ids[1]}`, { externalId: "changed" });
    await service.delete(`/customers/${ids[0]}`);
    const second = await iterate(first.deltaLink);
    const third = await iterate(second.deltaLink);

    expect(first.values.map(({ id }) => id)).toEqual(ids);
    expect(second.values).toEqual([
      { "@odata.etag": expect.any(String), id: ids[1], externalId: "changed" },
      { id: ids[0], "@removed": { reason: "deleted" } },
    ]);
    expect(third.values).toEqual([]);
  });

  test("the options that the client builds are carried by the links", async () => {
    const id = await createCustomer(service, { externalId: "built" });
    await settle(service);

    const page = await client
      .api("/customers/microsoft.graph.delta()")
      .filter("externalId eq 'built'")
      .select("externalId")
      .top(1)
      .get();
    const rest = page["@odata.deltaLink"] ?? (await iterate(page["@odata.nextLink"])).deltaLink;
    const after = await client.api(rest).get();

    expect(page.value).toEqual([{ "@odata.etag": expect.any(String), id, externalId: "built" }]);
    expect(after.value).toEqual([]);
  });

  test("a token that is unknown tells the client where to begin anew", async () => {
    const asked = client.api("/customers/delta?$deltatoken=unknown").get();

    await expect(asked).rejects.toMatchObject({ statusCode: 410, code: "gone" });
  });

  async function iterate(from: string) {
    await settle(service);
    const values: { readonly id: string }[] = [];
    const page = await client.api(from).get();
    const iterator = new PageIterator(client, page, (value) => {
      values.push(value);
      return true;
    });
    await iterator.iterate();
    const deltaLink = iterator.getDeltaLink();
    expect(iterator.isComplete()).toBe(true);
    return { values, deltaLink: String(deltaLink) };
  }
});
