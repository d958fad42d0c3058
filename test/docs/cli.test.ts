import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { exitCodes, printExitCodes } from "../../src/cli/failures.ts";
import { createStorage, startProcess } from "../support/process.ts";
import { openPlace } from "./place.ts";

test("the commands of docs/cli.md can be pasted one after the other", { timeout: 180_000 }, async () => {
  await using storage = await createStorage("sqlite");
  await using server = await startProcess(storage.flags);
  const { port } = new URL(server.origins[0] ?? "");
  using place = await openPlace({ port, dataDirectory: storage.directory });

  const printed = await place.run("docs/cli.md");

  const read = (name: string) => readFileSync(join(place.folder, name), "utf8");
  expect(printed).toMatch(/^externalId +crm-4711$/m);
  expect(printed).toContain("2 rows: 2 can be imported, 0 are there already, 0 have faults.");
  expect(printed).toContain("2 were imported, 0 before, 0 were there already, 0 have faults.");
  expect(read("all.csv")).toContain("crm-2,northwind.onmicrosoft.com,Northwind");
  expect(JSON.parse(read("blue.ndjson"))).toMatchObject({ externalId: "crm-2" });
  expect(printed).toMatch(/^good +database/m);
});

test("docs/cli.md lists the exit codes that --help lists", () => {
  const page = readFileSync(new URL("../../docs/cli.md", import.meta.url), "utf8");

  const listed = [...page.matchAll(/^\| (\d+) \| (.*) \|$/gm)].map(
    ([, code = "", meaning = ""]) => `${code} ${meaning}`,
  );

  expect(listed).toHaveLength(Object.keys(exitCodes).length);
  expect(
    printExitCodes()
      .split("\n")
      .map((line) => line.trim().replace(/ +/, " ")),
  ).toEqual(listed);
});
