import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Json, newDomain, type Service, startService } from "../support/service.ts";

/** The words with which Graph's guidelines end the names of instants, days and times of day. */
const temporal = /(?:DateTime|Date|Time)$/;

describe("what Graph's guidelines and OData ask of the model", () => {
  let service: Service;
  let metadata = "";
  beforeAll(async () => {
    service = await startService("sqlite");
    metadata = (await service.get("/$metadata", { token: null })).text ?? "";
  });
  afterAll(() => service[Symbol.asyncDispose]());

  test("every name begins in lower case and holds letters and digits only", () => {
    const names = namesOf(
      "Property|NavigationProperty|EntityType|ComplexType|EnumType|Member|EntitySet|Function|Action",
    );

    expect(names.length).toBeGreaterThan(50);
    expect(names.filter((name) => !/^[a-z][A-Za-z0-9]*$/.test(name))).toEqual([]);
  });

  test("types are named in the singular and their sets in the plural", () => {
    const types = namesOf("EntityType").filter((name) => name !== "entity");

    expect(namesOf("EntitySet").toSorted()).toEqual(types.map((name) => `${name}s`.replace(/ys$/, "ies")).toSorted());
  });

  test("no name ends in what it is: a collection, a response or a request", () => {
    const names = namesOf("EntityType|ComplexType|EnumType|Property|NavigationProperty");

    expect(names.filter((name) => /(?:Collection|Response|Request|Object|Entity|Enum)$/.test(name))).toEqual([]);
  });

  test("no two names of one thing differ only in case", () => {
    const blocks = metadata.match(/<(EntityType|ComplexType|EnumType) .*?<\/\1>/gs) ?? [];
    const lists = [namesOf("EntityType|ComplexType|EnumType"), namesOf("EntitySet"), ...blocks.map(membersOf)];

    const doubled = lists.flatMap((names) => {
      const lower = names.map((name) => name.toLowerCase());
      return names.filter((name, index) => lower.indexOf(name.toLowerCase()) !== index);
    });

    expect(blocks.length).toBeGreaterThan(5);
    expect(doubled).toEqual([]);
  });

  test("instants are named as such, and nothing else is", () => {
    const properties = [...metadata.matchAll(/<Property Name="(\w+)" Type="([^"]+)"/g)];

    const named = properties.filter(([, name = ""]) => temporal.test(name)).map(([, name]) => name);
    const typed = properties.filter(([, , type = ""]) => type === "Edm.DateTimeOffset").map(([, name]) => name);

    expect(typed.length).toBeGreaterThan(3);
    expect(named).toEqual(typed);
  });

  test("what is made and changed says when by the names of the common list", () => {
    expect(namesOf("Property")).toEqual(expect.arrayContaining(["createdDateTime", "lastModifiedDateTime"]));
  });

  test("every entity has one key, a text named id, from the common base type", () => {
    const types = metadata.match(/<EntityType .*?<\/EntityType>/gs) ?? [];
    const keys = metadata.match(/<PropertyRef [^>]*>/g);

    expect(keys).toEqual(['<PropertyRef Name="id" />']);
    expect(metadata).toContain('<Property Name="id" Type="Edm.String" Nullable="false">');
    expect(types.filter((type) => !/Name="entity"|BaseType="graph\.entity"/.test(type))).toEqual([]);
  });

  test("enumerations may grow: each ends with unknownFutureValue", () => {
    const enumerations = metadata.match(/<EnumType .*?<\/EnumType>/gs) ?? [];

    const last = enumerations.map((text) => namesIn(text, "Member").at(-1));

    expect(last.length).toBeGreaterThan(3);
    expect(new Set(last)).toEqual(new Set(["unknownFutureValue"]));
  });

  test("functions and actions are bound, and none is imported by the container", () => {
    const operations = metadata.match(/<(?:Function|Action) [^>]*>/g) ?? [];

    expect(operations.length).toBeGreaterThan(0);
    expect(operations.filter((text) => !text.includes('IsBound="true"'))).toEqual([]);
    expect(metadata).not.toMatch(/<(?:Function|Action)Import /);
  });

  test("every navigation leads to a collection, so no single reference is there to be put", () => {
    const navigation = [...metadata.matchAll(/<NavigationProperty [^>]*Type="([^"]+)"/g)].map(([, type]) => type);

    expect(navigation.length).toBeGreaterThan(0);
    expect(navigation.filter((type) => !type?.startsWith("Collection("))).toEqual([]);
  });

  test("no entity type is derived from one that is served, so there is nothing to cast to", () => {
    const bases = [...metadata.matchAll(/BaseType="([^"]+)"/g)].map(([, base]) => base);

    expect(new Set(bases)).toEqual(new Set(["graph.entity"]));
  });

  test("every type is one of OData's own or declared here", () => {
    const declared = namesOf("EntityType|ComplexType|EnumType").map((name) => `graph.${name}`);
    const used = [...metadata.matchAll(/<(?:Property|NavigationProperty|Parameter|ReturnType)[^>]* Type="([^"]+)"/g)];

    const types = used.map(([, type = ""]) => type.replace(/^Collection\((.*)\)$/, "$1"));

    expect(types.filter((type) => !/^Edm\.[A-Z]\w+$/.test(type) && !declared.includes(type))).toEqual([]);
  });

  test("the names in answers are those of the metadata", async () => {
    const body = { companyProfile: { domain: newDomain() }, billingProfile: { defaultAddress: { city: "Lisboa" } } };

    const { json } = await service.post("/customers", body);

    const names = namesWithin(json).filter((name) => !name.startsWith("@"));
    expect(names).toContain("defaultAddress");
    expect(names.filter((name) => !namesOf("Property").includes(name))).toEqual([]);
  });

  test("the versions that are spoken and the capabilities of the service are annotated", () => {
    expect(metadata).toMatch(/Term="Core\.ODataVersions" String="4\.0/);
    expect(metadata).toContain("Capabilities.ChangeTracking");
    expect(metadata).toContain("Capabilities.KeyAsSegmentSupported");
  });

  test("an entity shows no more than twenty properties by default", () => {
    const types = metadata.match(/<EntityType .*?<\/EntityType>/gs) ?? [];

    const counts = types.map((type) => namesIn(type, "Property").length + 1);

    expect(Math.max(...counts)).toBeGreaterThan(5);
    expect(Math.max(...counts)).toBeLessThanOrEqual(20);
  });

  function namesOf(elements: string): readonly string[] {
    return namesIn(metadata, elements);
  }
});

function membersOf(text: string): readonly string[] {
  return namesIn(text, "Property|NavigationProperty|Member");
}

function namesIn(text: string, elements: string): readonly string[] {
  return [...text.matchAll(new RegExp(`<(?:${elements}) Name="([^"]+)"`, "g"))].map(([, name = ""]) => name);
}

function namesWithin(value: Json): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(namesWithin);
  return Object.entries(value).flatMap(([name, within]) => [name, ...namesWithin(within)]);
}
