import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { entityTypes, schemaVersion } from "../../src/model/model.ts";
import { visible } from "../../src/model/visible.ts";
import { engines, type Json, type Service, startService } from "../support/service.ts";
import { type Case, testRefusals } from "./refusal.ts";
import { openWorld, type World } from "./world.ts";

describe("$metadata", () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService("sqlite");
  });
  afterAll(() => service[Symbol.asyncDispose]());

  const ask = (query: string, accept?: string) =>
    service.get(`/$metadata${query}`, { token: null, headers: accept === undefined ? {} : { accept } });

  test.each([
    ["", undefined],
    ["", "*/*"],
    ["", "application/xml"],
    ["", "application/xml, application/json"],
    ["", "application/json;q=0.5, application/xml"],
    ["", "application/json;q=0.1, */*"],
    ["?$format=xml", "application/json"],
    ["?$format=application/xml", undefined],
  ])("comes as XML when it is asked for with '%s' and Accept %s", async (query, accept) => {
    const { status, headers, text } = await ask(query, accept);

    expect(status).toBe(200);
    expect(headers["Content-Type"]).toBe("application/xml");
    expect(text).toContain('<edmx:Edmx Version="4.0"');
  });

  test.each([
    ["", "application/json"],
    ["", "application/json;odata.metadata=minimal"],
    ["", "application/xml;q=0.2, application/json;q=0.3"],
    ["", "application/json, application/*;q=0.8, */*;q=0.1"],
    ["", "application/xml;q=0, */*"],
    ["?$format=json", undefined],
    ["?$format=json", "application/xml"],
    ["?$format=application/json", undefined],
    ["?$FORMAT=JSON", undefined],
    ["?format=json", undefined],
  ])("comes as JSON when it is asked for with '%s' and Accept %s", async (query, accept) => {
    const { status, headers, json } = await ask(query, accept);

    expect(status).toBe(200);
    expect(headers["Content-Type"]).toBe("application/json");
    expect(json.$EntityContainer).toBe("microsoft.graph.GraphService");
  });

  test("says which version its schema has, in both forms", async () => {
    const xml = await ask("");
    const json = await ask("?$format=json");

    expect(xml.text).toContain(`<Annotation Term="Core.SchemaVersion" String="${schemaVersion}" />`);
    expect(json.json["microsoft.graph"]["@Core.SchemaVersion"]).toBe(schemaVersion);
  });

  test("is the same under both roots", async () => {
    const [stable, beta] = await Promise.all(
      ["v1.0", "beta"].map((root) => service.get(`!/${root}/$metadata`, { token: null })),
    );

    expect(stable?.text).toBe(beta?.text);
  });

  test.each(entityTypes.map(({ set }) => set))("claims of %s what can be done, and nothing else", async (set) => {
    const { json } = await ask("?$format=json");
    const claimed: Json = json["microsoft.graph"].GraphService[set];
    const one = `/${set}/0198f2a4-0000-7000-8000-000000000000`;
    const allowed = async (path: string) => (await service.send("OPTIONS", path)).headers["Allow"] ?? "";
    const takes = async (query: string) => (await service.get(`/${set}?${query}`)).status === 200;

    expect({
      insert: claimed["@Capabilities.InsertRestrictions"].Insertable,
      update: claimed["@Capabilities.UpdateRestrictions"].Updatable,
      delete: claimed["@Capabilities.DeleteRestrictions"].Deletable,
      read: claimed["@Capabilities.ReadRestrictions"].Readable,
      byKey: claimed["@Capabilities.IndexableByKey"],
    }).toEqual({
      insert: (await allowed(`/${set}`)).includes("POST"),
      update: (await allowed(one)).includes("PATCH"),
      delete: (await allowed(one)).includes("DELETE"),
      read: (await allowed(`/${set}`)).includes("GET"),
      byKey: (await allowed(one)).includes("GET"),
    });
    expect({
      count: claimed["@Capabilities.CountRestrictions"].Countable,
      filter: claimed["@Capabilities.FilterRestrictions"].Filterable,
      sort: claimed["@Capabilities.SortRestrictions"].Sortable,
      search: claimed["@Capabilities.SearchRestrictions"].Searchable,
      expand: claimed["@Capabilities.ExpandRestrictions"].Expandable,
      select: claimed["@Capabilities.SelectSupport"].Supported,
      top: claimed["@Capabilities.TopSupported"],
      skip: claimed["@Capabilities.SkipSupported"],
      compute: claimed["@Capabilities.ComputeSupported"],
    }).toEqual({
      count: await takes("$count=true"),
      filter: await takes("$filter=id ne null"),
      sort: await takes("$orderby=id"),
      search: await takes("$search=contoso"),
      expand: await takes("$expand=customer"),
      select: await takes("$select=id"),
      top: await takes("$top=1"),
      skip: await takes("$skip=1"),
      compute: await takes("$compute=length(id) as size"),
    });
  });

  test("claims of a property that it can be sorted by, or not, as it is", async () => {
    const { json } = await ask("?$format=json");

    for (const { set, properties } of entityTypes) {
      const claimed = json["microsoft.graph"].GraphService[set]["@Capabilities.SortRestrictions"];
      for (const [name, { kind }] of visible(properties)) {
        if (kind.kind === "complex" || kind.kind === "dictionary") continue;
        const { status } = await service.get(`/${set}?$orderby=${name}`);
        expect(`${name} ${claimed.NonSortableProperties.includes(name)}`).toBe(`${name} ${status !== 200}`);
      }
    }
  });
});

describe.each(engines)("the version of the schema that a request is made against, on %s", (engine) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(engine);
  });
  afterAll(() => world.service[Symbol.asyncDispose]());

  test.each(["/$metadata", "/", "/openapi.json", "/customers", "/customers/$count", "/customers/delta"])(
    "%s may be asked for by the present version, or by a star",
    async (path) => {
      for (const version of ["*", schemaVersion]) {
        const { status } = await world.service.get(`${path}?$schemaversion=${version}`);
        expect(status).toBe(200);
      }
    },
  );

  testRefusals(
    () => world,
    (
      [
        ["GET", "/$metadata"],
        ["GET", "/customers"],
        ["GET", "/customers/delta()"],
        ["GET", "/customers/{active}"],
        ["DELETE", "/customers/{active}"],
        ["POST", "/customerCreationOperations", { domain: "{free}" }],
        ["POST", "/$batch", { requests: [] }],
      ] as const
    ).map(
      ([method, path, body]): Case => [
        `${method} of ${path} against another version of the schema is answered 400 with the present one`,
        { method, path: `${path}?$schemaversion=2.0`, ...(body === undefined ? {} : { body }) },
        { status: 400, code: "invalidQueryOption", target: "$schemaversion", message: `'${schemaVersion}'` },
      ],
    ),
  );
});
