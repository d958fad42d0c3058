import { describe, expect, test } from "vitest";
import { customer } from "../../src/model/customer.ts";
import { isReference, parseReference, readReference } from "../../src/odata/reference.ts";

const root = "http://127.0.0.1:8080/v1.0";
const problem = (code: string) => expect.objectContaining({ name: "Problem", code });

describe("a reference", () => {
  test.each([
    "customers/x",
    "customers('x')",
    "customers(id='x')",
    "./customers/x",
    "Customers/x",
    "/customers/x",
    "/v1.0/customers/x",
    "/beta/customers('x')",
    `${root}/customers/x`,
    "http://127.0.0.1:8080/beta/customers/x",
    "HTTP://127.0.0.1:8080/v1.0/customers/x",
  ])("as %s leads to the customer x", (url) => {
    const key = parseReference(customer, url, root);

    expect(key).toEqual({ property: "id", value: "x" });
  });

  test.each([
    "https://127.0.0.1:8080/v1.0/customers/x",
    "http://127.0.0.1/v1.0/customers/x",
    "http://localhost:8080/v1.0/customers/x",
    "http://127.0.0.1:8080/customers/x",
    "http://127.0.0.1:8080/v2.0/customers/x",
    "http://127.0.0.1:8080@evil.example/v1.0/customers/x",
    "../customers/x",
    "customerCreationOperations/x",
    "customers",
    "customers/x/$ref",
    "customers/$count",
    "mailto:a@b.example",
    "",
    "http://",
    undefined,
    null,
    7,
    {},
  ])("as %j is refused", (url) => {
    expect(() => parseReference(customer, url, root)).toThrow(problem("invalidEntityReference"));
  });

  test.each([
    ["//evil.example/v1.0/customers/x"],
    ["\\\\evil.example\\v1.0\\customers\\x"],
    ["https:\\\\evil.example\\v1.0\\customers\\x"],
    [" https://evil.example/v1.0/customers/x"],
  ])("as %j never leads to another host", (url) => {
    expect(() => parseReference(customer, url, root)).toThrow(expect.objectContaining({ name: "Problem" }));
  });

  test.each([
    [{ "@odata.id": "customers/x" }, true],
    [{ "@id": "customers/x" }, true],
    [{ "@odata.id": null }, true],
    [{ "@odata.type": "#microsoft.graph.customer" }, false],
    [{ id: "customers/x" }, false],
    [{}, false],
  ])("is told from an entity: %j is one: %s", (body, wanted) => {
    expect(isReference(body)).toBe(wanted);
  });

  test("may be written with annotations and with nothing else", () => {
    const annotated = { "@odata.id": "customers/x", "@odata.context": "x", "@my.note": 1 };

    const key = readReference(customer, annotated, root);

    expect(key).toEqual({ property: "id", value: "x" });
    expect(() => readReference(customer, { ...annotated, externalId: "x" }, root)).toThrow(
      problem("invalidEntityReference"),
    );
  });
});
