import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sql } from "../../../src/store/sql.ts";
import {
  engines,
  eventually,
  type Json,
  newDomain,
  origin,
  partner,
  type Service,
  startService,
} from "../../support/service.ts";

const domains = ["b.example", "a.example", "ä.example", "c.test"];

describe.each(engines)("options of a collection in $select on %s", (engine) => {
  let service: Service;
  let id: string;
  beforeAll(async () => {
    service = await startService(engine, { work: true });
    const body = { companyProfile: { domain: newDomain() }, billingProfile: { companyName: "Fabrikam" } };
    id = (await service.post("/customers", body)).json.id;
    await eventually(async () => {
      const { json } = await service.get("/customerCreationOperations?$filter=status eq 'succeeded'");
      return json.value[0];
    });
    const statement = sql`update "customers" set "customDomains" = ${JSON.stringify(domains)} where "id" = ${id}`;
    await service.database.write(partner, [statement]);
  });
  afterAll(() => service[Symbol.asyncDispose]());

  async function read(path: string): Promise<Json> {
    const { status, json } = await service.get(encodeURI(path));
    expect(`${status} ${json.error?.message ?? ""}`).toBe("200 ");
    return json;
  }

  test.each([
    ["$filter", "$filter=endswith($this,'.example')", ["b.example", "a.example", "ä.example"]],
    ["$filter that looks at the entity", "$filter=$it/billingProfile/companyName ne 'Fabrikam'", []],
    ["$orderby", "$orderby=$this desc", ["ä.example", "c.test", "b.example", "a.example"]],
    ["$orderby of a calculation", "$orderby=length($this),$this", ["c.test", "a.example", "b.example", "ä.example"]],
    ["$top", "$top=2", ["b.example", "a.example"]],
    ["$top of nothing", "$top=0", []],
    ["$skip", "$skip=3", ["c.test"]],
    ["all of them", "$filter=$this ne 'b.example';$orderby=$this;$skip=1;$top=1", ["c.test"]],
  ])("%s chooses the items that are shown", async (_name, options, expected) => {
    const page = await read(`/customers?$select=customDomains(${options})`);
    const entity = await read(`/customers/${id}?$select=customDomains(${options})`);

    expect(page["@odata.context"]).toBe(`${origin}/v1.0/$metadata#customers(customDomains)`);
    expect(page.value[0].customDomains).toEqual(expected);
    expect(entity.customDomains).toEqual(expected);
  });

  test("$count is a text for clients that cannot hold long numbers, and has no prefix in 4.01", async () => {
    const path = `/customers/${id}?$select=customDomains($count=true;$top=1)`;

    const text = await service.get(path, { headers: { accept: "application/json;IEEE754Compatible=true" } });
    const later = await service.get(path, { headers: { "odata-maxversion": "4.01" } });

    expect(text.json["customDomains@odata.count"]).toBe("4");
    expect(later.json["customDomains@count"]).toBe(4);
  });

  test("a computed value that is null is left out where nulls are, and shown where they are not", async () => {
    const path = `/customers/${id}?$compute=${encodeURIComponent("tolower(externalId) as key")}&$select=key`;

    const shown = await service.get(path);
    const omitted = await service.get(path, { headers: { prefer: "omit-values=nulls" } });

    expect(shown.json).toHaveProperty("key", null);
    expect(omitted.json).not.toHaveProperty("key");
    expect(omitted.headers["Preference-Applied"]).toBe("omit-values=nulls");
  });

  test("$count tells how many are left by the filter, whatever is shown of them", async () => {
    const json = await read(
      `/customers/${id}?$select=customDomains($count=true;$top=1;$filter=endswith($this,'.example'))`,
    );

    expect(json["customDomains@odata.count"]).toBe(3);
    expect(json.customDomains).toEqual(["b.example"]);
  });

  test("items of a complex type may be filtered, ordered and selected from", async () => {
    const options = "$filter=status ne 'succeeded';$orderby=transitionDateTime desc,stage desc;$top=2;$select=stage";
    const json = await read(`/customerCreationOperations?$select=history(${options})`);

    expect(json["@odata.context"]).toContain("#customerCreationOperations(history/stage)");
    expect(json.value[0].history).toHaveLength(2);
    for (const step of json.value[0].history) expect(Object.keys(step)).toEqual(["stage"]);
  });

  test("a collection inside a complex value that is null stays so", async () => {
    const json = await read("/customerCreationOperations?$select=error($select=details($top=1))");
    const counted = await read(
      "/customerCreationOperations?$filter=error/details/$count eq 0 and not error/details/any()",
    );

    expect(json.value[0].error).toBe(null);
    expect(counted.value).toHaveLength(1);
  });

  test("an expanded entity and delta show the chosen items too", async () => {
    const expanded = await read("/customerCreationOperations?$expand=customer($select=customDomains($top=1))");
    const delta = await read("/customers/delta?$select=customDomains($top=1)");

    expect(expanded.value[0].customer[0].customDomains).toEqual(["b.example"]);
    expect(delta.value[0].customDomains).toEqual(["b.example"]);
  });

  test.each([
    [
      "an unknown property of an item",
      "/customerCreationOperations?$select=history($filter=stag eq 'x')",
      400,
      "stage",
    ],
    ["a condition that is none", "/customers?$select=customDomains($filter=$this)", 400, "true or false"],
    ["a negative top", "/customers?$select=customDomains($top=-1)", 400, "not negative"],
    ["an option of what is no collection", "/customers?$select=companyProfile($top=1)", 501, "single value"],
    ["a search of texts", "/customers?$select=customDomains($search=a)", 501, "$search"],
    [
      "an unknown property, with the one that was meant,",
      "/customers?$select=extrenalId",
      400,
      "Did you mean 'externalId'",
    ],
    ["an unknown property below another", "/customers?$select=billingProfile/emial", 400, "Did you mean 'email'"],
  ])("%s is refused", async (_name, path, status, message) => {
    const answer = await service.get(encodeURI(path));

    expect([answer.status, answer.json.error.target]).toEqual([status, "$select"]);
    expect(answer.json.error.message).toContain(message);
  });
});
