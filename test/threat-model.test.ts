import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = new URL("../", import.meta.url);
const page = readFileSync(new URL("docs/threat-model.md", root), "utf8");
const rows = page.split("\n").filter((line) => /^\| [STRIDE] \|/.test(line));

test("the page of threats has rows of every kind", () => {
  expect(new Set(rows.map((row) => row[2]))).toEqual(new Set(["S", "T", "R", "I", "D", "E"]));
});

test.each(rows)("a test that is there shows what stands against a threat: %s", (row) => {
  const [, file = "", title = ""] = /`(test\/[^`]+)` "([^"]+)" \|$/.exec(row) ?? [];
  const path = fileURLToPath(new URL(file, root));

  expect(existsSync(path), `${file} of: ${row}`).toBe(true);
  const text = readFileSync(path, "utf8").replaceAll("\\", "");
  expect(text.includes(title), `"${title}" in ${file}`).toBe(true);
});
