import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engines, type Json } from "../support/service.ts";
import { type Case, expectRefusal, sendAttempt, stateOf, testRefusals } from "./refusal.ts";
import { openWorld, type World } from "./world.ts";

const path = "/customers/{active}";

/** Annotations that a body may hold, whatever the model says of them. */
const harmless: readonly object[] = [
  { "@odata.context": "x", "@odata.etag": "nonsense", "@odata.editLink": 5 },
  { "@context": "x", "@id": "x", "@editLink": "x", "@unheardOf": true },
  { "@contoso.note": { a: 1 }, "externalId@contoso.note": "x", "nobody@contoso.note": "x" },
  { "@odata.type": "#microsoft.graph.customer" },
  { "@odata.type": "microsoft.graph.customer" },
  { "@odata.type": "graph.customer" },
  { "@type": "#graph.customer" },
  { "externalId@odata.type": "#String", "customDomains@type": "Collection(String)" },
  { "allowDelegatedAccess@odata.type": "#Boolean", "lifecycleState@type": "graph.customerLifecycleState" },
  { "createdDateTime@odata.type": "Edm.DateTimeOffset", "companyProfile@odata.type": "#graph.companyProfile" },
  { companyProfile: { "@odata.type": "microsoft.graph.companyProfile", "domain@odata.type": "#String" } },
  { metadata: { "@odata.type": "#microsoft.graph.customerMetadata", "tier@type": "String", tier: "gold" } },
];

const malformedValue = (target: string) => ({ status: 400, code: "malformedValue", target }) as const;

/** Types that are not those of what they stand at, and the path that is at fault. */
const wrong: readonly (readonly [object, string])[] = [
  [{ "@odata.type": "#microsoft.graph.user" }, "@odata.type"],
  [{ "@odata.type": "customer" }, "@odata.type"],
  [{ "@type": 5 }, "@type"],
  [{ "externalId@odata.type": "#Int32" }, "externalId@odata.type"],
  [{ "customDomains@type": "String" }, "customDomains@type"],
  [{ companyProfile: { "@odata.type": "#microsoft.graph.address" } }, "companyProfile/@odata.type"],
  [{ metadata: { "@odata.type": "#microsoft.graph.customer", tier: "gold" } }, "metadata/@odata.type"],
];

describe.each(engines)("annotations in bodies on %s", (engine) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(engine);
  });
  afterAll(() => world.service[Symbol.asyncDispose]());

  const read = async (): Promise<Json> => (await sendAttempt(world, { method: "GET", path })).json;
  const patch = (body: object, headers: Readonly<Record<string, string>> = {}) =>
    sendAttempt(world, { method: "PATCH", path, body, headers });

  test.each(harmless.map((body) => [JSON.stringify(body), body] as const))("%s is accepted", async (_text, body) => {
    const answer = await patch({ ...body });

    expect(answer.status).toBe(200);
  });

  testRefusals(
    () => world,
    wrong.map(
      ([body, target]): Case => [
        `${JSON.stringify(body)} is a type that is not that of ${target}`,
        { method: "PATCH", path, body },
        malformedValue(target),
      ],
    ),
  );

  test("links of navigation may be sent back with an operation, and a binding may not", async () => {
    const operation = "/customerCreationOperations/{done}";
    const links = { "customer@odata.navigationLink": "x", "customer@associationLink": "y", "customer@odata.count": 1 };

    const sent = await sendAttempt(world, { method: "PATCH", path: operation, body: links });
    const bound = await sendAttempt(world, { method: "PATCH", path: operation, body: { "customer@odata.bind": "x" } });

    expect(sent.status).toBe(200);
    expectRefusal(bound, { status: 501, code: "notSupported", target: "customer" });
  });

  describe.each(["@odata.etag", "@etag"])("%s in a body", (name) => {
    const in401 = [{ "odata-version": "4.01" }, { "odata-maxversion": "4.01" }];

    test.each(in401)("of 4.01 must be the present one, by %j", async (headers) => {
      const before = await stateOf(world.service);
      const stale = await patch({ [name]: 'W/"stale"', metadata: { a: "b" } }, headers);
      const after = await stateOf(world.service);
      const { "@odata.etag": tag } = await read();

      const current = await patch({ [name]: tag, metadata: { a: "b" } }, headers);
      const any = await patch({ [name]: "*", metadata: { a: "b" } }, headers);

      const profile = "odata-maxversion" in headers ? "oasis401" : "graph";
      expectRefusal(stale, { status: 412, code: "entityTagDoesNotMatch", profile });
      expect(after).toEqual(before);
      expect(current.status).toBe(200);
      expect(any.status).toBe(200);
    });

    test("of 4.01 must be an entity tag", async () => {
      const answer = await patch({ [name]: "stale", metadata: { a: "b" } }, { "odata-version": "4.01" });

      expectRefusal(answer, { status: 400, code: "malformedEntityTag", target: name });
    });

    test("of 4.01 stands beside If-Match, and both must be right", async () => {
      const { "@odata.etag": tag } = await read();
      const headers = { "odata-version": "4.01" };

      const stale = await patch({ [name]: tag }, { ...headers, "if-match": 'W/"stale"' });
      const staleBody = await patch({ [name]: 'W/"stale"' }, { ...headers, "if-match": tag });
      const both = await patch({ [name]: tag }, { ...headers, "if-match": tag });
      const any = await patch({ [name]: "*" }, { ...headers, "if-match": both.json["@odata.etag"] });

      expectRefusal(stale, { status: 412, code: "entityTagDoesNotMatch" });
      expectRefusal(staleBody, { status: 412, code: "entityTagDoesNotMatch" });
      expect([both.status, any.status]).toEqual([200, 200]);
    });
  });

  test.each([
    ["@odata.etag", "says nothing", 200],
    ["@etag", "counts, for it is the name of 4.01", 412],
  ])("%s in a body of 4.0 %s", async (name, _meaning, status) => {
    const bodies = await patch({ [name]: 'W/"stale"', metadata: { a: "b" } }, { "odata-version": "4.0" });
    const plain = await patch({ [name]: 'W/"stale"', metadata: { a: "b" } });

    expect([bodies.status, plain.status]).toEqual([status, status]);
  });
});
