import { describe, expect, test } from "vitest";
import { computed, type EntityType, optional } from "../../src/model/define.ts";
import { type ComplexType, choice, document, identifier, list } from "../../src/model/kinds.ts";
import type { Expression } from "../../src/model/query.ts";
import { bindOptions } from "../../src/odata/bind/options.ts";
import { checkBody } from "../../src/odata/body.ts";
import { defaultFormat } from "../../src/odata/media.ts";
import { printEntity } from "../../src/odata/payload.ts";
import { profiles } from "../../src/odata/profile.ts";

// No enumeration of the model has members behind the sentinel yet; this one has two.
const color = choice("color", "red", "green", "unknownFutureValue", "blue", "violet");
const sighting = {
  name: "sighting",
  description: "How it was seen once.",
  properties: { color: computed(color, "As what.") },
} as const satisfies ComplexType;
const thing = {
  name: "thing",
  set: "things",
  description: "A thing.",
  properties: {
    id: computed(identifier, "The key."),
    color: optional(color, "What it looks like."),
    seen: computed(color, "What it was seen as."),
    sightings: computed(list(document(sighting)), "How it was seen."),
  },
  navigation: {},
} as const satisfies EntityType;

const known = "known" as const;
const all = "all" as const;

describe("the members behind unknownFutureValue", () => {
  const shown = (members: "known" | "all", entity: object) => {
    const manner = { root: "http://x/v1.0", profile: profiles.graph, format: defaultFormat, nulls: "shown" } as const;
    const values = { id: "1", version: "1", color: null, seen: "red", ...entity };
    return printEntity(thing, values, { ...manner, members, projection: { expand: [] } });
  };

  test.each([
    ["red", "red", "red"],
    ["unknownFutureValue", "unknownFutureValue", "unknownFutureValue"],
    ["blue", "unknownFutureValue", "blue"],
    ["violet", "unknownFutureValue", "violet"],
    [null, null, null],
  ])("%s is shown as %s, and as %s to who is prepared for it", (kept, toMost, toPrepared) => {
    expect(shown(known, { color: kept })["color"]).toBe(toMost);
    expect(shown(all, { color: kept })["color"]).toBe(toPrepared);
  });

  const codes = (purpose: "create" | "update", members: "known" | "all", body: object) =>
    checkBody(thing, purpose, body, members).complaints.map(({ code, target }) => `${code} ${target}`);

  test.each([
    ["create", known, "green", []],
    ["create", known, "blue", ["unknownEnumMember color"]],
    ["create", all, "blue", []],
    ["create", known, "unknownFutureValue", ["unknownEnumMember color"]],
    ["create", all, "unknownFutureValue", ["unknownEnumMember color"]],
    ["update", known, "blue", ["unknownEnumMember color"]],
    ["update", all, "blue", []],
    ["update", known, "pink", ["unknownEnumMember color"]],
  ] as const)(
    "to %s, for a client that names members that are %s, '%s' has the faults %j",
    (purpose, members, value, faults) => {
      expect(codes(purpose, members, { color: value })).toEqual(faults);
    },
  );

  test.each([known, all])("the sentinel changes nothing, for a client that names members that are %s", (members) => {
    const masked = { color: "unknownFutureValue" };
    const body = { ...masked, seen: "unknownFutureValue", sightings: [{ color: "red" }, masked] };

    expect(checkBody(thing, "update", body, members)).toEqual({ values: {}, complaints: [] });
  });

  test("a member in a list is shown as the sentinel too", () => {
    const sightings = [{ color: "red" }, { color: "blue" }];

    expect(shown(known, { sightings })["sightings"]).toEqual([{ color: "red" }, { color: "unknownFutureValue" }]);
    expect(shown(all, { sightings })["sightings"]).toEqual(sightings);
  });

  test("a refusal names the members that may be sent, and no others", () => {
    const [toMost] = checkBody(thing, "create", { color: "pink" }, known).complaints;
    const [toPrepared] = checkBody(thing, "create", { color: "pink" }, all).complaints;

    expect(toMost?.message).toContain("red, green;");
    expect(toPrepared?.message).toContain("red, green, blue, violet;");
  });

  const filterOf = (filter: string, members: "known" | "all") =>
    bindOptions(thing, `$filter=${encodeURIComponent(filter)}`, ["filter"], { root: "", members }).filter;
  const property = { kind: "property", variable: 0, path: ["color"], type: "choice", nullable: true } as const;
  const compare = (operator: "eq" | "ne", value: string): Expression => ({
    kind: "compare",
    operator,
    left: property,
    right: { kind: "constant", type: "choice", value },
  });
  const chain = (kind: "and" | "or", operator: "eq" | "ne"): Expression => {
    const [first, second, third] = ["unknownFutureValue", "blue", "violet"].map((each) => compare(operator, each));
    if (first === undefined || second === undefined || third === undefined) throw new Error("There are three.");
    return { kind, left: { kind, left: first, right: second }, right: third };
  };

  test.each([
    ["color eq 'red'", compare("eq", "red")],
    ["color eq 'unknownFutureValue'", chain("or", "eq")],
    ["'unknownFutureValue' eq color", chain("or", "eq")],
    ["color has 'unknownFutureValue'", chain("or", "eq")],
    ["color ne 'unknownFutureValue'", chain("and", "ne")],
    [
      "color in ('red','unknownFutureValue')",
      { kind: "in", left: property, values: ["red", "unknownFutureValue", "blue", "violet"] },
    ],
  ])("%s takes in whatever is shown as the sentinel", (filter, wanted) => {
    expect(filterOf(filter, known)).toEqual(wanted);
  });

  test("for who is prepared for them, the sentinel is itself alone", () => {
    expect(filterOf("color eq 'unknownFutureValue'", all)).toEqual(compare("eq", "unknownFutureValue"));
    expect(filterOf("color eq microsoft.graph.color'blue'", all)).toEqual(compare("eq", "blue"));
  });

  test.each(["color eq 'blue'", "color gt 'blue'", "color in ('blue')", "color eq microsoft.graph.color'blue'"])(
    "%s is refused for who is not prepared for that member",
    (filter) => {
      const wanted = {
        code: "invalidQueryOption",
        message: expect.stringContaining("red, green, unknownFutureValue."),
      };

      expect(() => filterOf(filter, known)).toThrow(expect.objectContaining(wanted));
    },
  );

  test("the order is that of the members themselves", () => {
    const [key] = bindOptions(thing, "$orderby=color", ["orderby"], { root: "", members: known }).orderBy;

    expect(key?.expression).toEqual({ kind: "ordinal", operand: property, members: color.members });
  });
});
