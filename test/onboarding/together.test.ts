import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engines, newDomain, type Service, startService } from "../support/service.ts";

const texts = [
  'Quotes " and \\ and \\"',
  "{braces,NULL}",
  "NULL",
  "",
  "Ünïcödé 日本 🙂",
  "line\nbreak\tand tab",
  "it's $1 /* from each */",
];

describe.each(engines)("many customers that are added in the same tick on %s", (engine) => {
  let service: Service;
  beforeAll(async () => {
    service = await startService(engine);
  });
  afterAll(() => service[Symbol.asyncDispose]());

  test("are kept each as it was sent, whatever its texts hold", async () => {
    const bodies = texts.map((text) => bodyOf({ metadata: { note: text } }));

    const answers = await Promise.all(bodies.map((body) => service.post("/customers", body)));

    const read = await Promise.all(answers.map(({ json }) => service.get(`/customers/${json.id}`)));
    expect(answers.map(({ status }) => status)).toEqual(texts.map(() => 201));
    expect(read.map(({ json }) => json.metadata.note)).toEqual(texts);
    expect(read.map(({ json }) => json.companyProfile.domain)).toEqual(
      bodies.map((each) => each.companyProfile.domain),
    );
  });

  test("are refused one by one: a fault of one is not that of the others", async () => {
    const externalId = crypto.randomUUID();
    const taken = newDomain();
    await service.post("/customerCreationOperations", { domain: taken });
    await service.post("/customers", bodyOf({ externalId }));
    const before = Number((await service.get("/customers/$count")).text);

    const answers = await Promise.all([
      service.post("/customers", bodyOf()),
      service.post("/customers", bodyOf({ externalId })),
      service.post("/customers", bodyOf()),
      service.post("/customers", { ...bodyOf(), companyProfile: { domain: taken } }),
      service.post("/customers", bodyOf()),
    ]);

    expect(answers.map(({ status }) => status)).toEqual([201, 409, 201, 409, 201]);
    expect(answers.map(({ json }) => json.error?.innerError.code)).toEqual([
      undefined,
      "nameAlreadyExists",
      undefined,
      "domainReserved",
      undefined,
    ]);
    expect(Number((await service.get("/customers/$count")).text)).toBe(before + 3);
  });

  test("and read are each given to whoever asked for it, also when two ask for the same", async () => {
    const { json: one } = await service.post("/customers", bodyOf());
    const { json: other } = await service.post("/customers", bodyOf());
    const none = crypto.randomUUID();

    const answers = await Promise.all([one.id, none, other.id, one.id].map((id) => service.get(`/customers/${id}`)));

    expect(answers.map(({ status }) => status)).toEqual([200, 404, 200, 200]);
    expect(answers.map(({ json }) => json.id)).toEqual([one.id, undefined, other.id, one.id]);
  });
});

function bodyOf(more: object = {}) {
  return { ...more, companyProfile: { domain: newDomain() }, billingProfile: {} };
}
