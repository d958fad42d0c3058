import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import { expect, test } from "vitest";
import { everyPartner } from "../../src/store/database.ts";
import { raw, type Statement, sql } from "../../src/store/sql.ts";
import { openSqlite } from "../../src/store/sqlite.ts";
import { groupSizeMax } from "../../src/store/sqlite-messages.ts";
import { createStorage } from "../support/process.ts";

const create = sql`create table "numbers" ("number" integer primary key)`;
const insert = (number: number) => sql`insert into "numbers" values (${number}) returning "number"`;
const all = sql`select "number" from "numbers" order by "number"`;

test("an embedded database reads while a write waits for another that has the file", async () => {
  await using storage = await createStorage("sqlite");
  const database = openSqlite(storage.directory);
  await database.write(everyPartner, [create, insert(1)]);
  const other = new SqliteDatabase(join(storage.directory, "tenantry.db"));
  other.exec("begin immediate");

  let isWritten = false;
  const writing = database.write(everyPartner, [insert(2)]).then(() => {
    isWritten = true;
  });
  const before = await database.read(everyPartner, all);
  const wasWritten = isWritten;
  other.exec("rollback");
  await writing;

  expect({ before, wasWritten }).toEqual({ before: [{ number: 1 }], wasWritten: false });
  expect(await database.read(everyPartner, all)).toEqual([{ number: 1 }, { number: 2 }]);
  other.close();
  await database.close();
});

test("an embedded database writes more statements at once than it keeps compiled, and each of them again", async () => {
  await using storage = await createStorage("sqlite");
  const database = openSqlite(storage.directory);
  const statements: readonly Statement[] = Array.from(
    { length: 600 },
    (_, index) => sql`select ${raw(String(index))} as "it"`,
  );
  const rows = statements.map((_, index) => [{ it: index }]);

  expect(await database.write(everyPartner, statements)).toEqual(rows);
  expect(await database.write(everyPartner, statements)).toEqual(rows);

  await database.close();
});

test("an embedded database writes for each of many that ask in different ticks, and keeps nothing of what fails", async () => {
  await using storage = await createStorage("sqlite");
  const database = openSqlite(storage.directory);
  await database.write(everyPartner, [create]);

  const writes = [1, 2, 2, 3].map(async (number, index) => {
    for (let ticks = 0; ticks < index; ticks++) await new Promise(setImmediate);
    return database.write(everyPartner, [insert(number), insert(number + 10)]);
  });
  const outcomes = await Promise.allSettled(writes);

  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected", "fulfilled"]);
  expect(await database.read(everyPartner, all)).toEqual([1, 2, 3, 11, 12, 13].map((number) => ({ number })));
  await database.close();
});

test("an embedded database writes for each of more that ask at once than a transaction takes", async () => {
  await using storage = await createStorage("sqlite");
  const database = openSqlite(storage.directory);
  await database.write(everyPartner, [create]);
  const numbers = Array.from({ length: 3 * groupSizeMax }, (_, index) => index);

  const outcomes = await Promise.allSettled(
    numbers.map((number) => database.write(everyPartner, [insert(number === groupSizeMax ? 0 : number)])),
  );

  expect(outcomes.flatMap(({ status }, index) => (status === "rejected" ? [index] : []))).toEqual([groupSizeMax]);
  const kept = numbers.filter((number) => number !== groupSizeMax).map((number) => ({ number }));
  expect(await database.read(everyPartner, all)).toEqual(kept);
  await database.close();
});

test("an embedded database that is closed has done what it was told before, and refuses what comes after", async () => {
  await using storage = await createStorage("sqlite");
  const database = openSqlite(storage.directory);
  await database.write(everyPartner, [create]);

  const writing = database.write(everyPartner, [insert(1)]);
  await Promise.all([database.close(), database.close()]);

  expect(await writing).toEqual([[{ number: 1 }]]);
  await expect(database.write(everyPartner, [insert(2)])).rejects.toThrow("The database is closed.");
  const next = openSqlite(storage.directory);
  expect(await next.read(everyPartner, all)).toEqual([{ number: 1 }]);
  await next.close();
});
