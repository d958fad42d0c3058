import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { profiles } from "../../src/odata/profile.ts";
import { settle } from "../support/delta.ts";
import { engines, type Json, type Service, startService } from "../support/service.ts";
import { expectRefusal, sendAttempt, stateOf } from "./refusal.ts";
import { answersOf, sendBatch } from "./send-batch.ts";
import { addCustomer, minimal, openWorld, type World } from "./world.ts";

/** What a client that asks for a version sends, and how it is answered. */
const asked = [
  ["4.0", "oasis40"],
  ["4.01", "oasis401"],
  ["4.02", "oasis401"],
  ["5.0", "oasis401"],
] as const;

describe.each(engines)("the profiles on %s", (engine) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(engine);
  });
  afterAll(() => world.service[Symbol.asyncDispose]());

  const get = (path: string, headers: Readonly<Record<string, string>> = {}) =>
    sendAttempt(world, { method: "GET", path, headers });
  const inVersion = (path: string, version: string, more: Readonly<Record<string, string>> = {}) =>
    get(path, { "odata-maxversion": version, ...more });

  describe.each(asked)("with OData-MaxVersion %s", (version, name) => {
    const profile = profiles[name];
    const { control } = profile;

    test("every answer says its version: one with a body, one without, a refusal and a document", async () => {
      const read = await inVersion("/customers", version);
      const absent = await inVersion("/customers/{nothing}", version);
      const body = { metadata: { tier: "gold" } };
      const headers = { "odata-maxversion": version, prefer: "return=minimal" };
      const changed = await sendAttempt(world, { method: "PATCH", path: "/customers/{active}", body, headers });
      const metadata = await inVersion("/$metadata", version);

      expect(read.headers["OData-Version"]).toBe(profile.version);
      expect(changed).toMatchObject({ status: 204, headers: { "OData-Version": profile.version } });
      expectRefusal(absent, { status: 404, code: "itemNotFound", profile: name });
      expect(absent.json.error).not.toHaveProperty("innerError");
      expect(metadata.headers["OData-Version"]).toBe(profile.version);
      expect(metadata.text).toContain(`<edmx:Edmx Version="${profile.version}"`);
    });

    test("control information has the names of that version", async () => {
      const operation = "/customerCreationOperations/{done}?$expand=customer($count=true)";

      const page = await inVersion("/customers?$count=true", version, { prefer: "maxpagesize=1" });
      const full = await inVersion(operation, version, { accept: "application/json;odata.metadata=full" });
      const references = await inVersion("/customerCreationOperations/{done}/customer/$ref", version);
      const delta = await inVersion("/customers/delta", version);
      const service = await inVersion("/", version);

      expect(Object.keys(page.json)).toEqual([control.context, control.count, "value", control.nextLink]);
      expect(page.json.value[0]).toHaveProperty([control.etag]);
      for (const each of ["type", "id", "editLink", "etag"] as const) expect(full.json).toHaveProperty([control[each]]);
      for (const each of ["count", "navigationLink", "associationLink"] as const) {
        expect(full.json).toHaveProperty([`customer${control[each]}`]);
      }
      expect(full.json[`createdDateTime${control.type}`]).toBe(`${profile.primitiveMark}DateTimeOffset`);
      expect(full.json[`status${control.type}`]).toBe("#microsoft.graph.customerCreationOperationStatus");
      expect(references.json.value[0]).toHaveProperty([control.id]);
      expect(delta.json).toHaveProperty([control.deltaLink]);
      expect(service.json).toHaveProperty([control.context]);
      const texts = [page, full, references, delta, service].map(({ text }) => text).join();
      expect(texts.includes("@odata.")).toBe(profile.version === "4.0");
    });

    test("the type says what was asked for, in the spelling of that version", async () => {
      const prefix = profile.version === "4.0" ? "odata." : "";
      const accept = "application/json;odata.metadata=none;streaming=true;IEEE754Compatible=true;charset=utf-8";

      const plain = await inVersion("/customers", version);
      const detailed = await inVersion("/customers", version, { accept });

      expect(plain.headers["Content-Type"]).toBe(`application/json;${prefix}metadata=minimal`);
      expect(detailed.headers["Content-Type"]).toBe(
        `application/json;${prefix}metadata=none;${prefix}streaming=true;IEEE754Compatible=true;charset=utf-8`,
      );
    });

    test("$top limits all pages together, and each of them counts everything", async () => {
      const pages: Json[] = [];
      let path = "/customers?$top=2&$count=true&$skip=1";
      for (let page: Json; path !== ""; path = page[control.nextLink]?.slice(world.names["root"]?.length) ?? "") {
        page = (await inVersion(path, version, { prefer: "maxpagesize=1" })).json;
        pages.push(page);
      }

      expect(pages.map(({ value }) => value.length)).toEqual([1, 1]);
      expect(pages.map((page) => page[control.count])).toEqual([3, 3]);
      expect(pages[0][control.nextLink]).toContain("$top=1&");
    });

    test("a page that holds all that $top asks for has no next one", async () => {
      const page = await inVersion("/customers?$top=2", version);

      expect(page.json.value).toHaveLength(2);
      expect(page.json).not.toHaveProperty([control.nextLink]);
    });
  });

  test("without it $top is the size of a page, and only the first one counts", async () => {
    const first = await get("/customers?$top=2&$count=true");
    const last = await get(first.json["@odata.nextLink"].slice(world.names["root"]?.length));

    expect(first.json["@odata.count"]).toBe(3);
    expect(last.json.value).toHaveLength(1);
    expect(last.json).not.toHaveProperty(["@odata.count"]);
    expect(first.json["@odata.nextLink"]).toContain("$top=2&");
  });

  test("answers may differ by it, and say so", async () => {
    expect((await get("/customers")).headers["Vary"]).toMatch(/\bOData-MaxVersion\b/);
  });

  test("delta tells 4.0 of a deleted entity in the shape of 4.0, and everybody else in that of 4.01", async () => {
    const { customer } = await addCustomer(world.service, { ...minimal, externalId: `gone-${engine}` });
    await settle(world.service);
    const linkOf = async () => (await get("/customers/delta")).json["@odata.deltaLink"] as string;
    const path = (await linkOf()).slice(world.names["root"]?.length);
    await sendAttempt(world, { method: "DELETE", path: `/customers/${customer}` });
    await settle(world.service);

    const gone = async (headers: Readonly<Record<string, string>>) => (await get(path, headers)).json.value;

    const removed = [{ "@removed": { reason: "deleted" }, id: customer }];
    expect(await gone({})).toEqual(removed);
    expect(await gone({ "odata-maxversion": "4.01" })).toEqual(removed);
    expect(await gone({ "odata-maxversion": "4.0" })).toEqual([
      {
        "@odata.context": "#customers/$deletedEntity",
        id: `${world.names["root"]}/customers/${customer}`,
        reason: "deleted",
      },
    ]);
  });

  test("the requests of a batch inherit it, and may say another", async () => {
    const requests = [
      { id: "1", method: "GET", url: "/customers" },
      { id: "2", method: "GET", url: "/customers", headers: { "OData-MaxVersion": "4.0" } },
    ];

    const whole = await sendBatch(world.service, requests, { headers: { "odata-maxversion": "4.01" } });
    const answers = await answersOf(world.service, requests);

    const [inherited, own] = whole.json.responses;
    expect(whole.headers["Content-Type"]).toBe("application/json;metadata=minimal");
    expect(inherited.headers["odata-version"]).toBe("4.01");
    expect(inherited.body).toHaveProperty(["@context"]);
    expect(own.headers["odata-version"]).toBe("4.0");
    expect(own.body).toHaveProperty(["@odata.context"]);
    expect(answers["1"].headers["Content-Type"]).toContain("odata.streaming=true");
    expect(answers["2"].headers["Content-Type"]).toBe("application/json;odata.metadata=minimal");
  });

  test("a key that was used in one dialect is not answered again in another", async () => {
    const body = { domain: "{free}" };
    const post = (version: Readonly<Record<string, string>>) =>
      sendAttempt(world, {
        method: "POST",
        path: "/customerCreationOperations",
        body,
        headers: { "idempotency-key": "dialects", ...version },
      });
    const first = await post({});
    const before = await stateOf(world.service);

    const again = await post({});
    const other = await post({ "odata-maxversion": "4.01" });

    expect(again).toMatchObject({ status: 201, json: first.json });
    expectRefusal(other, { status: 409, code: "idempotencyKeyReused", profile: "oasis401" });
    expect(await stateOf(world.service)).toEqual(before);
  });

  test.each(["3.0", "4", "four", ""])("OData-MaxVersion '%s' is refused", async (version) => {
    const answer = await inVersion("/customers", version);

    expectRefusal(answer, { status: 400, code: "invalidRequest", message: "OData-MaxVersion", profile: "oasis40" });
  });
});

describe.each(engines)("a server that is set to oasis, on %s", (engine) => {
  let service: Service;
  beforeAll(async () => {
    service = await startService(engine, { profile: "oasis" });
  });
  afterAll(() => service[Symbol.asyncDispose]());

  test("answers in 4.01 when nothing is asked for", async () => {
    const page = await service.get("/customers");
    const absent = await service.get("/nothing");

    expect(page.headers).toMatchObject({
      "OData-Version": "4.01",
      "Content-Type": "application/json;metadata=minimal",
    });
    expect(page.json).toHaveProperty(["@context"]);
    expectRefusal(absent, { status: 404, code: "itemNotFound", profile: "oasis401" });
  });

  test("answers in 4.0 when that is asked for, and then takes no batch in JSON", async () => {
    const headers = { "odata-maxversion": "4.0" };

    const page = await service.get("/customers", { headers });
    const batch = await service.post("/$batch", { requests: [] }, { headers });

    expect(page.json).toHaveProperty(["@odata.context"]);
    expectRefusal(batch, { status: 415, code: "unsupportedMediaType", profile: "oasis40" });
  });
});
