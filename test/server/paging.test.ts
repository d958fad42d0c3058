import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engines, newDomain, origin, otherPartner, type Service, signToken, startService } from "../support/service.ts";

const asked = 7;
const sets = ["customers", "customerCreationOperations"] as const;

describe.each(engines)("paging on %s", (engine) => {
  let service: Service;
  let otherToken: string;
  const made: string[] = [];
  beforeAll(async () => {
    service = await startService(engine, { limits: { pageSizeDefault: 3 } });
    otherToken = await signToken({ tid: otherPartner });
    for (let index = 0; index < asked; index++) {
      const body = { companyProfile: { domain: newDomain() }, billingProfile: {} };
      made.push((await service.post("/customers", body)).json.id);
      await service.post("/customers", { ...body, companyProfile: { domain: newDomain() } }, { token: otherToken });
    }
  });
  afterAll(() => service[Symbol.asyncDispose]());

  async function readPages(url: string): Promise<readonly { id: string }[][]> {
    const pages: { id: string }[][] = [];
    for (let next: string | undefined = url; next !== undefined && pages.length < 20; ) {
      const { json } = await service.get(`!${next.replace(origin, "")}`);
      pages.push(json.value);
      next = json["@odata.nextLink"];
    }
    return pages;
  }

  test.each(sets)("%s come in pages of 3, each once, in the order of their making", async (set) => {
    const pages = await readPages(`/v1.0/${set}`);

    const ids = pages.flat().map(({ id }) => id);
    expect(pages.map((page) => page.length)).toEqual([3, 3, 1]);
    expect(new Set(ids).size).toBe(asked);
    expect(ids).toEqual([...ids].sort());
    if (set === "customers") expect(ids).toEqual(made);
  });

  test.each(["v1.0", "beta"])(
    "the link to the next page of /%s is absolute, opaque and of the same root",
    async (version) => {
      const { json } = await service.get(`!/${version}/customers`);

      expect(json["@odata.context"]).toBe(`${origin}/${version}/$metadata#customers`);
      expect(json["@odata.nextLink"]).toMatch(new RegExp(`^${origin}/${version}/customers\\?\\$skiptoken=[\\w-]+$`));
      expect(json["@odata.nextLink"]).not.toContain(json.value[2].id);
    },
  );

  test("the next page may be asked for with the dollar sign encoded, and without it", async () => {
    const { json } = await service.get("/customers");
    const path = String(json["@odata.nextLink"]).slice(`${origin}/v1.0`.length);

    const plain = await service.get(path);
    const encoded = await service.get(path.replace("$", "%24"));
    const bare = await service.get(path.replace("$", ""));

    expect(plain.json.value).toHaveLength(3);
    expect(encoded.json).toEqual(plain.json);
    expect(bare.json).toEqual(plain.json);
  });

  test("a page that ends with the last entity has no next link", async () => {
    const { json } = await service.get(`/customers?$skip=${asked - 3}`);

    expect(json.value.map(({ id }: { id: string }) => id)).toEqual(made.slice(-3));
    expect(json).not.toHaveProperty("@odata.nextLink");
  });

  test("an entity that is made or deleted between two pages moves no other from its place", async () => {
    const first = await service.get("/customers");
    const gone = first.json.value[0].id;

    await service.delete(`/customers/${gone}`);
    const body = { companyProfile: { domain: newDomain() }, billingProfile: {} };
    const { json: added } = await service.post("/customers", body);
    const rest = await readPages(String(first.json["@odata.nextLink"]).replace(origin, ""));

    expect(rest.flat().map(({ id }) => id)).toEqual([...made.slice(3), added.id]);
    made.shift();
    made.push(added.id);
  });

  test("a link of one partner shows another only its own", async () => {
    const theirs = await service.get("/customers", { token: otherToken });
    const path = String(theirs.json["@odata.nextLink"]).slice(`${origin}/v1.0`.length);

    const answer = await service.get(path);

    expect(answer.status).toBe(200);
    for (const { id } of answer.json.value) expect(made).toContain(id);
  });

  test.each(["customers", "customerCreationOperations"])(
    "$count of %s is all of the partner's, as plain text",
    async (set) => {
      const pages = await readPages(`/v1.0/${set}`);

      const answer = await service.get(`/${set}/$count`);

      expect(answer).toMatchObject({ status: 200, headers: { "Content-Type": "text/plain;charset=utf-8" } });
      expect(answer.text).toBe(String(pages.flat().length));
    },
  );

  test("a partner with nothing has an empty page and a count of 0", async () => {
    const token = await signToken({ tid: "33333333-3333-4333-8333-333333333333" });

    const page = await service.get("/customers", { token });
    const count = await service.get("/customers/$count", { token });

    expect(page.json).toEqual({ "@odata.context": `${origin}/v1.0/$metadata#customers`, value: [] });
    expect(count.text).toBe("0");
  });

  test("the navigation of an operation is a collection of none or one, and counts as such", async () => {
    const domain = newDomain();
    const { json: operation } = await service.post("/customerCreationOperations", { domain });
    const path = `/customerCreationOperations/${operation.id}/customer`;

    const none = [await service.get(path), await service.get(`${path}/$count`), await service.get(`${path}/$ref`)];
    await service.post(`${path}/$ref`, { companyProfile: {}, billingProfile: {} });
    const one = [await service.get(path), await service.get(`${path}/$count`), await service.get(`${path}/$ref`)];

    expect([none[0]?.json.value.length, none[1]?.text, none[2]?.json.value.length]).toEqual([0, "0", 0]);
    expect([one[0]?.json.value.length, one[1]?.text, one[2]?.json.value.length]).toEqual([1, "1", 1]);
    expect(one[0]?.json.value[0].companyProfile.domain).toBe(domain);
  });
});
