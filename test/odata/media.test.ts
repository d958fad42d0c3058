import { describe, expect, test } from "vitest";
import { acceptedFormat, assertAcceptable, assertJson, defaultFormat } from "../../src/odata/media.ts";

const problem = (code: string) => expect.objectContaining({ name: "Problem", code });

describe("what a client accepts", () => {
  test.each([
    [undefined, "json"],
    ["", "json"],
    [" ", "json"],
    ["*/*", "json"],
    ["application/*", "json"],
    ["APPLICATION/JSON", "json"],
    ["application/json;odata.metadata=minimal", "json"],
    ["application/json ; metadata = minimal", "json"],
    ["application/json;odata.streaming=false", "json"],
    ["application/json;charset=utf-8;q=0.3", "json"],
    ["text/html;q=1, */*;q=0.1", "json"],
    [",,application/json,", "json"],
    ["text/plain", "text"],
    ["text/*", "text"],
    ["application/xml", "xml"],
    ["application/json", "plainJson"],
  ] as const)("%j is satisfied by %s", (accept, media) => {
    expect(() => assertAcceptable(accept, media)).not.toThrow();
  });

  test.each([
    ["text/html", "json"],
    ["application/json;q=0", "json"],
    ["application/json;q=nonsense", "json"],
    ["application/json;odata.metadata", "json"],
    ["application/json;foo=bar", "json"],
    ["application/json;charset=utf-16", "json"],
    ["*", "json"],
    ["application", "json"],
    ["application/json", "text"],
    ["application/json", "xml"],
    ["application/xml", "json"],
    ["text/plain;foo=bar", "text"],
  ] as const)("%j is not satisfied by %s", (accept, media) => {
    expect(() => assertAcceptable(accept, media)).toThrow(problem("invalidAcceptType"));
  });
});

describe("the format that a client likes best", () => {
  test.each([
    ["application/json;odata.metadata=full", { metadata: "full" }],
    ["application/json;metadata=none", { metadata: "none" }],
    ["Application/JSON; Metadata = NONE", { metadata: "none" }],
    ['application/json;metadata="full"', { metadata: "full" }],
    ["application/json;IEEE754Compatible=true", { longNumbers: "text" }],
    ["application/json;ieee754compatible=TRUE;charset=utf-8", { longNumbers: "text", charset: true }],
    ["application/json;odata.streaming=true", { streaming: true }],
    ["application/json;odata.metadata=full, application/json;odata.metadata=none", { metadata: "full" }],
    ["application/json;odata.metadata=full;q=0.1, application/json;odata.metadata=none;q=0.2", { metadata: "none" }],
    ["*/*;q=0.1, application/json;odata.metadata=full;q=0.01", {}],
    ["application/json;q=0.1, application/json;odata.metadata=full;q=0.9", { metadata: "full" }],
    // The more a range says, the more it counts: minimal metadata is refused here, though JSON is not.
    [
      "application/json, application/json;metadata=minimal;q=0, application/json;metadata=full;q=0.1",
      { metadata: "full" },
    ],
    ["text/html, application/json;odata.metadata=none;q=0.5, */*;q=0.1", { metadata: "none" }],
  ])("of %j is found", (accept, wanted) => {
    expect(acceptedFormat(accept)).toEqual({ ...defaultFormat, ...wanted });
  });
});

describe("the declaration of a body", () => {
  test.each([
    ["application/json", undefined],
    ["Application/Json", "identity"],
    ["application/json; charset=UTF-8", "Identity"],
    ['application/json;charset="utf-8"', undefined],
    ["application/json;odata.metadata=full", undefined],
  ])("as %j with the encoding %j is JSON", (type, encoding) => {
    expect(() => assertJson(type, encoding)).not.toThrow();
  });

  test.each([
    [undefined, undefined],
    ["", undefined],
    ["application/jsonx", undefined],
    ["text/json", undefined],
    ["application/json, text/plain", undefined],
    ["application/json;charset=utf-16", undefined],
    ["application/json;charset=", undefined],
    ["application/json", "gzip"],
    ["application/json", "identity, gzip"],
    ["application/json", ""],
  ])("as %j with the encoding %j is refused", (type, encoding) => {
    expect(() => assertJson(type, encoding)).toThrow(problem("unsupportedMediaType"));
  });
});
