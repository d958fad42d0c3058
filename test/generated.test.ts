import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { validateXML } from "xmllint-wasm";
import { generatedFiles } from "../scripts/generated-files.ts";
import { printMetadata } from "../src/odata/metadata.ts";

const schemas = join(dirname(createRequire(import.meta.url).resolve("odata-csdl/package.json")), "schemas");
const readSchema = (fileName: string) => ({ fileName, contents: readFileSync(join(schemas, fileName), "utf8") });

describe("generated files", async () => {
  test.each([...(await generatedFiles())])("%s is what npm run generate writes", (path, content) => {
    const committed = readFileSync(new URL(`../${path}`, import.meta.url), "utf8");

    expect(committed).toBe(content);
  });
});

describe("$metadata", () => {
  test("is valid against the schema of OASIS", async () => {
    const result = await validate(printMetadata());

    expect(result.errors).toEqual([]);
    expect(result.valid).toBe(true);
  });

  test("would be found invalid if it were", async () => {
    const result = await validate(
      printMetadata().replace('<EntityContainer Name="GraphService">', "<EntityContainer>"),
    );

    expect(result.valid).toBe(false);
  });
});

function validate(contents: string) {
  return validateXML({
    xml: [{ fileName: "metadata.xml", contents }],
    schema: [readSchema("edmx.xsd")],
    preload: [readSchema("edm.xsd")],
  });
}
