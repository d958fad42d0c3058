import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fill } from "../server/refusal.ts";
import { openWorld, type World } from "../server/world.ts";
import { engines, type Json, type Sending } from "../support/service.ts";

describe.each(engines)("what OData asks of reading, on %s,", (engine) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(engine);
  });
  afterAll(() => world.service[Symbol.asyncDispose]());

  test("the service document names every set, and each of its URLs is a collection", async () => {
    const document = await read("/");

    const sets = await Promise.all(document.value.map(({ url }: Json) => read(`/${url}`)));

    expect(document["@odata.context"]).toBe(fill(world, "{root}/$metadata"));
    expect(document.value.map(({ name, kind }: Json) => [name, kind])).toEqual([
      ["customerCreationOperations", "EntitySet"],
      ["customers", "EntitySet"],
      ["subscriptions", "EntitySet"],
      ["notificationDeliveries", "EntitySet"],
      ["auditEvents", "EntitySet"],
    ]);
    expect(sets.map(({ value }) => value.length > 0)).toEqual([true, true, false, false, true]);
  });

  test("headers, preferences and options that are a client's own change nothing", async () => {
    const plain = await read("/customers?$top=2");

    const headers = { "x-custom": "1", "odata-custom": "x", prefer: "custom=1, custom.of.mine" };
    const answer = await world.service.get("/customers?$top=2&mine=1", { headers });

    expect(answer.status).toBe(200);
    expect(answer.json.value).toEqual(plain.value);
    expect(answer.headers).not.toHaveProperty("Preference-Applied");
  });

  test("an OData-MaxVersion below 4.0 is refused, and the least that is spoken is answered", async () => {
    const [old, spoken] = await Promise.all(
      ["3.0", "4.0"].map((version) => world.service.get("/customers", { headers: { "odata-maxversion": version } })),
    );

    expect(old?.status).toBeGreaterThanOrEqual(400);
    expect(old?.json.error.message).toContain("OData-MaxVersion");
    expect([spoken?.status, spoken?.headers["OData-Version"]]).toEqual([200, "4.0"]);
  });

  test.each([
    "$top=1",
    "$skip=2",
    "$orderby=createdDateTime desc",
    "$filter=lifecycleState eq 'active'",
    "$select=id,companyProfile",
    "$count=true",
    "$search=Fabrikam",
  ])("%s means the same with and without the dollar sign, in any case", async (option) => {
    const [name = "", value = ""] = option.slice(1).split(/=(.*)/);

    const answers = await Promise.all(
      [`$${name}`, name, `$${name.toUpperCase()}`, name.toUpperCase()].map((each) =>
        read(`/customers?${each}=${encodeURIComponent(value)}`),
      ),
    );

    const [first, ...others] = answers.map((answer) => ({ value: answer.value, count: answer["@odata.count"] }));
    expect(first).not.toEqual({ value: (await read("/customers")).value, count: undefined });
    for (const other of others) expect(other).toEqual(first);
  });

  test.each([
    [
      "startswith(externalId,'crm') and externalId ne 'crm-2'",
      "STARTSWITH(externalId,'crm') AND externalId NE 'crm-2'",
    ],
    ["lifecycleState in ('active')", "lifecycleState IN ('active')"],
    ["not contains(externalId,'2')", "NOT Contains(externalId,'2')"],
    ["year(createdDateTime) ge 2020", "YEAR(createdDateTime) GE 2020"],
    ["lifecycleState eq 'active'", "lifecycleState eq microsoft.graph.customerLifecycleState'active'"],
    ["createdDateTime gt 2020-01-01T00:00:00Z", "createdDateTime gt '2020-01-01T00:00:00Z'"],
    ["createdDateTime gt now() sub duration'P1D'", "createdDateTime gt now() sub duration'PT24H'"],
    ["createdDateTime gt now() sub duration'P1D'", "createdDateTime gt now() sub 'P1D'"],
    [
      "createdDateTime sub 2020-01-01T00:00:00Z gt duration'P1D'",
      "createdDateTime sub '2020-01-01T00:00:00Z' gt 'P1D'",
    ],
    ["lifecycleState eq 'active'", "microsoft.graph.customer/lifecycleState eq 'active'"],
    ["externalId eq 'crm-1'", "externalId eq @a&@a='crm-1'"],
  ])("the filter %s may be written %s", async (one, other) => {
    const [first, second] = await Promise.all([one, other].map((filter) => read(`/customers?$filter=${filter}`)));

    expect(first.value.length).toBeGreaterThan(0);
    expect(second.value).toEqual(first.value);
  });

  test("identifiers count in the case that $metadata has", async () => {
    const [exact, wrong] = await Promise.all(
      ["externalId", "EXTERNALID"].map((name) => world.service.get(`/customers?$select=${name}`)),
    );

    expect([exact?.status, wrong?.status]).toEqual([200, 400]);
    expect(wrong?.json.error.message).toContain("EXTERNALID");
  });

  test("an incompatible $schemaversion is refused", async () => {
    const answer = await world.service.get("/customers?$schemaversion=never");

    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.json.error.target).toBe("$schemaversion");
  });

  test("a complex property is selected with the options of its own $select", async () => {
    const { value } = await read(
      "/customers?$filter=externalId eq 'crm-1'&$select=companyProfile($select=companyName)",
    );

    expect(value).toEqual([
      {
        "@odata.etag": expect.any(String),
        id: world.names["active"],
        companyProfile: { companyName: "Fabrikam" },
      },
    ]);
  });

  test.each([
    ["$filter=lifecycleState eq 'active'", 1],
    ["$filter=lifecycleState eq 'failed'", 0],
    ["$search=Fabrikam", 1],
    ["$search=Nobody", 0],
    ["$orderby=createdDateTime desc", 1],
    ["$top=1", 1],
    ["$skip=1", 0],
    ["$count=true", 1],
  ])("an expanded navigation takes %s and shows %i", async (option, length) => {
    const path = fill(world, "/customerCreationOperations?$filter=id eq '");

    const { value } = await read(`${path}${world.names["done"]}'&$expand=customer(${option})`);

    expect(value).toHaveLength(1);
    expect(value[0].customer).toHaveLength(length);
    expect(value[0]["customer@odata.count"]).toBe(option === "$count=true" ? 1 : undefined);
  });

  test.each(["customer/any()", "customer/any(c:c/externalId eq 'crm-1')", "customer/$count eq 1"])(
    "operations may be filtered by %s",
    async (filter) => {
      const { value } = await read(`/customerCreationOperations?$filter=${filter}`);

      expect(value.map(({ id }: Json) => id)).toContain(world.names["done"]);
      expect(value.map(({ id }: Json) => id)).not.toContain(world.names["open"]);
    },
  );

  test("the context of an answer leads to the metadata, and names what is there", async () => {
    const [entity, set] = await Promise.all(
      [`/customers/${world.names["active"]}`, "/customers?$top=1"].map((path) => read(path)),
    );

    expect(entity["@odata.context"]).toBe(fill(world, "{root}/$metadata#customers/$entity"));
    expect(set["@odata.context"]).toBe(fill(world, "{root}/$metadata#customers"));
  });

  async function read(path: string, sending?: Sending): Promise<Json> {
    const { status, json } = await world.service.get(path, sending);
    expect(`${status} ${json?.error?.message ?? ""}`).toBe("200 ");
    return json;
  }
});
