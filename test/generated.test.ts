import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { generatedFiles } from "../scripts/generated-files.ts";

describe("generated files", async () => {
  test.each([...(await generatedFiles())])("%s is what npm run generate writes", (path, content) => {
    const committed = readFileSync(new URL(`../${path}`, import.meta.url), "utf8");

    expect(committed).toBe(content);
  });
});
