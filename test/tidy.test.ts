import { readdirSync, readFileSync } from "node:fs";
import { extname, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));
const linesMax = 300;
const generated = ["src/client/types.ts"];
/** Names that say nothing of what a file holds. */
const emptyNames = [
  "utils",
  "helpers",
  "common",
  "lib",
  "misc",
  "types",
  "interfaces",
  "manager",
  "service",
  "handler",
];

const files = ["src", "portal/src", "test", "scripts", "bin", "bench", "docs"].flatMap((folder) => listFiles(folder));
const sources = files.filter(
  (file) => [".ts", ".tsx", ".js", ".sql"].includes(extname(file)) && !generated.includes(file),
);

describe("the tree", () => {
  test("has sources to look at", () => {
    expect(sources.length).toBeGreaterThan(50);
  });

  test.each(sources)("%s is short enough to read", (file) => {
    expect(read(file).split("\n").length - 1).toBeLessThanOrEqual(linesMax);
  });

  test("holds no mark of unfinished or silenced work", () => {
    const marks = /TO[D]O|FIX[M]E|X[X]X|@ts-ignor[e]|\.(?:only|skip|todo)\(/;

    const marked = sources.filter((file) => marks.test(read(file)));

    expect(marked).toEqual([]);
  });

  test("names its files after what they hold", () => {
    const named = sources.filter((file) => file.startsWith("src/"));

    const empty = named.filter((file) => emptyNames.some((name) => file.endsWith(`/${name}.ts`)));

    expect(empty).toEqual([]);
  });

  test("says no non-null assertion and no conversion but in two functions of its own", () => {
    const named = sources.filter((file) => file.startsWith("src/"));

    const conversions = named.flatMap((file) =>
      [...read(file).matchAll(/^.* as (?!const\b)[A-Z][\w<>]*[;,)].*$|\w!\..*$/gm)].map(
        (match) => `${file}: ${match[0].trim()}`,
      ),
    );

    expect(conversions).toEqual([
      "src/onboarding/attach.ts: return values as Customer;",
      "src/store/rows.ts: return values as EntityOf<T>;",
    ]);
  });
});

function listFiles(folder: string): string[] {
  if (!exists(root + folder)) return [];
  return (
    readdirSync(root + folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(root, `${entry.parentPath}/${entry.name}`))
      // The bench installs what it compares with in folders of their own.
      .filter((file) => !file.includes("/node_modules/"))
  );
}

function read(file: string): string {
  return readFileSync(root + file, "utf8");
}

function exists(path: string): boolean {
  try {
    readFileSync(path, { flag: "r" });
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EISDIR";
  }
}
