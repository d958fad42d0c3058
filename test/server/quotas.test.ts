import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { Problem } from "../../src/model/problem.ts";
import { raw, type Statement } from "../../src/store/sql.ts";
import { type Meddling, meddle } from "../support/failing-database.ts";
import {
  engines,
  eventually,
  newDomain,
  otherPartner,
  partner,
  type Service,
  signToken,
  startService,
} from "../support/service.ts";
import { expectRefusal, type Refusal, stateOf } from "./refusal.ts";
import { openOperation } from "./world.ts";

const bodyOf = (more: object = {}) => ({ companyProfile: { domain: newDomain() }, billingProfile: {}, ...more });

describe.each(engines)("the quotas of a partner on %s", (engine) => {
  const customersUsedUp = { status: 403, code: "customerQuotaExceeded" } as const;
  const operationsUsedUp = { status: 507, code: "quotaLimitReached" } as const;

  async function expectUsedUp(service: Service, refusal: Refusal, path: string, body: object): Promise<void> {
    const before = await stateOf(service);

    const answer = await service.post(path, body);

    expectRefusal(answer, refusal);
    expect(await stateOf(service)).toEqual(before);
  }

  test("refuses one customer more than a partner may have with 403, and lets go of it when one is deleted", async () => {
    await using service = await startService(engine, { limits: { customersMax: 3 } });
    const added = [];
    for (let count = 0; count < 3; count++) added.push(await service.post("/customers", bodyOf()));
    const { id } = await openOperation(service);
    const refusal = { ...customersUsedUp, message: /^The partner has 3 customers, and may have no more\./ };

    await expectUsedUp(service, refusal, "/customers", bodyOf());
    await expectUsedUp(service, refusal, `/customerCreationOperations/${id}/customer/$ref`, {
      companyProfile: {},
      billingProfile: {},
    });
    await service.delete(`/customers/${added[0]?.json.id}`);
    const again = await service.post("/customers", bodyOf());

    expect(added.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(again.status).toBe(201);
  });

  test("refuses one operation under way too many with 507, and counts none that has come to its end", async () => {
    await using service = await startService(engine, { limits: { openOperationsMax: 2 } });
    const first = await openOperation(service);
    await openOperation(service);
    const refusal = { ...operationsUsedUp, message: /^The partner has 2 operations under way, and may have no more\./ };

    await expectUsedUp(service, refusal, "/customerCreationOperations", { domain: newDomain() });
    await expectUsedUp(service, refusal, "/customers", bodyOf());
    await service.patch(`/customerCreationOperations/${first.id}`, { status: "canceled" });
    const again = await service.post("/customerCreationOperations", { domain: newDomain() });

    expect(again.status).toBe(201);
  });

  test("leave what is there already to be changed, and other partners alone", async () => {
    await using service = await startService(engine, { limits: { customersMax: 1 } });
    await service.post("/customers", bodyOf({ externalId: "crm-1" }));

    const changed = await service.patch("/customers(externalId='crm-1')", { metadata: { tier: "gold" } });
    const inserted = await service.patch("/customers(externalId='crm-2')", bodyOf());
    const others = await service.post("/customers", bodyOf(), { token: await signToken({ tid: otherPartner }) });

    expect([changed.status, inserted.status, others.status]).toEqual([200, 403, 201]);
  });

  test("count anew what could not be counted, such as while the database was away", async () => {
    const { meddling, through } = meddle();
    await using service = await startService(engine, { through });
    const before = await stateOf(service);
    meddling.beforeRead = (statement) => {
      if (countsRows(statement)) throw new Problem("serviceNotAvailable", "The database is away.");
    };

    const refused = await service.post("/customers", bodyOf());
    meddling.beforeRead = () => undefined;
    const kept = await stateOf(service);
    const added = await service.post("/customers", bodyOf());

    expect(refused.status).toBe(503);
    expect(kept).toEqual(before);
    expect(added.status).toBe(201);
  });

  test("are counted anew from time to time, which nobody waits for", async () => {
    const { meddling, through } = meddle();
    await using service = await startService(engine, { through, limits: { customersMax: 60, openOperationsMax: 60 } });
    await service.post("/customers", bodyOf());
    service.advance(31);
    const counts = holdCounts(meddling);

    const added = [await service.post("/customers", bodyOf()), await service.post("/customers", bodyOf())];
    const begun = counts.length;
    for (const end of counts) end();

    expect(added.map(({ status }) => status)).toEqual([201, 201]);
    expect(begun).toBe(2);
  });

  test("are not counted anew for a few of very many", async () => {
    const { meddling, through } = meddle();
    await using service = await startService(engine, { through, limits: { customersMax: 1_000 } });
    await service.post("/customers", bodyOf());
    service.advance(31);
    const counts = holdCounts(meddling);

    const added = await service.post("/customers", bodyOf());

    expect(added.status).toBe(201);
    expect(counts).toHaveLength(0);
  });

  test("let in as many as there may be, though not each is counted", async () => {
    await using service = await startService(engine, { limits: { customersMax: 30 } });
    const statuses = [];

    for (let added = 0; added < 32; added++) statuses.push((await service.post("/customers", bodyOf())).status);

    expect(statuses).toEqual([...Array(30).fill(201), 403, 403]);
  });

  test("are counted near the limit too by one request in several", async () => {
    const { meddling, through } = meddle();
    await using service = await startService(engine, { through, limits: { customersMax: 1_000 } });
    const first = await service.post("/customers", bodyOf());
    await addElsewhere(service, first.json.id, 949);
    // A tenth of what was left: the next one counts anew.
    for (let admitted = 0; admitted < 100; admitted++) await service.context.quotas(partner, ["customers"]);
    service.advance(31);
    await service.post("/customers", bodyOf());
    let counts = 0;
    meddling.beforeRead = (statement) => {
      if (countsRows(statement)) counts += 1;
    };

    const statuses = [];
    for (let added = 0; added < 10; added++) statuses.push((await service.post("/customers", bodyOf())).status);

    expect(statuses).toEqual(Array(10).fill(201));
    expect(counts).toBe(2);
  });

  test("are counted once for requests that come at once", async () => {
    const { meddling, through } = meddle();
    await using service = await startService(engine, { through, limits: { customersMax: 1 } });
    await service.post("/customers", bodyOf());
    const counts = holdCounts(meddling);

    const asked = Promise.allSettled(Array.from({ length: 20 }, () => service.context.quotas(partner, ["customers"])));
    await eventually(async () => (counts.length > 0 ? true : undefined));
    for (const end of counts) end();
    const answers = await asked;

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set(["rejected"]));
    expect(counts).toHaveLength(1);
  });

  test("learn so what others have added meanwhile, also if it could not be counted the first time", async () => {
    const { meddling, through } = meddle();
    await using service = await startService(engine, { through, limits: { customersMax: 20 } });
    const first = await service.post("/customers", bodyOf());
    await addElsewhere(service, first.json.id, 19);
    service.advance(31);
    meddling.beforeRead = (statement) => {
      if (countsRows(statement)) throw new Problem("serviceNotAvailable", "The database is away.");
    };

    const unaware = await service.post("/customers", bodyOf());
    meddling.beforeRead = () => undefined;
    await service.delete(`/customers/${unaware.json.id}`);
    const refused = await eventually(async () => {
      const answer = await service.post("/customers", bodyOf());
      return answer.status === 201 ? undefined : answer;
    });

    expect(unaware.status).toBe(201);
    expectRefusal(refused, customersUsedUp);
  });
});

function countsRows({ texts }: Statement): boolean {
  return texts.join("").includes("count(");
}

/** Lets no count end, and gives what ends each that was begun. */
function holdCounts(meddling: Meddling): readonly (() => void)[] {
  const counts: (() => void)[] = [];
  meddling.beforeRead = async (statement) => {
    if (countsRows(statement)) await new Promise<void>((resolve) => counts.push(resolve));
  };
  return counts;
}

/** Adds customers like one that is there, as another process would. */
async function addElsewhere({ database, rows }: Service, id: string, count: number): Promise<void> {
  const [row] = await rows(`select * from "customers" where "id" = '${id}'`);
  const columns = Object.keys(row).filter((name) => row[name] !== null && name !== "id" && name !== "tenantId");
  const names = columns.map((name) => `"${name}"`).join(", ");
  const copies = Array.from({ length: count }, () =>
    raw(`insert into "customers" ("id", "tenantId", ${names})
    select '${randomUUID()}', '${randomUUID()}', ${names} from "customers" where "id" = '${id}'`),
  );
  await database.write(partner, copies);
}
