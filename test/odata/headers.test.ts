import { describe, expect, test } from "vitest";
import { parseEntityTags } from "../../src/odata/entity-tags.ts";
import { parsePreferences } from "../../src/odata/preferences.ts";

describe("entity tags", () => {
  test.each([
    [undefined, undefined],
    ["*", ["*"]],
    ['"abc"', ["abc"]],
    ['W/"abc"', ["abc"]],
    ['""', [""]],
    ['W/"a", "b" ,W/"c"', ["a", "b", "c"]],
    ['W/"a!#~"', ["a!#~"]],
  ])("%j are read as %j", (header, wanted) => {
    const tags = parseEntityTags("If-Match", header);

    expect(tags).toEqual(wanted);
  });

  test.each([
    "",
    "abc",
    '"abc',
    'abc"',
    'w/"abc"',
    'W/ "abc"',
    '"a"b"',
    '"a b"',
    '"ü"',
    '"a",',
    ',"a"',
    '"a" "b"',
    "'a'",
  ])("%j are refused, with the header that they stand in", (header) => {
    const wanted = { name: "Problem", code: "malformedEntityTag", message: expect.stringContaining("If-None-Match") };

    expect(() => parseEntityTags("If-None-Match", header)).toThrow(expect.objectContaining(wanted));
  });
});

describe("preferences", () => {
  test.each([
    [undefined, {}],
    ["", {}],
    ["return=minimal", { answer: "minimal" }],
    ["return=representation", { answer: "representation" }],
    ['RETURN = "Representation"', { answer: "representation" }],
    ["wait=5, return=minimal", { answer: "minimal" }],
    ["respond-async; return=minimal", { answer: "minimal" }],
    ["return=representation, return=minimal", { answer: "representation" }],
    ["return=other", {}],
    ["return=other, return=minimal", { answer: "minimal" }],
    ["return", {}],
    ["noreturn=minimal", {}],
    ["return=minimally", {}],
  ])("%j are read as %j", (header, wanted) => {
    const preferences = parsePreferences(header);

    expect(preferences).toEqual(wanted);
  });
});
