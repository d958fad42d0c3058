import { expect, test } from "vitest";
import { everyPartner } from "../../src/store/database.ts";
import { raw, sql } from "../../src/store/sql.ts";
import { engines, newDomain, partner, startService } from "../support/service.ts";

const toTake = sql`select 1 as "one"`;

test.each(engines)("a statement on %s whose rows cannot be taken fails, and nothing else does", async (engine) => {
  await using service = await startService(engine);
  const take = () => () => {
    throw new Error("This row cannot be taken.");
  };

  const [failed, beside] = await Promise.allSettled([
    service.database.read(everyPartner, { ...toTake, take }),
    service.database.read(everyPartner, sql`select 2 as "two"`),
  ]);

  expect(failed).toMatchObject({ status: "rejected", reason: { message: "This row cannot be taken." } });
  expect(beside).toEqual({ status: "fulfilled", value: [{ two: 2 }] });
  expect(await service.database.read(everyPartner, toTake)).toEqual([{ one: 1 }]);
});

test.each(engines)(
  "a row on %s that something else has spoilt is a failure of those who read it alone",
  async (engine) => {
    await using service = await startService(engine, { log: () => undefined });
    const [whole, spoilt] = [await addCustomer(service.post), await addCustomer(service.post)];
    await service.database.write(partner, [
      raw(`update "customers" set "customDomains" = '[' where "id" = '${spoilt}'`),
    ]);

    const [page, one, other] = await Promise.all([
      service.get("/customers"),
      service.get(`/customers/${spoilt}`),
      service.get(`/customers/${whole}`),
    ]);

    expect([page.status, one.status, other.status]).toEqual([500, 500, 200]);
    expect(other.json.id).toBe(whole);
  },
);

async function addCustomer(post: Awaited<ReturnType<typeof startService>>["post"]): Promise<string> {
  const { status, json } = await post("/customers", {
    companyProfile: { domain: newDomain() },
    billingProfile: { companyName: "Contoso" },
  });
  expect(status).toBe(201);
  return json.id;
}
