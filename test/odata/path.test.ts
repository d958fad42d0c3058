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
    ["/customers/a/$ref/b", "itemNotFound"],
    ["/customers/a/('b')", "itemNotFound"],
    ["/customers/$count/$count", "itemNotFound"],
    ["/customers/a/externalId", "notSupported"],
    ["/customers/a/EXTERNALID", "notSupported"],
    ["/customers/a/companyProfile/domain", "notSupported"],
    ["/customers/$value", "notSupported"],
    ["/customers/graph.delta(token='x')", "notSupported"],
    ["/customers(tenantId='x')", "invalidAlternateKey"],
    ["/customerCreationOperations(externalId='x')", "invalidAlternateKey"],
    ["/customers(externalId=x)", "invalidRequest"],
    ["/customers(externalId='x',id='y')", "invalidRequest"],
    ["/customers(externalId=@key)", "notSupported"],
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
      fc.constantFrom("customers", "$ref", "$count", "%", "'", "(", ")", "delta", "/"),
    );

    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const outcome = outcomeOf(() => parsePath(`/${pieces.join("/")}`));

        expect(outcome).toMatch(/^(?:\/|itemNotFound|notSupported|invalidRequest|invalidAlternateKey)/);
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
