import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Database, everyPartner, UniqueViolation } from "../../src/store/database.ts";
import { type Statement, sql } from "../../src/store/sql.ts";
import { engines, otherPartner, partner, type Service, startService } from "../support/service.ts";

const held = sql`select "domain" from "domains" order by "domain"`;

describe.each(engines)("a transaction on %s", (engine) => {
  let service: Service;
  let database: Database;
  beforeEach(async () => {
    service = await startService(engine);
    database = service.database;
  });
  afterEach(() => service[Symbol.asyncDispose]());

  test("is kept when its work resolves, and gives what the work gives", async () => {
    const result = await database.transaction(partner, async (inner) => {
      await inner.write(partner, [hold("a")]);
      await inner.write(partner, [hold("b")]);
      return "done";
    });

    expect(result).toBe("done");
    expect(await domains(database)).toEqual(["a", "b"]);
  });

  test("leaves nothing behind when its work throws, and throws the same", async () => {
    const reason = new Error("not to be");

    const attempt = database.transaction(partner, async (inner) => {
      await inner.write(partner, [hold("a"), hold("b")]);
      throw reason;
    });

    await expect(attempt).rejects.toBe(reason);
    expect(await domains(database)).toEqual([]);
  });

  test("sees what it wrote, while nobody else does", async () => {
    const seen = await database.transaction(partner, async (inner) => {
      await inner.write(partner, [hold("a")]);
      return { inside: await domains(inner), outside: await domains(database) };
    });

    expect(seen).toEqual({ inside: ["a"], outside: [] });
  });

  test("goes on after a write that failed, of which nothing is kept", async () => {
    const failure = await database.transaction(partner, async (inner) => {
      await inner.write(partner, [hold("a")]);
      const error = await inner.write(partner, [hold("b"), hold("a")]).catch((reason: unknown) => reason);
      await inner.write(partner, [hold("c")]);
      return error;
    });

    expect(failure).toBeInstanceOf(UniqueViolation);
    expect(await domains(database)).toEqual(["a", "c"]);
  });

  test("goes on after a read that failed", async () => {
    await database.transaction(partner, async (inner) => {
      await inner.write(partner, [hold("a")]);
      await expect(inner.read(partner, sql`select * from "nothing"`)).rejects.toThrow();
      await inner.write(partner, [hold("b")]);
    });

    expect(await domains(database)).toEqual(["a", "b"]);
  });

  test("runs calls that are made at once one after the other", async () => {
    const results = await database.transaction(partner, (inner) =>
      Promise.allSettled([
        inner.write(partner, [hold("a")]),
        inner.write(partner, [hold("a")]),
        inner.write(partner, [hold("b")]),
        inner.read(everyPartner, held),
      ]),
    );

    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "fulfilled"]);
    expect(results[3]).toMatchObject({ value: [{ domain: "a" }, { domain: "b" }] });
    expect(await domains(database)).toEqual(["a", "b"]);
  });

  test("may hold another one, of which nothing is kept when it throws", async () => {
    await database.transaction(partner, async (outer) => {
      await outer.write(partner, [hold("a")]);
      await outer.transaction(partner, (inner) => inner.write(partner, [hold("b")]));
      await outer
        .transaction(partner, async (inner) => {
          await inner.write(partner, [hold("c")]);
          throw new Error("not to be");
        })
        .catch(() => undefined);
    });

    expect(await domains(database)).toEqual(["a", "b"]);
  });

  test("waits for no write beside it, and no write beside it is lost", async () => {
    const beside: Promise<unknown>[] = [];

    await database.transaction(partner, async (inner) => {
      for (const name of ["a", "b", "c"]) {
        beside.push(database.write(partner, [hold(`${name}-beside`)]));
        await new Promise((resolve) => setImmediate(resolve));
        await inner.write(partner, [hold(name)]);
      }
    });
    await Promise.all(beside);

    expect(await domains(database)).toEqual(["a", "a-beside", "b", "b-beside", "c", "c-beside"]);
  });

  test("takes its place among many others and many writes, without a deadlock", async () => {
    const names = Array.from({ length: 30 }, (_, index) => String(index).padStart(2, "0"));

    await Promise.all(
      names.map((name, index) => {
        if (index % 3 === 0) return database.write(partner, [hold(name)]);
        return database
          .transaction(partner, async (inner) => {
            await inner.write(partner, [hold(name)]);
            await inner.read(everyPartner, held);
            if (index % 3 === 1) throw new Error("not to be");
          })
          .catch(() => undefined);
      }),
    );

    expect(await domains(database)).toEqual(names.filter((_, index) => index % 3 !== 1));
  });

  test("can no more be used when it has ended", async () => {
    let kept: Database | undefined;
    await database.transaction(partner, async (inner) => {
      kept = inner;
    });

    await expect(kept?.write(partner, [hold("a")])).rejects.toThrow("has ended");
    expect(await domains(database)).toEqual([]);
  });

  test("runs each statement for the partner that is named, also after a savepoint was taken back", async () => {
    await service.post("/customerCreationOperations", { domain: "wall.onmicrosoft.com" });
    const operations = sql`select "domain" from "customerCreationOperations" where "partnerId" = ${partner}`;

    const seen = await database.transaction(otherPartner, async (inner) => {
      const first = await inner.read(partner, operations);
      await inner.write(everyPartner, [sql`select * from "nothing"`]).catch(() => undefined);
      return [first, await inner.read(partner, operations)];
    });

    expect(seen).toEqual([[{ domain: "wall.onmicrosoft.com" }], [{ domain: "wall.onmicrosoft.com" }]]);
  });
});

test.each(engines)("a transaction that is running on %s ends before the database closes", async (engine) => {
  await using service = await startService(engine);
  const running = service.database.transaction(partner, async (inner) => {
    await inner.write(partner, [hold("a")]);
    return domains(inner);
  });

  await service.database.close();

  expect(await running).toEqual(["a"]);
});

function hold(domain: string): Statement {
  return sql`insert into "domains" ("domain", "operationId", "expirationDateTime") values (${domain}, ${domain}, null)`;
}

async function domains(database: Database): Promise<readonly unknown[]> {
  const rows = await database.read(everyPartner, held);
  return rows.map((row) => row["domain"]);
}
