import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { createStorage, runCommand, startCommand, startProcess } from "../support/process.ts";
import { eventually } from "../support/service.ts";

const directory = mkdtempSync(join(tmpdir(), "tenantry-logs-"));
afterAll(() => rmSync(directory, { recursive: true }));

test("the log that a server writes to a file is shown, narrowed by status and path", async () => {
  await using storage = await createStorage("sqlite");
  const file = join(storage.directory, "server.log");
  await using server = await startProcess([...storage.flags, "--log-level", "info", "--log-file", file]);
  await server.send("GET", "/v1.0/customers");
  await server.send("GET", "/v1.0/customers/none");
  await server.send("GET", "/v1.0/customerCreationOperations/none");
  const tail = (...words: string[]) =>
    runCommand(["logs", "tail", "--no-follow", ...words], { TENANTRY_LOG_FILE: file });

  const all = await eventually(async () => {
    const shown = await tail();
    return shown.out.trim().split("\n").length === 3 ? shown : undefined;
  });
  const refused = await tail("--status", "4xx");
  const narrowed = await tail("--status", "404", "--path", "/customers/", "--output", "ndjson");
  const wrong = await tail("--status", "4");

  expect(all.out.split("\n")[0]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z 200 GET \/customers [\d.]+ ms [0-9a-f-]{36}$/);
  expect(refused.out.trim().split("\n")).toHaveLength(2);
  expect(JSON.parse(narrowed.out)).toMatchObject({ status: 404, path: "/customers/{id}" });
  expect(wrong).toMatchObject({ code: 2, err: "--status must be such as 404 or 4xx; it is '4'.\n" });
});

test("a log is followed while it is written, also when it begins anew", async () => {
  const file = join(directory, "growing.log");
  const entry = (path: string) =>
    `${JSON.stringify({ time: 0, level: 30, msg: "request", path, status: 200, method: "GET" })}\n`;
  writeFileSync(file, `not a line of the log\n${entry("/first")}`);
  const command = startCommand(["logs", "tail", file]);
  const shows = (path: string) => eventually(async () => (command.output.out.includes(path) ? true : undefined));

  await shows("/first");
  const second = entry("/second-ö");
  appendFileSync(file, second.slice(0, 20));
  appendFileSync(file, second.slice(20));
  await shows("/second-ö");
  writeFileSync(file, entry("/third"));
  await shows("/third");
  command.signal("SIGTERM");
  await command.ended;

  expect(command.output.out.trim().split("\n")).toHaveLength(3);
});

test("a log without a name, and one that is not there, are told", async () => {
  const unnamed = await runCommand(["logs", "tail"]);
  const missing = await runCommand(["logs", "tail", join(directory, "none.log")]);

  expect(unnamed).toMatchObject({ code: 2, err: expect.stringContaining("Name the file of the log") });
  expect(missing).toMatchObject({ code: 1, err: expect.stringContaining("ENOENT") });
});
