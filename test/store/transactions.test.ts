import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { everyPartner, UniqueViolation } from "../../src/store/database.ts";
import { raw, type Statement, sql } from "../../src/store/sql.ts";
import { engines, newDomain, type Service, startService } from "../support/service.ts";

const isUnique = { name: "UniqueViolation" };

describe.each(engines)("writing on %s", (engine) => {
  let service: Service;
  beforeAll(async () => {
    service = await startService(engine);
  });
  afterAll(() => service[Symbol.asyncDispose]());

  test("many at once keeps all but those that violate a unique key", async () => {
    const domains = Array.from({ length: 100 }, () => newDomain());
    const wanted = domains.flatMap((domain, index) => (index % 5 === 0 ? [domain, domain] : [domain]));

    const settled = await Promise.allSettled(wanted.map((domain) => write(insert(domain))));

    const failures = settled.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
    expect(failures).toHaveLength(20);
    expect(failures.every((error) => error instanceof UniqueViolation)).toBe(true);
    expect(await keptOf(domains)).toEqual(domains.toSorted());
  });

  test("many at once keeps nothing of a transaction whose last statement fails", async () => {
    const taken = newDomain();
    await write(insert(taken));
    const [lost, kept] = [Array.from({ length: 30 }, newDomain), Array.from({ length: 30 }, newDomain)];

    const writes = lost.flatMap((domain, index) => [
      write(insert(domain), insert(taken)),
      write(insert(kept[index] ?? ""), sql`update "domains" set "operationId" = 'b' where "domain" = ${taken}`),
    ]);
    const settled = await Promise.allSettled(writes);

    expect(settled.map(({ status }) => status)).toEqual(lost.flatMap(() => ["rejected", "fulfilled"]));
    expect(await keptOf([...lost, ...kept])).toEqual(kept.toSorted());
  });

  test("a statement that is no good leaves nothing behind, and what comes after is done", async () => {
    const [lost, kept] = [newDomain(), newDomain()];

    const failing = write(insert(lost), raw(`insert into "nowhere" values (1)`));

    await expect(failing).rejects.toThrow(/nowhere/);
    await write(insert(kept));
    expect(await keptOf([lost, kept])).toEqual([kept]);
  });

  test("goes on while many statements fail around it, on whichever connection", async () => {
    const kept = Array.from({ length: 60 }, newDomain);

    const failures = kept.map(() =>
      write(raw("select * from nowhere")).then(
        () => "done",
        () => "failed",
      ),
    );
    const writes = kept.map((domain) => write(insert(domain)));
    const reads = kept.map(() => keptOf([]));
    await Promise.all([...writes, ...reads]);

    expect(new Set(await Promise.all(failures))).toEqual(new Set(["failed"]));
    expect(await keptOf(kept)).toEqual(kept.toSorted());
  });

  test("a statement that was first used behind one that failed can be used at once by others", async () => {
    // The text is new, so that it was not prepared before.
    const fresh = (domain: string) =>
      sql`insert into "domains" ("operationId", "domain") values ('fresh', ${domain}) returning "domain"`;
    const freshRead = sql`select count(*) as "fresh" from "domains" where "operationId" = 'fresh'`;
    const kept = Array.from({ length: 20 }, newDomain);

    const failing = Array.from({ length: 8 }, () =>
      write(raw("select * from nowhere"), fresh(newDomain()), freshRead).then(
        () => "done",
        () => "failed",
      ),
    );
    const writes = kept.map((domain) => write(fresh(domain)));
    const reads = kept.map(() => service.database.read(everyPartner, freshRead));
    const rows = await Promise.all(writes);
    await Promise.all(reads);

    expect(await Promise.all(failing)).toEqual(failing.map(() => "failed"));
    expect(rows).toEqual(kept.map((domain) => [[{ domain }]]));
    expect(await keptOf(kept)).toEqual(kept.toSorted());
  });

  test("gives the rows of each statement, and a later one sees what an earlier one did", async () => {
    const domain = newDomain();

    const rows = await write(
      insert(domain),
      sql`select "operationId" from "domains" where "domain" = ${domain}`,
      sql`delete from "domains" where "domain" = ${domain} returning "domain"`,
      sql`select "operationId" from "domains" where "domain" = ${domain}`,
    );

    expect(rows).toEqual([[], [{ operationId: "a" }], [{ domain }], []]);
  });

  test("is seen by every reader as soon as it was answered", async () => {
    const domains = Array.from({ length: 50 }, newDomain);

    const seen = await Promise.all(
      domains.map(async (domain) => {
        await write(insert(domain));
        return keptOf([domain]);
      }),
    );

    expect(seen).toEqual(domains.map((domain) => [domain]));
  });

  test("tells a second row of a unique key from every other failure", async () => {
    const domain = newDomain();
    await write(insert(domain));

    await expect(write(insert(domain))).rejects.toMatchObject(isUnique);
    await expect(write(sql`insert into "domains" ("domain") values (${newDomain()})`)).rejects.not.toMatchObject(
      isUnique,
    );
  });

  function write(...statements: readonly Statement[]) {
    return service.database.write(everyPartner, statements);
  }

  async function keptOf(domains: readonly string[]): Promise<readonly string[]> {
    const rows = await service.rows(`select "domain" from "domains" order by "domain"`);
    return rows.map(({ domain }) => domain).filter((domain) => domains.includes(domain));
  }
});

function insert(domain: string): Statement {
  return sql`insert into "domains" ("domain", "operationId") values (${domain}, 'a')`;
}
