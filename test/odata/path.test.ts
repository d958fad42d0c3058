import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Problem } from "../../src/model/problem.ts";
import { parsePath } from "../../src/odata/path.ts";

const id = "0193a5b2-7c1e-7d34-9f00-5b1c2d3e4f50";

describe("a path", () => {
  test.each([
    ["/", "/", {}],
    ["", "/", {}],
    ["/$metadata", "/$metadata", {}],
    ["/$batch", "/$batch", {}],
    ["/openapi.json", "/openapi.json", {}],
    ["/customers", "/customers", {}],
    ["/customers/", "/customers", {}],
    ["/Customers", "/customers", {}],
    ["/customers/$count", "/customers/$count", {}],
    ["/customers/$ref", "/customers/$ref", {}],
    [`/customers/${id}`, "/customers/{id}", { id }],
    [`/customers('${id}')`, "/customers/{id}", { id }],
    [`/customers(id='${id}')`, "/customers/{id}", { id }],
    [`/customers(${id})`, "/customers/{id}", { id }],
    [`/customers%28%27${id}%27%29`, "/customers/{id}", { id }],
    ["/customers('O''Neil')", "/customers/{id}", { id: "O'Neil" }],
    ["/customers('')", "/customers/{id}", { id: "" }],
    ["/customers('a)(b')", "/customers/{id}", { id: "a)(b" }],
    ["/customers('a%2Fb')", "/customers/{id}", { id: "a/b" }],
    ["/customers/a%2Fb", "/customers/{id}", { id: "a/b" }],
    ["/customers/%24count", "/customers/$count", {}],
    ["/customers/customers", "/customers/{id}", { id: "customers" }],
    ["/customerCreationOperations/a/customer", "/customerCreationOperations/{id}/customer", { id: "a" }],
    ["/customerCreationOperations('a')/CUSTOMER", "/customerCreationOperations/{id}/customer", { id: "a" }],
    ["/customerCreationOperations/a/customer/$count", "/customerCreationOperations/{id}/customer/$count", { id: "a" }],
    ["/customerCreationOperations/a/customer/$ref", "/customerCreationOperations/{id}/customer/$ref", { id: "a" }],
    [
      "/customerCreationOperations/a/customer/b",
      "/customerCreationOperations/{id}/customer/{customerId}",
      { id: "a", customerId: "b" },
    ],
    [
      "/customerCreationOperations('a')/customer('b')/$ref",
      "/customerCreationOperations/{id}/customer/{customerId}/$ref",
      { id: "a", customerId: "b" },
    ],
  ])("%s leads to %s", (path, template, keys) => {
    const target = parsePath(path);

    expect(target).toEqual({ template, keys });
  });

  test.each([
    ["/users", "itemNotFound"],
    ["/customersx", "itemNotFound"],
    ["/$metadata/x", "itemNotFound"],
    ["/customers/a/b", "itemNotFound"],
    ["/customers/a/partnerId", "itemNotFound"],
    ["/customers/a/companyProfile/nothing", "itemNotFound"],
    ["/customers/a/companyProfile('b')", "itemNotFound"],
    ["/customers/a/externalId/b", "itemNotFound"],
    ["/customers/a/externalId/$value/b", "itemNotFound"],
    ["/customers/a/externalId/$ref", "itemNotFound"],
    ["/customers/a/metadata/a-b", "itemNotFound"],
    ["/customers/a/metadata/__proto__", "itemNotFound"],
    ["/customers/a/customDomains/0", "itemNotFound"],
    ["/customers/a/companyProfile/graph.billingProfile", "itemNotFound"],
    ["/customers/graph.customerCreationOperation", "itemNotFound"],
    ["/customers/a/graph.customerCreationOperation", "itemNotFound"],
    ["/customers/a/$value", "invalidRequest"],
    ["/customers/a/companyProfile/$value", "invalidRequest"],
    ["/customers/a/metadata/$value", "invalidRequest"],
    ["/customers/a/customDomains/$value", "invalidRequest"],
    ["/customers/a/externalId/$count", "invalidRequest"],
    ["/customers(@key)", "invalidQueryOption"],
    ["/$all/graph.customer", "notSupported"],
    ["/$crossjoin(customers,customerCreationOperations)", "notSupported"],
    ["/customers/$each", "notSupported"],
    ["/customers/$filter(a)/b", "notSupported"],
    ["/customers/$filter(a)/delta()", "notSupported"],
    ["/customers/$filter(a", "invalidRequest"],
    ["/customers/a/$ref/b", "itemNotFound"],
    ["/customers/a/('b')", "itemNotFound"],
    ["/customers/$count/$count", "itemNotFound"],
    ["/customers/$value", "notSupported"],
    ["/customers/graph.delta(token='x')", "notSupported"],
    ["/customers(tenantId='x')", "invalidAlternateKey"],
    ["/customerCreationOperations(externalId='x')", "invalidAlternateKey"],
    ["/customers(externalId=x)", "invalidRequest"],
    ["/customers(externalId='x',id='y')", "invalidRequest"],
    ["/customers(externalId=@key)", "invalidQueryOption"],
    ["/customers()", "invalidRequest"],
    ["/customers('a)", "invalidRequest"],
    ["/customers('a'b')", "invalidRequest"],
    ["/customers(a b)", "invalidRequest"],
    ["/customers('a','b')", "invalidRequest"],
    ["/customers/%", "invalidRequest"],
    ["/customers/%c3%28", "invalidRequest"],
    ["/%zz", "invalidRequest"],
  ])("%s is refused with %s", (path, code) => {
    expect(() => parsePath(path)).toThrow(expect.objectContaining({ name: "Problem", code }));
  });

  test.each([
    ["/customers/graph.customer", "/customers", {}],
    ["/customers/microsoft.graph.customer/$count", "/customers/$count", {}],
    ["/customers/microsoft.graph.customer('a')", "/customers/{id}", { id: "a" }],
    ["/customers/graph.customer/a", "/customers/{id}", { id: "a" }],
    ["/customers('a')/microsoft.graph.customer", "/customers/{id}", { id: "a" }],
    ["/customers/a/graph.customer/$ref", "/customers/{id}/$ref", { id: "a" }],
  ])("%s casts to the type that is there, and leads to %s", (path, template, keys) => {
    const target = parsePath(path);

    expect(target).toEqual({ template, keys });
  });

  test.each([
    ["/customers/a/externalId", "/customers/{id}/{property}", ["externalId"], "value", "allowed"],
    ["/customers('a')/EXTERNALID/$value", "/customers/{id}/{property}/$value", ["externalId"], "raw", "allowed"],
    [
      "/customers/a/billingProfile/defaultAddress/country",
      "/customers/{id}/{property}",
      ["billingProfile", "defaultAddress", "country"],
      "value",
      "allowed",
    ],
    [
      "/customers/a/companyProfile/graph.companyProfile/companyName",
      "/customers/{id}/{property}",
      ["companyProfile", "companyName"],
      "value",
      "allowed",
    ],
    [
      "/customers/a/companyProfile/address/city",
      "/customers/{id}/{property}",
      ["companyProfile", "address", "city"],
      "value",
      "refused",
    ],
    ["/customers/a/metadata/tier", "/customers/{id}/{property}", ["metadata", "tier"], "value", "allowed"],
    ["/customers/a/customDomains/$count", "/customers/{id}/{property}/$count", ["customDomains"], "count", "refused"],
    [
      "/customerCreationOperations/b/customer/a/createdDateTime",
      "/customerCreationOperations/{id}/customer/{customerId}/{property}",
      ["createdDateTime"],
      "value",
      "refused",
    ],
  ])("%s leads to the property at %s", (path, template, names, form, update) => {
    const target = parsePath(path);

    expect(target).toMatchObject({ template, property: { names, form, update } });
  });

  test("keeps the conditions of its filters, slashes and all", () => {
    const target = parsePath("/customers/$filter(billingProfile/email eq 'a)/b')/$filter(@more)/$count");

    expect(target).toEqual({
      template: "/customers/$count",
      keys: {},
      filters: ["billingProfile/email eq 'a)/b'", "@more"],
    });
  });

  test.each([
    ["/customers(@key)", "@key='O''Neil'", "O'Neil"],
    ["/customers(id=@key)", "$select=id&@key=%27a)b%27", "a)b"],
    ["/customers(@key)", `@key=${id}`, id],
  ])("%s with ?%s leads to the key that the alias stands for", (path, query, key) => {
    const target = parsePath(path, query);

    expect(target).toEqual({ template: "/customers/{id}", keys: { id: key } });
  });

  test("an alias may stand for an alternate key", () => {
    const target = parsePath("/customers(externalId=@key)", "@key='x'");

    expect(target).toMatchObject({ alternateKeys: { id: { property: "externalId", value: "x" } } });
  });

  test.each([
    ["/customers(externalId='x')", "/customers/{id}", "id", "x"],
    ["/Customers(EXTERNALID = 'it''s')/$ref", "/customers/{id}/$ref", "id", "it's"],
    [
      "/customerCreationOperations/a/customer(externalId='x')",
      "/customerCreationOperations/{id}/customer/{customerId}",
      "customerId",
      "x",
    ],
  ])("%s names an entity by an alternate key", (path, template, name, value) => {
    const target = parsePath(path);

    expect(target).toMatchObject({ template, alternateKeys: { [name]: { property: "externalId", value } } });
    expect(target.keys).not.toHaveProperty(name);
  });

  test("in quotes leads to any key at all", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (key) => {
        const quoted = encodeURIComponent(`'${key.replaceAll("'", "''")}'`);

        const target = parsePath(`/customers(${quoted})`);

        expect(target).toEqual({ template: "/customers/{id}", keys: { id: key } });
      }),
    );
  });

  test("of any text is read or refused, and never fails otherwise", () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom(
        "customers",
        "$ref",
        "$count",
        "%",
        "'",
        "(",
        ")",
        "delta",
        "/",
        "$filter(",
        "metadata",
        "$value",
      ),
    );

    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const outcome = outcomeOf(() => parsePath(`/${pieces.join("/")}`));

        expect(outcome).toMatch(
          /^(?:\/|itemNotFound|notSupported|invalidRequest|invalidQueryOption|invalidAlternateKey)/,
        );
      }),
      { numRuns: 1000 },
    );
  });
});

function outcomeOf(parse: () => { readonly template: string }): string {
  try {
    return parse().template;
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
}
