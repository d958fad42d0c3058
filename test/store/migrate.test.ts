import { describe, expect, inject, test } from "vitest";
import { type Database, everyPartner } from "../../src/store/database.ts";
import { migrate, migrationStates } from "../../src/store/migrate.ts";
import { openPostgres } from "../../src/store/postgres.ts";
import { raw } from "../../src/store/sql.ts";
import { createDatabase } from "../support/postgres.ts";
import { createStorage, runCommand } from "../support/process.ts";
import { engines, startService } from "../support/service.ts";

const now = "2026-01-02T03:04:05.678Z";

describe.each(engines)("migrating on %s", (engine) => {
  test("applies each migration once and says which it applied", async () => {
    await using storage = await createStorage(engine, { migrated: false });
    const database = storage.open();
    const before = await migrationStates(database);

    const first = await migrate(database, now);
    const second = await migrate(database, "2026-02-02T03:04:05.678Z");
    const after = await migrationStates(database);
    const rows = await readMigrations(database);
    await database.close();

    expect(before.length).toBeGreaterThan(0);
    expect(before.map(({ state }) => state)).toEqual(before.map(() => "pending"));
    expect(first.map(({ name }) => name)).toEqual(before.map(({ name }) => name));
    expect(second).toEqual([]);
    expect(after).toEqual(before.map((each) => ({ ...each, state: "applied" })));
    expect(rows).toEqual(first.map(({ number, name, digest }) => ({ number, name, digest, appliedDateTime: now })));
  });

  test("refuses a database whose migration has another digest, and changes nothing", async () => {
    await using service = await startService(engine);
    const { database } = service;
    await change(database, `update "migrations" set "digest" = 'another' where "number" = 1`);
    const before = await readMigrations(database);

    const migrating = migrate(database, now);

    await expect(migrating).rejects.toThrow(/^The database has migration 0001_initial in another form than those/);
    expect((await migrationStates(database))[0]).toMatchObject({ number: 1, state: "changed" });
    expect(await readMigrations(database)).toEqual(before);
  });

  test("refuses a database that a newer version has migrated", async () => {
    await using service = await startService(engine);
    const { database } = service;
    await change(database, `insert into "migrations" values (9999, '9999_later', 'digest', '${now}')`);

    const migrating = migrate(database, now);

    await expect(migrating).rejects.toThrow(/^The database has migration 9999_later in addition to those/);
    expect((await migrationStates(database)).at(-1)).toEqual({ number: 9999, name: "9999_later", state: "unknown" });
  });

  test("is what readiness asks for", async () => {
    await using service = await startService(engine);
    const ready = await service.get("!/readyz", { token: null });
    await change(service.database, `delete from "migrations" where "number" = 1`);

    const unready = await service.get("!/readyz", { token: null });

    expect(ready).toMatchObject({ status: 200, json: { status: "ok" } });
    expect(unready.status).toBe(503);
    expect(unready.json).toEqual({ status: "unavailable", reason: "The migration 0001_initial is pending." });
  });
});

describe("several that migrate one postgres database at once", () => {
  test("as connections of one process apply each migration once between them", async () => {
    const created = await createDatabase(inject("postgres").url);
    const databases = Array.from({ length: 6 }, () => openPostgres(created.url));

    const done = await Promise.all(databases.map((database) => migrate(database, now)));

    const applied = done.flat().map(({ name }) => name);
    const states = await migrationStates(openedFirst(databases));
    expect(applied.sort()).toEqual(states.map(({ name }) => name));
    expect(states.every(({ state }) => state === "applied")).toBe(true);
    await Promise.all(databases.map((database) => database.close()));
    await created.drop();
  });

  test("as processes all end well, and each migration is applied by one of them", async () => {
    await using storage = await createStorage("postgres", { migrated: false });

    const ended = await Promise.all([1, 2, 3].map(() => runCommand(["migrate", "up", ...storage.flags])));

    const applied = ended.flatMap(({ out }) => out.split("\n").filter((line) => line.endsWith("  applied")));
    expect(ended.map(({ code, err }) => ({ code, err }))).toEqual([1, 2, 3].map(() => ({ code: 0, err: "" })));
    expect(new Set(applied).size).toBe(applied.length);
    expect(applied).toContain("0001_initial  applied");
  });
});

function readMigrations(database: Database) {
  return database.read(
    everyPartner,
    raw(`select "number", "name", "digest", "appliedDateTime" from "migrations" order by "number"`),
  );
}

function change(database: Database, text: string) {
  return database.write(everyPartner, [raw(text)]);
}

function openedFirst(databases: readonly Database[]): Database {
  const [first] = databases;
  if (first === undefined) throw new Error("There is no database.");
  return first;
}
