import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { meddle } from "../support/failing-database.ts";
import {
  engines,
  type Json,
  newDomain,
  otherPartner,
  type Service,
  signToken,
  startService,
} from "../support/service.ts";

const set = "/customerCreationOperations";

describe.each(engines)("an operation that was just opened, on %s", (engine) => {
  let service: Service;
  let read: string[] = [];
  const { meddling, through } = meddle();
  meddling.beforeRead = ({ texts }) => {
    read.push(texts.join("?"));
  };
  beforeAll(async () => {
    service = await startService(engine, { through });
  });
  afterAll(() => service[Symbol.asyncDispose]());

  async function open(): Promise<Json> {
    const { status, json } = await service.post(set, { domain: newDomain() });
    expect(status).toBe(201);
    return json;
  }

  const attach = (operation: Json, companyProfile: object = {}, sending = {}) =>
    service.post(`${set}/${operation["id"]}/customer/$ref`, { companyProfile, billingProfile: {} }, sending);

  const countReads = () => read.filter((text) => text.includes('from "customerCreationOperations"')).length;

  async function expectNoCustomer(): Promise<void> {
    expect((await service.get("/customers/$count")).text).toBe("0");
  }

  test("takes no customer of another partner, and no customer that is refused", async () => {
    const operation = await open();
    const other = await signToken({ tid: otherPartner });

    const stranger = await attach(operation, {}, { token: other });
    const wrong = await attach(operation, { domain: newDomain() });

    expect(stranger.status).toBe(404);
    expect(wrong.json.error).toMatchObject({ innerError: { code: "domainMismatch" } });
    await expectNoCustomer();
  });

  test("that was canceled meanwhile takes none, nor one that was deleted", async () => {
    const [canceled, deleted] = [await open(), await open()];
    await service.patch(`${set}/${canceled["id"]}`, { status: "canceled" });
    await service.delete(`${set}/${deleted["id"]}`);

    const [toCanceled, toDeleted] = [await attach(canceled), await attach(deleted)];

    expect(toCanceled.json.error).toMatchObject({ innerError: { code: "operationNotModifiable" } });
    expect(toDeleted.status).toBe(404);
    await expectNoCustomer();
  });

  test("that was canceled meanwhile is refused as that, also when the partner may have no more customers", async () => {
    await using full = await startService(engine, { limits: { customersMax: 1 } });
    await full.post("/customers", { companyProfile: { domain: newDomain() }, billingProfile: {} });
    const { json } = await full.post(set, { domain: newDomain() });
    await full.patch(`${set}/${json.id}`, { status: "canceled" });

    const refused = await full.post(`${set}/${json.id}/customer/$ref`, { companyProfile: {}, billingProfile: {} });

    expect(refused.json.error).toMatchObject({ innerError: { code: "operationNotModifiable" } });
    expect((await full.get("/customers/$count")).text).toBe("1");
  });

  test("whose domain was changed meanwhile takes the customer of its new domain, and none of its old one", async () => {
    const [first, second] = [await open(), await open()];
    const domain = newDomain();
    await service.patch(`${set}/${first["id"]}`, { domain });
    await service.patch(`${set}/${second["id"]}`, { domain: newDomain() });

    const ofOld = await attach(second, { domain: second["domain"] });
    await expectNoCustomer();
    const ofNew = await attach(first, { domain });

    const { json } = await service.get(`${set}/${first["id"]}/customer`);
    expect(ofOld.json.error).toMatchObject({ innerError: { code: "domainMismatch" } });
    expect(ofNew.status).toBe(204);
    expect(json.value).toMatchObject([{ companyProfile: { domain } }]);
  });

  test("whose reservation has run out takes none", async () => {
    const operation = await open();
    const before = (await service.get("/customers/$count")).text;
    service.advance(25 * 3600);

    const refused = await attach(operation);

    expect(refused.json.error).toMatchObject({ innerError: { code: "reservationExpired" } });
    expect((await service.get("/customers/$count")).text).toBe(before);
  });

  test("is read again to add its customer only where that is a call, and when the same customer is sent once more", async () => {
    const operation = await open();
    read = [];

    const first = await attach(operation);
    const readFirst = countReads();
    const again = await attach(operation);

    expect(first.status).toBe(204);
    expect(readFirst).toBe(engine === "sqlite" ? 1 : 0);
    expect(again).toMatchObject({ status: 204, headers: { Location: first.headers["Location"] } });
    expect(countReads()).toBe(readFirst + 1);
  });
});
