import { chmodSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openSqlite } from "../../src/store/sqlite.ts";
import { createStorage, runCommand, startProcess } from "../support/process.ts";

const inUse = /^The data directory '.*' is in use by another Tenantry process\. Stop that process,.*--database-url/;

test("a data directory takes one process: a second one is told so and ends with 1", async () => {
  await using storage = await createStorage("sqlite");
  await using first = await startProcess(storage.flags);

  const server = await runCommand(["serve", "--port", "0", ...storage.flags]);
  const migration = await runCommand(["migrate", "up", ...storage.flags]);
  const created = await first.send("POST", "/v1.0/customerCreationOperations", { domain: "a.onmicrosoft.com" });

  for (const second of [server, migration]) {
    expect(second).toMatchObject({ code: 1, out: "", err: expect.stringMatching(inUse) });
    expect(second.err.split("\n")).toHaveLength(2);
  }
  expect(() => openSqlite(storage.directory)).toThrow(inUse);
  expect(created.status).toBe(201);
});

test("a data directory is free again when its process was killed", async () => {
  await using storage = await createStorage("sqlite");
  await using first = await startProcess(storage.flags);
  const domain = "a.onmicrosoft.com";
  const created = await first.send("POST", "/v1.0/customerCreationOperations", { domain });
  await first.end("SIGKILL");

  await using second = await startProcess(storage.flags);
  const read = await second.send("GET", `/v1.0/customerCreationOperations/${created.json.id}`);

  expect(read).toMatchObject({ status: 200, json: { domain } });
});

test("a data directory is free again when it was closed, and is its owner's alone", async () => {
  await using storage = await createStorage("sqlite");
  const directory = join(storage.directory, "made", "by", "the", "server");

  await openSqlite(directory).close();
  await openSqlite(directory).close();

  expect((statSync(directory).mode & 0o777).toString(8)).toBe("700");
});

test("a data directory that others may enter shows them no file of the database", async () => {
  await using storage = await createStorage("sqlite");
  chmodSync(storage.directory, 0o755);
  await using _server = await startProcess(storage.flags);

  const files = readdirSync(storage.directory).filter((name) => /\.db(?:-\w+)?$/.test(name));
  const modes = files.map((name) => [name, (statSync(join(storage.directory, name)).mode & 0o777).toString(8)]);

  expect(files).toEqual(expect.arrayContaining(["lock.db", "tenantry.db", "tenantry.db-wal"]));
  expect(modes).toEqual(files.map((name) => [name, "600"]));
});
