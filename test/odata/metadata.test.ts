import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Ajv } from "ajv";
import { xml2json } from "odata-csdl";
import { csdl2openapi } from "odata-openapi";
import { describe, expect, test } from "vitest";
import { validateXML } from "xmllint-wasm";
import { isValues, type Values } from "../../src/model/define.ts";
import { describeSchema } from "../../src/odata/metadata.ts";
import { printCsdlJson } from "../../src/odata/metadata-json.ts";
import { printCsdlXml } from "../../src/odata/metadata-xml.ts";
import { describeOffers } from "../../src/onboarding/offers.ts";
import { offersOfEveryForm } from "../support/offers-of-every-form.ts";
import { findAnnotationFaults, termsOf } from "../support/vocabulary.ts";

const schemas = join(dirname(createRequire(import.meta.url).resolve("odata-csdl/package.json")), "schemas");
const readSchema = (fileName: string) => ({ fileName, contents: readFileSync(join(schemas, fileName), "utf8") });
describe.each([
  ["as it is", describeSchema(describeOffers())],
  ["with offers of every form", describeSchema(offersOfEveryForm)],
])("$metadata %s", (_, schema) => {
  test.each(["4.0", "4.01"] as const)("is valid against the XML schema of OASIS, in version %s", async (version) => {
    const xml = printCsdlXml(schema, version);

    expect((await validateXml(xml)).errors).toEqual([]);
    expect(xml).toContain(`<edmx:Edmx Version="${version}"`);
  });

  test("is valid against the JSON Schema of OASIS", () => {
    const { faults } = validateJson(printCsdlJson(schema, "4.01"));

    expect(faults).toEqual([]);
  });

  test("says the same in XML as in JSON", () => {
    const fromXml = xml2json(printCsdlXml(schema, "4.0"));

    expect(withPlainTypes(fromXml)).toEqual(withPlainTypes(printCsdlJson(schema, "4.0")));
  });

  test("uses every annotation as the vocabularies of OASIS declare it", () => {
    const faults = findAnnotationFaults(printCsdlJson(schema, "4.0"));

    expect(faults).toEqual([]);
  });

  test("can be converted by the tool of OASIS", () => {
    const messages: string[] = [];
    const { paths } = csdl2openapi(printCsdlJson(schema, "4.0"), { messages });

    expect(messages).toEqual([]);
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining([
        "/customers",
        "/customers/delta()",
        "/customerCreationOperations",
        "/customerCreationOperations/delta()",
        "/$batch",
      ]),
    );
    for (const set of ["customers", "customerCreationOperations"]) {
      const entity = Object.keys(paths).find((path) => new RegExp(`^/${set}/\\{[^/]*\\}$`).test(path)) ?? "";
      expect(Object.keys(paths[`/${set}`] ?? {})).toEqual(expect.arrayContaining(["get", "post"]));
      expect(Object.keys(paths[entity] ?? {})).toEqual(expect.arrayContaining(["get", "patch", "delete"]));
    }
  });
});

describe("functions and actions in $metadata", () => {
  const xml = printCsdlXml(describeSchema(offersOfEveryForm), "4.0").replaceAll(/\s*\n\s*/g, "");

  test("a function names its parameters, and which may be left out", () => {
    const text = 'Type="Edm.String" Nullable="false" MaxLength="2"';
    expect(xml).toContain('<Function Name="rulesOf" IsBound="true"><Parameter Name="bindingParameter"');
    expect(xml).toContain(`<Parameter Name="country" ${text}><Annotation Term="Core.Description"`);
    expect(xml).toMatch(/<Parameter Name="isStrict"[^>]*>.{0,200}Term="Core.OptionalParameter"><Record \/>/);
    expect(xml).toContain('<ReturnType Type="graph.rulesOfCountry" Nullable="false" />');
  });

  test("the types that only a function uses are declared", () => {
    expect(xml).toContain('<ComplexType Name="rulesOfCountry">');
    expect(xml).toContain('<EnumType Name="requirement">');
  });

  test("an action is bound to the entity that its path leads to, and returns nothing if it says so", () => {
    const parameter = '<Parameter Name="bindingParameter" Type="graph.customerCreationOperation" Nullable="false" />';
    expect(xml).toContain(`<Action Name="repeat" IsBound="true">${parameter}<Annotation`);
  });
});

describe("what is wrong would be found", () => {
  const schema = describeSchema(describeOffers());
  const json = printCsdlJson(schema, "4.0");

  test("a container without a name is not valid XML of CSDL", async () => {
    const xml = printCsdlXml(schema, "4.0").replace('<EntityContainer Name="GraphService">', "<EntityContainer>");

    expect((await validateXml(xml)).valid).toBe(false);
  });

  test("a kind of element that does not exist is not valid JSON of CSDL", () => {
    const changed: Values = JSON.parse(JSON.stringify(json).replace('"$Kind":"ComplexType"', '"$Kind":"Complex"'));

    expect(validateJson(changed).faults).not.toEqual([]);
  });

  test.each([
    ["Core.Computed", "Core.Reckoned", "is no term"],
    ["Capabilities.TopSupported", "Capabilities.BatchSupported", "applies to EntityContainer; this is a EntitySet"],
    ["Core.Description", "Core.Computed", "must be an Edm.Boolean"],
    ["Readable", "Legible", "is no property of Capabilities.ReadRestrictionsType"],
    ['"Scope"', '"Extent"', "lacks Scope"],
    ['"companyProfile"', '"companyProfil"', "must be an Edm.PropertyPath", '"companyProfil":{"$Type"'],
    ["Advanced", "Highest", "must be a member of"],
    ["Core.V1.PrimitiveExampleValue", "Core.V1.Link", "which is no Core.ExampleValue"],
  ])("%s in place of which stands %s", (right, wrong, fault, kept = wrong) => {
    // Where a path is at fault, the property that it should have named stays.
    const text = JSON.stringify(json).replaceAll(right, wrong);
    const changed = kept === wrong ? text : text.replace(kept, '"companyProfile":{"$Type"');

    expect(findAnnotationFaults(JSON.parse(changed)).join("\n")).toContain(fault);
  });
});

test("what the body of a request may hold besides is claimed of its set alone", () => {
  const json = JSON.stringify(printCsdlJson(describeSchema(offersOfEveryForm), "4.0"));

  expect(
    json.match(/"@Capabilities.DeepInsertSupport":\{"Supported":\w+/g)?.map((each) => each.split(":").at(-1)),
  ).toEqual(["true", "false", "false", "false", "false"]);
  expect(json.match(/(?<="Upsertable":)\w+/g)).toEqual(["false", "true", "false", "false", "false"]);
  expect(json).toContain('"@Capabilities.QuerySegmentSupported":true');
});

test("$metadata publishes what protocol 3.8 asks for", () => {
  const terms = termsOf(printCsdlJson(describeSchema(offersOfEveryForm), "4.0"));

  expect(terms).toEqual(
    expect.arrayContaining([
      ...["AlternateKeys", "Computed", "Immutable", "ODataVersions", "OptionalParameter", "Permissions"].map(
        (name) => `Core.${name}`,
      ),
      ...["BatchSupport", "ConformanceLevel", "KeyAsSegmentSupported", "FilterFunctions", "SupportedFormats"].map(
        (name) => `Capabilities.${name}`,
      ),
      ...["Insert", "Update", "Delete", "Read", "Count", "Search", "Filter", "Sort", "Expand"].map(
        (name) => `Capabilities.${name}Restrictions`,
      ),
      ...["ChangeTracking", "AsynchronousRequestsSupported"].map((name) => `Capabilities.${name}`),
      "Repeatability.Supported",
    ]),
  );
});

function validateXml(contents: string) {
  return validateXML({
    xml: [{ fileName: "metadata.xml", contents }],
    schema: [readSchema("edmx.xsd")],
    preload: [readSchema("edm.xsd")],
  });
}

function validateJson(document: Values) {
  const ajv = new Ajv({ strict: false, validateFormats: false });
  const validate = ajv.compile(JSON.parse(readSchema("csdl.schema.json").contents));
  validate(document);
  return { faults: (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`) };
}

// The tool of OASIS names the type of a record as OData 4.0 does, with the alias and in the XML of the vocabulary.
function withPlainTypes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withPlainTypes);
  if (!isValues(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) =>
      name === "@type" || name === "@odata.type"
        ? ["@type", String(each).split(".").at(-1)]
        : [name, withPlainTypes(each)],
    ),
  );
}
