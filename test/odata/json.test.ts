import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseJson } from "../../src/odata/json.ts";

const limits = { bodyDepthMax: 64 };
const parse = (text: string) => parseJson(new TextEncoder().encode(text), limits);
const problem = (code: string) => expect.objectContaining({ name: "Problem", code });

describe("JSON", () => {
  test("is read as JSON.parse reads it", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 20 }), (value) => {
        const text = JSON.stringify(value);

        expect(parse(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  test("that JSON.parse refuses is refused, whatever it is", () => {
    const piece = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      '"',
      ":",
      ",",
      "1",
      "-",
      "e",
      ".",
      "null",
      "tru",
      "\\",
      "//",
      " ",
    );

    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = pieces.join("");
        fc.pre(!isJson(text));

        expect(() => parse(text)).toThrow(expect.objectContaining({ name: "Problem" }));
      }),
      { numRuns: 1000 },
    );
  });

  test("may begin with a byte order mark", () => {
    expect(parse('\ufeff{"a":1}')).toEqual({ a: 1 });
  });

  test.each([
    ['{"a":1,"a":1}', ["a"]],
    [String.raw`{"a":1,"\u0061":2}`, ["a"]],
    ['{"a":{"b":1,"b":2}}', ["a/b"]],
    ['{"a":[{"b":1},{"b":1,"b":2}]}', ["a/1/b"]],
    ['{"a":1,"a":2,"a":3}', ["a", "a"]],
    ['{"__proto__":1,"__proto__":2}', ["__proto__"]],
    ['{"":1,"":2}', [""]],
  ])("%s, with two members of one name, is refused with where they stand", (text, targets) => {
    const details = targets.map((target) => expect.objectContaining({ code: "duplicateProperty", target }));

    expect(() => parse(text)).toThrow(expect.objectContaining({ code: "duplicateProperty", details }));
  });

  test.each(['{"a":{"a":{"a":1}}}', '[{"a":1},{"a":1}]', '{"a":1,"A":2}', '{"a":"a","b":"a"}'])(
    "%s, whose members of one name stand in different objects, is read",
    (text) => {
      expect(parse(text)).toEqual(JSON.parse(text));
    },
  );

  test.each([
    ["objects", '{"a":', "1", "}"],
    ["lists", "[", "", "]"],
    ["lists of objects", '[{"a":', "1", "}]"],
  ])("of %s is read to the depth of 64 and refused below it", (_what, open, middle, close) => {
    const levels = open.length === 6 && open.startsWith("[{") ? 32 : 64;
    const nested = (depth: number) => open.repeat(depth) + middle + close.repeat(depth);

    const read = parse(nested(levels));

    expect(JSON.stringify(read)).toBe(nested(levels));
    expect(() => parse(nested(levels + 1))).toThrow(problem("invalidRequest"));
  });

  test("may be as wide as it likes", () => {
    const text = JSON.stringify({ list: Array.from({ length: 50_000 }, (_, index) => [{ index }]) });

    expect(parse(text)).toEqual(JSON.parse(text));
  });

  test.each(["", " ", "\n\t", "\ufeff"])("that is empty, as %j, is refused as such", (text) => {
    expect(() => parse(text)).toThrow(problem("invalidRequest"));
  });

  test.each([[[0xff]], [[0xc0, 0x80]], [[0xed, 0xa0, 0x80]], [[0xf4, 0x90, 0x80, 0x80]], [[0xe2, 0x82]]])(
    "of the bytes %j, which are no UTF-8, is refused",
    (bytes) => {
      const body = Uint8Array.from([0x22, ...bytes, 0x22]);

      expect(() => parseJson(body, limits)).toThrow(problem("malformedJson"));
    },
  );
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
