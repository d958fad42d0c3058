import { describe, expect, test } from "vitest";
import { parseEntityTags } from "../../src/odata/entity-tags.ts";
import { parsePreferences, printApplied } from "../../src/odata/preferences.ts";

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
    ['include-annotations="a, return=minimal"', {}],
    ['include-annotations="a;b", return=minimal', { answer: "minimal" }],
    ["maxpagesize=3", { pageSize: 3 }],
    ["maxpagesize = 3", { pageSize: 3 }],
    ["odata.maxpagesize=3", { pageSize: 3, prefixed: ["maxpagesize"] }],
    ["odata.maxpagesize=3, maxpagesize=5", { pageSize: 5 }],
    ["maxpagesize=5, odata.maxpagesize=3", { pageSize: 5 }],
    ["maxpagesize=5, maxpagesize=3", { pageSize: 5 }],
    ["maxpagesize=5000", { pageSize: 999 }],
    ["maxpagesize=0", {}],
    ["maxpagesize=-1", {}],
    ["maxpagesize=1.5", {}],
    ["maxpagesize=many", {}],
    ["maxpagesize", {}],
    ["continue-on-error", { onError: "continue" }],
    ["odata.continue-on-error=false", { onError: "stop", prefixed: ["continue-on-error"] }],
    ["omit-values=nulls", { omitted: "nulls" }],
    ["Omit-Values=Defaults", { omitted: "defaults" }],
    ["omit-values", {}],
    ["omit-values=all", {}],
    ["include-unknown-enum-members", { members: "all" }],
  ])("%j are read as %j", (header, wanted) => {
    const preferences = parsePreferences(header, 999);

    expect(preferences).toEqual({ prefixed: [], ...wanted });
  });

  test("those that were applied are listed in the names that they were sent under", () => {
    const sent = "odata.maxpagesize=5000, return=minimal, omit-values=nulls, include-unknown-enum-members, wait=5";

    const applied = printApplied(parsePreferences(sent, 999), [
      "maxpagesize",
      "omit-values",
      "include-unknown-enum-members",
    ]);

    expect(applied).toEqual({
      "Preference-Applied": "odata.maxpagesize=999, omit-values=nulls, include-unknown-enum-members",
    });
  });

  test("nothing is listed where nothing was applied", () => {
    expect(printApplied(parsePreferences("return=minimal", 999), ["maxpagesize"])).toEqual({});
  });
});
