import { Validator } from "@seriousme/openapi-schema-validator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { versions } from "../../src/model/model.ts";
import { printOpenApi } from "../../src/odata/openapi.ts";
import { printSwagger } from "../../src/odata/swagger.ts";
import { describeOffers } from "../../src/onboarding/offers.ts";
import { offersOfEveryForm, otherForms } from "../support/offers-of-every-form.ts";
import { type Json, origin, type Sending, type Service, startService } from "../support/service.ts";

const offers = describeOffers();
let service: Service;
beforeAll(async () => {
  service = await startService("sqlite");
});
afterAll(() => service[Symbol.asyncDispose]());

const read = async (path: string): Promise<Json> => (await service.get(`!${path}`, { token: null })).json;

describe.each(versions)("the documents for API tools under /%s", (version) => {
  test("OpenAPI is valid, and names its own root", async () => {
    const document = await read(`/${version}/openapi.json`);

    expect(await new Validator().validate(document)).toMatchObject({ valid: true });
    expect(document.openapi).toBe("3.1.0");
    expect(document.info.version).toBe(version);
    expect(document.servers).toMatchObject([{ url: `/${version}` }]);
  });

  test("Swagger is valid, smaller than a custom connector may be, and names its own root", async () => {
    const { headers, text, json } = await service.get(`!/${version}/swagger.json`, { token: null });

    expect(await new Validator().validate(json)).toMatchObject({ valid: true });
    expect(headers["Content-Type"]).toBe("application/json");
    expect(Buffer.byteLength(text ?? "")).toBeLessThan(1_000_000);
    expect(json.swagger).toBe("2.0");
    expect(`${json.schemes[0]}://${json.host}${json.basePath}`).toBe(`${origin}/${version}`);
  });
});

test.each([
  ["OpenAPI", printOpenApi(describeOffers(), "v1.0")],
  ["Swagger", printSwagger(describeOffers(), "v1.0", origin)],
])("%s with an answer that has no description would be found invalid", async (_, document) => {
  const changed = JSON.parse(JSON.stringify(document).replaceAll('"description":"Done."', '"descripton":"Done."'));

  expect(await new Validator().validate(changed)).toMatchObject({ valid: false });
});

describe.each([
  ["OpenAPI", "/v1.0/openapi.json"],
  ["Swagger", "/v1.0/swagger.json"],
])("%s", (_, path) => {
  test("describes every offer, each by a name of its own", async () => {
    const { paths } = await read(path);

    for (const { method, path } of offers) expect(paths[path]).toHaveProperty(method.toLowerCase());
    const names = Object.values<Json>(paths).flatMap((item) =>
      Object.values<Json>(item).map((each) => each.operationId),
    );
    const given = names.filter((name) => name !== undefined);
    expect(new Set(given).size).toBe(given.length);
  });

  test("lists the query options that an offer takes, no others, and the keys in its path", async () => {
    const document = await read(path);

    for (const offer of offers) {
      const item = document.paths[offer.path];
      const listed = [...(item.parameters ?? []), ...item[offer.method.toLowerCase()].parameters].map((each) =>
        follow(document, each),
      );
      const names = (place: string) => listed.filter((each) => each.in === place).map(({ name }) => name);
      expect(names("query").toSorted()).toEqual(offer.options.map((name) => `$${name}`).toSorted());
      expect(names("path").map((name) => `{${name}}`)).toEqual(offer.path.match(/\{\w+\}/g) ?? []);
    }
  });

  test("shows of each status an error with a code and a message, and the headers that it has", async () => {
    const document = await read(path);

    for (const { path, method } of offers) {
      const { responses } = document.paths[path][method.toLowerCase()];
      for (const [status, response] of Object.entries<Json>(responses)) {
        const { content, examples, headers } = follow(document, response);
        expect(Object.keys(headers)).toEqual(expect.arrayContaining(["request-id", "OData-Version"]));
        if (Number(status) < 400) continue;
        const { error } = (content ?? examples)["application/json"].example ?? examples["application/json"];
        expect(error).toMatchObject({ code: expect.any(String), message: expect.any(String) });
      }
    }
  });

  test("says which permissions suffice", async () => {
    const { paths } = await read(path);

    for (const { path, method, permissions } of offers) {
      const { description } = paths[path][method.toLowerCase()];
      expect(description).toContain(permissions.join(", "));
    }
  });
});

test("OpenAPI says of each permission that it suffices alone", async () => {
  const { paths } = await read("/v1.0/openapi.json");

  for (const { path, method, permissions } of offers) {
    const security = permissions.map((each) => ({ bearer: [each] }));
    expect(paths[path][method.toLowerCase()].security).toEqual(security);
  }
});

test("OpenAPI describes batches and the documents, which need no token", async () => {
  const { paths } = await read("/v1.0/openapi.json");

  expect(Object.keys(paths["/$batch"].post.requestBody.content)).toEqual(["application/json", "multipart/mixed"]);
  expect(paths["/$batch"].post.security).toBeUndefined();
  for (const path of ["/", "/$metadata", "/openapi.json", "/swagger.json"])
    expect(paths[path].get.security).toEqual([]);
  expect(Object.keys(paths["/$metadata"].get.responses["200"].content)).toEqual([
    "application/xml",
    "application/json",
  ]);
});

test.each([
  ["OpenAPI", printOpenApi(offersOfEveryForm, "v1.0")],
  ["Swagger", printSwagger(offersOfEveryForm, "v1.0", origin)],
])("%s can tell of offers of every form", async (_, document: Json) => {
  const operationOf = ({ path, method }: { path: string; method: string }) =>
    document.paths[path][method.toLowerCase()];

  expect(await new Validator().validate(document)).toMatchObject({ valid: true });
  for (const offer of otherForms) expect(operationOf(offer).summary).toBe(offer.summary);
  expect(Object.keys(operationOf({ path: "/customers/{id}", method: "PATCH" }).responses)).toContain("201");
  const opening = JSON.stringify(operationOf({ path: "/customerCreationOperations", method: "POST" }));
  expect(opening).toContain("customer@odata.bind");
  const moving = JSON.stringify(operationOf({ path: "/customerCreationOperations/{id}/move", method: "POST" }));
  expect(moving).toContain('"required":["country"]');
  const asking = JSON.stringify(operationOf({ path: "/customers/$query", method: "POST" }));
  expect(asking).toContain("text/plain");
  expect(asking).not.toContain("Idempotency-Key");
});

/** Requests that are refused for many reasons, or go well. */
const provocations: readonly (readonly [reason: string, query: string, sending: Sending])[] = [
  ["that lack nothing", "", {}],
  ["without a token", "", { token: null }],
  ["with an option that is not supported", "?$apply=identity", {}],
  ["with an option that is malformed", "?$select=", {}],
  ["for another version of the schema", "?$schemaversion=0", {}],
  ["that accept nothing we have", "", { headers: { accept: "image/png" } }],
  ["that want a snapshot", "", { headers: { isolation: "snapshot" } }],
  ["with text as their body", "", { body: "a customer", headers: { "content-type": "text/plain" } }],
  ["with an empty object as their body", "", { body: {} }],
  ["with a token of delta that is none", "?$deltatoken=x", {}],
  ["with half of what makes them repeatable", "", { headers: { "repeatability-request-id": "x" } }],
];

test.each(provocations)("OpenAPI lists the status of every answer to requests %s", async (_, query, sending) => {
  const { paths } = await read("/v1.0/openapi.json");

  for (const { method, path } of offers) {
    const url = path.replaceAll(/\{\w+\}/g, "0198f2a4-0000-7000-8000-000000000000");
    const { status } = await service.send(method, url + query, sending);
    expect(Object.keys(paths[path][method.toLowerCase()].responses), `${method} ${path}`).toContain(String(status));
  }
});

describe("what a custom connector asks of Swagger", () => {
  test("every parameter has a title, and says how visible it is", async () => {
    const { paths } = await read("/v1.0/swagger.json");

    for (const { path, method } of offers) {
      for (const parameter of paths[path][method.toLowerCase()].parameters) {
        expect(parameter["x-ms-summary"]).toMatch(/^[A-Z]/);
        expect(["important", "advanced", "internal"]).toContain(parameter["x-ms-visibility"]);
      }
    }
  });

  test("a collection names the link to its next page", async () => {
    const { paths } = await read("/v1.0/swagger.json");

    expect(paths["/customers"].get["x-ms-pageable"]).toEqual({ nextLinkName: "@odata.nextLink" });
    expect(paths["/customers/{id}"].get["x-ms-pageable"]).toBeUndefined();
  });

  test("nothing of OpenAPI 3 is left in it", async () => {
    const { text } = await service.get("/swagger.json", { token: null });

    expect(text).not.toMatch(/"anyOf"|"oneOf"|#\/components\/|"type":\[|"type":"null"/);
  });

  test("what may be null is marked", async () => {
    const { definitions } = await read("/v1.0/swagger.json");

    const { tenantId, defaultAddress } = {
      ...definitions["microsoft.graph.customer"].properties,
      ...definitions["microsoft.graph.billingProfile"].properties,
    };
    expect(tenantId).toMatchObject({ type: "string", "x-nullable": true, "x-ms-summary": "Tenant id" });
    expect(defaultAddress).toMatchObject({
      allOf: [{ $ref: "#/definitions/microsoft.graph.address" }],
      "x-nullable": true,
    });
  });
});

/** The part of a document that a reference stands for. */
function follow(document: Json, part: Json): Json {
  if (part.$ref === undefined) return part;
  return String(part.$ref)
    .split("/")
    .slice(1)
    .reduce((from, name) => from[name], document);
}
