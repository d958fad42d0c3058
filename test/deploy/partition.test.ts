import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type Database, everyPartner, UniqueViolation } from "../../src/store/database.ts";
import { migrate } from "../../src/store/migrate.ts";
import { openPostgres } from "../../src/store/postgres.ts";
import { raw } from "../../src/store/sql.ts";
import { fillStatements, partnerOf } from "../support/many-customers.ts";
import { createDatabase, createOrdinaryRole, partitionTables } from "../support/postgres.ts";

const partitions = 4;
const [partner = "", other = ""] = [partnerOf(0), partnerOf(1)];
const change = `insert into "changes"
  ("partnerId", "entitySet", "entityId", "changeType", "changeDateTime", "correlationId")
  values ('${partner}', 'customers', 'a', 'created', '2026', 'b')`;

describe("the script that parts a database of postgres into partitions", () => {
  let created: Awaited<ReturnType<typeof createDatabase>>;
  let database: Database;
  let role: Awaited<ReturnType<typeof createOrdinaryRole>>;
  let before: readonly string[];
  beforeAll(async () => {
    created = await createDatabase(inject("postgres").url);
    database = openPostgres(created.url);
    await migrate(database, "2026-01-01T00:00:00.000Z");
    for (const each of fillStatements({ partners: 50, customersEach: 4 })) {
      await database.write(everyPartner, [raw(each)]);
    }
    before = await list("customers");
    await partitionTables(created.url, partitions);
    role = await createOrdinaryRole(inject("postgres").url, created);
  });
  afterAll(async () => {
    await database.close();
    await created.drop();
    await role.drop();
  });

  const rows = (text: string, scope = everyPartner) => database.read(scope, raw(text));

  async function list(table: string, scope = everyPartner): Promise<readonly string[]> {
    return (await rows(`select * from "${table}" order by "id"`, scope)).map((row) => JSON.stringify(row));
  }

  test("keeps every row, and has rows in each of the partitions", async () => {
    const counts = await rows(
      `select "tableoid", count(distinct "partnerId") as "count" from "customers" group by "tableoid"`,
    );

    expect(await list("customers")).toEqual(before);
    expect(counts).toHaveLength(partitions);
    expect(counts.reduce((sum, { count }) => sum + Number(count), 0)).toBe(50);
  });

  test("leaves every table of partners' data in partitions, but for what is unlogged", async () => {
    const whole = await rows(
      `select c.relname as "name" from pg_class as c join pg_attribute as a on a.attrelid = c.oid
        where a.attname = 'partnerId' and c.relkind = 'r' and not c.relispartition`,
    );

    expect(whole).toEqual([{ name: "throttle" }]);
  });

  test("shows a partner his own rows alone, in the table and in each partition", async () => {
    const parts = Array.from({ length: partitions }, (_, part) => `"customers_p${part}"`);
    for (const table of [`"customers"`, ...parts]) {
      const seen = await rows(`select distinct "partnerId" from ${table} where "partnerId" <> '${other}'`, other);

      expect(seen).toEqual([]);
    }
    expect(await rows(`select distinct "partnerId" from "customers"`, other)).toEqual([{ partnerId: other }]);
  });

  test("lets changes be counted on, also by a role that owns nothing", async () => {
    const [{ newest } = {}] = await rows(`select max("position") as "newest" from "changes"`);
    const ordinary = openPostgres(role.url);

    const [made = []] = await ordinary.write(partner, [raw(`${change} returning "position"`)]);
    await ordinary.close();

    expect(Number(made[0]?.["position"])).toBe(Number(newest) + 1);
  });

  test("lets a key that is taken be told by the name of its table", async () => {
    const twice = raw(`insert into "repeatability" ("partnerId", "requestId", "digest", "recordedDateTime")
      values ('${partner}', 'a', 'b', '2026')`);

    const failure = await database.write(partner, [twice, twice]).catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(UniqueViolation);
    expect(failure).toMatchObject({ table: "repeatability" });
  });

  test("does nothing when it is run again", async () => {
    await partitionTables(created.url, 2 * partitions);

    const [{ count } = {}] = await rows(
      `select count(*) as "count" from pg_inherits where "inhparent" = '"customers"'::regclass`,
    );
    expect(Number(count)).toBe(partitions);
  });
});
