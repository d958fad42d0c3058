import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { settle } from "../../support/delta.ts";
import { engines, type Json, newDomain, origin, type Service, startService } from "../../support/service.ts";

/** Company names by externalId; their lengths are 4, 8, 2 and 6. */
const companies = { a: "Fyra", b: "Aachtung", c: "Du", d: "Sechs!" } as const;

describe.each(engines)("$compute on %s", (engine) => {
  let service: Service;
  let ids: readonly string[];
  beforeAll(async () => {
    service = await startService(engine);
    const made = await Promise.all(
      Object.entries(companies).map(([externalId, companyName]) => {
        const billingProfile = { companyName, defaultAddress: { country: "DE" } };
        return service.post("/customers", { externalId, companyProfile: { domain: newDomain() }, billingProfile });
      }),
    );
    ids = made.map(({ json }) => json.id);
  });
  afterAll(() => service[Symbol.asyncDispose]());

  async function read(path: string): Promise<Json> {
    const { status, json } = await service.get(encodeURI(path));
    expect(`${status} ${json.error?.message ?? ""}`).toBe("200 ");
    return json;
  }

  const size = "length(billingProfile/companyName) as size";

  test("a computed value is shown with the entity, and the context lists it", async () => {
    const json = await read(`/customers?$compute=${size}&$orderby=externalId`);

    expect(json["@odata.context"]).toBe(`${origin}/v1.0/$metadata#customers(*,size)`);
    expect(json.value.map((each: Json) => each.size)).toEqual([4, 8, 2, 6]);
    expect(json.value[0]).toMatchObject({ externalId: "a", companyProfile: {} });
  });

  test("with $select it is shown when it is selected, and not otherwise", async () => {
    const selected = await read(`/customers?$compute=${size},1 as one&$select=externalId,size&$top=1`);
    const left = await read(`/customers?$compute=${size}&$select=externalId&$top=1`);
    const all = await read(`/customers?$compute=${size}&$select=*&$top=1`);

    expect(selected["@odata.context"]).toBe(`${origin}/v1.0/$metadata#customers(externalId,size)`);
    expect(Object.keys(selected.value[0])).toEqual(["@odata.etag", "id", "externalId", "size"]);
    expect(Object.keys(left.value[0])).toEqual(["@odata.etag", "id", "externalId"]);
    expect(all.value[0]).toHaveProperty("size");
  });

  test("it may be filtered and ordered by, and counted", async () => {
    const json = await read(
      `/customers?$compute=${size}&$filter=size gt 2 and $it/size lt 8&$orderby=size desc&$count=true`,
    );
    const counted = await service.get(encodeURI(`/customers/$count?$compute=${size}&$filter=size ge 4`));

    expect(json.value.map((each: Json) => each.externalId)).toEqual(["d", "a"]);
    expect(json["@odata.count"]).toBe(2);
    expect(counted.text).toBe("3");
  });

  test("a later value may use an earlier one", async () => {
    const json = await read(`/customers?$compute=${size},size mul 2 as twice&$filter=twice eq 12`);

    expect(json.value.map((each: Json) => [each.size, each.twice])).toEqual([[6, 12]]);
  });

  test("the next links of an order by a computed value lead to every entity once", async () => {
    const found: unknown[] = [];
    let next: string | undefined = encodeURI(
      `/customers?$compute=${size},size mod 4 as rest&$orderby=rest,size desc&$top=1`,
    );
    while (next !== undefined) {
      const { json }: Json = await service.get(next);
      found.push(...json.value.map((each: Json) => each.externalId));
      next = json["@odata.nextLink"]?.slice(`${origin}/v1.0`.length);
    }

    expect(found).toEqual(["b", "a", "d", "c"]);
  });

  test("a next link holds for its own computed values and aliases alone", async () => {
    const first = await read("/customers?$compute=length(externalId) add @n as more&@n=1&$orderby=more&$top=1");
    const link = String(first["@odata.nextLink"]).slice(`${origin}/v1.0`.length);

    const answers = [await service.get(link), await service.get(link.replace("@n=1", "@n=2"))];

    expect(answers.map(({ status }) => status)).toEqual([200, 400]);
  });

  test("an entity, one that is made and one that is changed show it too", async () => {
    const one = await read(`/customers/${ids[1]}?$compute=${size}&$select=size`);
    const body = { companyProfile: { domain: newDomain() }, billingProfile: { companyName: "Nio!!!!!!" } };
    const made = await service.post(encodeURI(`/customers?$compute=${size}&$select=size`), body);
    const changed = await service.patch(
      encodeURI(`/customers/${made.json.id}?$compute=${size}`),
      { billingProfile: { companyName: "Fem!!" } },
      { headers: { Prefer: "return=representation" } },
    );
    await service.delete(`/customers/${made.json.id}`);

    expect(one).toMatchObject({ "@odata.context": `${origin}/v1.0/$metadata#customers(size)/$entity`, size: 8 });
    expect([made.status, made.json.size]).toEqual([201, 9]);
    expect([changed.status, changed.json.size]).toEqual([200, 5]);
    expect(changed.headers["ETag"]).toBe(changed.json["@odata.etag"]);
  });

  test("an expanded entity has computed values of its own", async () => {
    const expand = `customer($compute=${size};$select=externalId,size;$filter=size eq 8)`;
    const json = await read(`/customerCreationOperations?$expand=${expand}&$select=id`);

    expect(json["@odata.context"]).toBe(
      `${origin}/v1.0/$metadata#customerCreationOperations(id,customer(externalId,size))`,
    );
    const customers = json.value.flatMap((each: Json) => each.customer);
    expect(customers).toMatchObject([{ externalId: "b", size: 8 }]);
  });

  test("delta shows it in every round", async () => {
    await settle(service);
    const first = await read(`/customers/delta?$compute=${size}&$select=externalId,size`);
    await service.patch(`/customers/${ids[0]}`, { billingProfile: { companyName: "Tretton!!!!!!" } });
    await settle(service);
    const link = String(first["@odata.deltaLink"]).slice(`${origin}/v1.0`.length);
    const second = await service.get(link);
    await service.patch(`/customers/${ids[0]}`, { billingProfile: { companyName: companies.a } });

    expect(first.value.map((each: Json) => each.size).sort()).toEqual([2, 4, 6, 8]);
    expect(second.json.value).toMatchObject([{ externalId: "a", size: 13 }]);
  });

  test("the type of what JSON does not tell stands in an annotation", async () => {
    const compute = [
      "createdDateTime add duration'PT1S' as later",
      "date(createdDateTime) as day",
      "time(2026-11-23T10:20:30.5Z) as time",
      "2026-11-24T12:00:00.250Z sub 2026-11-23T10:00:00Z as span",
      "1 sub 1 as nought",
      "duration'-P2D' as back",
      "duration'PT0S' as none",
      "lifecycleState as state",
      "externalId eq 'a' as isA",
      "metadata/nothing as nothing",
    ];
    const json = await read(
      `/customers/${ids[0]}?$compute=${compute.join(",")}&$select=later,day,time,span,nought,back,none,state,isA,nothing`,
    );

    expect(json).toMatchObject({
      "later@odata.type": "#DateTimeOffset",
      later: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      "day@odata.type": "#Date",
      day: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      "time@odata.type": "#TimeOfDay",
      time: "10:20:30.500",
      "span@odata.type": "#Duration",
      span: "P1DT7200.25S",
      nought: 0,
      back: "-P2D",
      none: "PT0S",
      "state@odata.type": "#microsoft.graph.customerLifecycleState",
      state: "provisioning",
      isA: true,
      nothing: null,
    });
    expect(json).not.toHaveProperty("nothing@odata.type");
  });

  test.each([
    ["the name of a property", "1 as externalId", 400, "taken"],
    ["the name of a hidden property", "1 as version", 400, "taken"],
    ["the same name twice", "1 as a,2 as a", 400, "Two computed values"],
    ["a name that follows", "b as a,1 as b", 400, "not a property"],
    ["a complex value", "billingProfile as a", 400, "only be compared"],
    ["a collection", "customDomains as a", 400, "no single value"],
    ["an unknown property", "lenth as a", 400, "not a property"],
    ["no name", "1", 400, "'as'"],
    ["a function that is not supported", "geo.length(externalId) as a", 501, "not supported"],
    [
      "more values than are computed",
      Array.from({ length: 51 }, (_, index) => `1 as a${index}`).join(","),
      400,
      "At most",
    ],
    [
      "values that double one another without end",
      ["1 as a0", ...Array.from({ length: 40 }, (_, index) => `a${index} add a${index} as a${index + 1}`)].join(","),
      400,
      "more than",
    ],
  ])("%s is refused", async (_name, compute, status, message) => {
    const answer = await service.get(`/customers?$compute=${encodeURIComponent(compute)}`);

    expect([answer.status, answer.json.error.target]).toEqual([status, "$compute"]);
    expect(answer.json.error.message).toContain(message);
  });

  test("$apply is refused as not supported, by its name", async () => {
    const answer = await service.get("/customers?$apply=aggregate($count as n)");

    expect([answer.status, answer.json.error.target]).toEqual([501, "$apply"]);
  });

  test("delta refuses a computed value that changes without the entity", async () => {
    const answer = await service.get(encodeURI("/customers/delta?$compute=now() as moment"));

    expect([answer.status, answer.json.error.target]).toEqual([400, "$compute"]);
  });
});
