import { randomUUID } from "node:crypto";
import { Client } from "pg";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { later } from "../../src/onboarding/operation.ts";
import { claimOperations, releaseLease } from "../../src/store/claim.ts";
import {
  engines,
  newDomain,
  otherPartner,
  partner,
  type Service,
  signToken,
  startService,
} from "../support/service.ts";

const leaseSeconds = 15;
const body = { companyProfile: {}, billingProfile: {} };

describe.each(engines)("claiming operations on %s", (engine) => {
  let service: Service;
  beforeEach(async () => {
    service = await startService(engine);
  });
  afterEach(() => service[Symbol.asyncDispose]());

  test("by many at once gives each operation to one of them", async () => {
    for (let round = 0; round < 5; round++) {
      const ids = await addCustomers(service, 24);

      const claims = await Promise.all(Array.from({ length: 12 }, () => claim(service, { limit: 24 })));

      expect(claims.flat().toSorted()).toEqual(ids.toSorted());
    }
  });

  test("takes no more than was asked for, what is due longest first, and never the same again", async () => {
    const ids = [];
    for (let each = 0; each < 5; each++) {
      ids.push(...(await addCustomers(service, 1)));
      service.advance(1);
    }

    const claims = [
      await claim(service, { limit: 2 }),
      await claim(service, { limit: 2 }),
      await claim(service, { limit: 2 }),
    ];

    expect(claims.map((each) => each.toSorted())).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
    expect(await claim(service, { limit: 2 })).toEqual([]);
  });

  test("takes what a worker left behind once its lease has ended, and not before", async () => {
    const ids = await addCustomers(service, 1);
    const first = await claim(service, { limit: 9 });

    service.advance(leaseSeconds - 1);
    const early = await claim(service, { limit: 9 });
    service.advance(1);
    const late = await claim(service, { limit: 9 });

    expect([first, early, late]).toEqual([ids, [], ids]);
  });

  test("takes at once what a worker let go, but lets nobody else let it go", async () => {
    const [id = ""] = await addCustomers(service, 1);
    const owner = randomUUID();
    await claim(service, { limit: 9, owner });

    await service.database.write(partner, [releaseLease({ partnerId: partner, id }, randomUUID())]);
    const before = await claim(service, { limit: 9 });
    await service.database.write(partner, [releaseLease({ partnerId: partner, id }, owner)]);
    const after = await claim(service, { limit: 9 });

    expect([before, after]).toEqual([[], [id]]);
  });

  test("takes those of every partner, and none that has nothing to do yet", async () => {
    const [mine, theirs] = [
      await addCustomers(service, 1),
      await addCustomers(service, 1, await signToken({ tid: otherPartner })),
    ];
    await service.post("/customerCreationOperations", { domain: newDomain() });

    const claimed = await claim(service, { limit: 9 });

    expect(claimed.toSorted()).toEqual([...mine, ...theirs].toSorted());
  });
});

test("claiming on postgres passes over what another worker is taking at this moment", async () => {
  await using service = await startService("postgres");
  const ids = await addCustomers(service, 3);
  const [{ name }] = await service.rows("select current_database() as name");
  const url = new URL(inject("postgres").url);
  url.pathname = `/${name}`;
  const other = new Client({ connectionString: url.href });
  await other.connect();
  await other.query("begin");
  await other.query(`select * from "customerCreationOperations" where "id" = $1 for update`, [ids[0]]);

  const claimed = await claim(service, { limit: 9 });
  await other.query("rollback");
  const rest = await claim(service, { limit: 9 });
  await other.end();

  expect(claimed.toSorted()).toEqual(ids.slice(1).toSorted());
  expect(rest).toEqual(ids.slice(0, 1));
});

/** Adds customers that wait to be provisioned, and gives the ids of their operations. */
async function addCustomers(service: Service, count: number, token?: string): Promise<readonly string[]> {
  const adding = Array.from({ length: count }, () => {
    const given = { ...body, companyProfile: { domain: newDomain() } };
    return service.post("/customers", given, token === undefined ? {} : { token });
  });
  return (await Promise.all(adding)).map(({ headers }) => String(headers["Operation-Location"]?.split("/").at(-1)));
}

async function claim(
  service: Service,
  { limit, owner = randomUUID() }: { readonly limit: number; readonly owner?: string },
) {
  const now = service.context.clock();
  const leaseExpirationDateTime = later(now, leaseSeconds);
  const claimed = await claimOperations(service.database, { owner, now, leaseExpirationDateTime, limit });
  return claimed.map(({ id }) => id);
}
