import fc from "fast-check";
import { signatures } from "../../../src/odata/syntax/method.ts";
import { operators } from "../../../src/odata/syntax/operators.ts";
import type { Search } from "../../../src/odata/syntax/search-tree.ts";
import type { BinaryOperator, Expression, Literal, Parameter, Path, Segment } from "../../../src/odata/syntax/tree.ts";

// Every tree made here is one that the parser itself could make; all positions are 0.
const position = 0;

const reserved: ReadonlySet<string> = new Set([
  ...["null", "true", "false", "not", "any", "all", "cast", "isof", "case"],
  ...signatures.map((signature) => signature.name.toLowerCase()),
]);

const identifier = fc.stringMatching(/^[a-z_é世][a-z0-9_é世]{0,5}$/).filter((name) => !reserved.has(name));
const qualified = fc.tuple(identifier, identifier).map((parts) => parts.join("."));
const memberNumber = fc.maxSafeInteger().map(String);

const literal: fc.Arbitrary<Literal> = fc.oneof(
  fc.constant({ kind: "null", position } as const),
  fc.boolean().map((value) => ({ kind: "boolean", value, position }) as const),
  fc.maxSafeInteger().map((value) => ({ kind: "number", form: "integer", text: String(value), position }) as const),
  fc.constantFrom("1.50", "-0.25").map((text) => ({ kind: "number", form: "decimal", text, position }) as const),
  fc.constantFrom("INF", "-INF", "NaN", "1e5", "-2.5E-3").map((text) => {
    return { kind: "number", form: "double", text, position } as const;
  }),
  fc.string({ unit: "grapheme" }).map((value) => ({ kind: "string", value, position }) as const),
  fc.uuid().map((text) => ({ kind: "guid", text, position }) as const),
  fc.constantFrom("2024-02-29", "-10000-01-01").map((text) => ({ kind: "date", text, position }) as const),
  fc.constantFrom("2024-02-29T10:00Z", "2024-02-29T10:00:59.5-01:30").map((text) => {
    return { kind: "dateTimeOffset", text, position } as const;
  }),
  fc.constantFrom("10:30", "10:30:00.25").map((text) => ({ kind: "timeOfDay", text, position }) as const),
  fc.constantFrom("P1D", "-PT1.5S").map((text) => ({ kind: "duration", text, position }) as const),
  fc
    .tuple(qualified, fc.array(fc.oneof(identifier, memberNumber), { minLength: 1, maxLength: 3 }))
    .map(([typeName, members]) => ({ kind: "enum", typeName, members, position }) as const),
  fc.constantFrom("", "Zg", "Zm8=").map((text) => ({ kind: "binary", text, position }) as const),
  fc
    .tuple(fc.constantFrom("geometry", "geography"), fc.constantFrom("Point(1 2)", "MultiPoint()"))
    .map(([kind, text]) => {
      return { kind, srid: 4326, text, position } as const;
    }),
);

const aliasPath = identifier.map((name): Path => {
  return { kind: "path", segments: [{ kind: "alias", name, position }], position };
});

export const search: fc.Arbitrary<Search> = fc.letrec<{ search: Search }>((tie) => ({
  search: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.stringMatching(/^[a-z0-9][a-z0-9':,-]{0,4}$/).map((text) => ({ kind: "word", text, position }) as const),
    fc.string({ minLength: 1 }).map((text) => ({ kind: "phrase", text, position }) as const),
    tie("search").map((operand) => ({ kind: "not", operand, position }) as const),
    fc.tuple(fc.constantFrom("and", "or"), tie("search"), tie("search")).map(([kind, left, right]) => {
      return { kind, left, right, position } as const;
    }),
  ),
})).search;

const binaryOperators: readonly BinaryOperator[] = operators.flatMap(({ word }) => {
  return word === "in" || word === "has" ? [] : [word];
});

type Ties = { readonly expression: Expression; readonly path: Expression };

export const expression: fc.Arbitrary<Expression> = fc.letrec<Ties>((tie) => ({
  expression: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    literal,
    tie("path"),
    fc.constantFrom("not", "negate").chain((kind) => {
      return tie("expression").map((operand) => ({ kind, operand, position }) as const);
    }),
    fc
      .tuple(fc.constantFrom(...binaryOperators), tie("expression"), tie("expression"))
      .map(([operator, left, right]) => ({ kind: "infix", operator, left, right, position }) as const),
    arbitraryHas(tie("expression")),
    arbitraryIn(tie("expression")),
    arbitraryMethod(tie("expression")),
    arbitraryTypeTest(tie("expression")),
    fc.array(arbitraryBranch(tie("expression")), { minLength: 1, maxLength: 2 }).map((branches) => {
      return { kind: "case", branches, position } as const;
    }),
    fc.array(tie("expression"), { maxLength: 3 }).map((items) => ({ kind: "array", items, position }) as const),
    fc.array(fc.tuple(fc.string({ unit: "grapheme" }), tie("expression")), { maxLength: 2 }).map((pairs) => {
      const members = pairs.map(([name, value]) => ({ kind: "member", name, value, position }) as const);
      return { kind: "object", members, position } as const;
    }),
  ),
  path: arbitraryPath(tie("expression")),
})).expression;

function arbitraryHas(operand: fc.Arbitrary<Expression>): fc.Arbitrary<Expression> {
  const flags = fc.oneof(
    fc.tuple(qualified, identifier).map(([typeName, member]) => {
      return { kind: "enum", typeName, members: [member], position } as const;
    }),
    identifier.map((value) => ({ kind: "string", value, position }) as const),
  );
  return fc.tuple(operand, flags).map(([left, each]) => ({ kind: "has", left, flags: each, position }) as const);
}

function arbitraryIn(operand: fc.Arbitrary<Expression>): fc.Arbitrary<Expression> {
  const list = fc.array(literal, { maxLength: 3 }).map((items) => ({ kind: "list", items, position }) as const);
  return fc.tuple(operand, fc.oneof(list, operand)).map(([left, right]) => {
    return { kind: "in", left, right, position } as const;
  });
}

function arbitraryMethod(value: fc.Arbitrary<Expression>): fc.Arbitrary<Expression> {
  return fc.constantFrom(...signatures).chain(({ name, valuesMin, valuesMax }) => {
    const values = fc.array(value, { minLength: valuesMin, maxLength: valuesMax });
    return values.map((each) => ({ kind: "method", name, values: each, position }) as const);
  });
}

function arbitraryTypeTest(operand: fc.Arbitrary<Expression>): fc.Arbitrary<Expression> {
  const kind = fc.constantFrom("cast", "isof");
  const multiplicity = fc.constantFrom("one", "many");
  const parts = fc.tuple(kind, fc.option(operand, { nil: undefined }), fc.oneof(identifier, qualified), multiplicity);
  return parts.map(([each, inner, name, many]) => {
    return {
      kind: each,
      operand: inner,
      type: { kind: "type", name, multiplicity: many, position },
      position,
    } as const;
  });
}

function arbitraryBranch(value: fc.Arbitrary<Expression>) {
  return fc.tuple(value, value).map(([condition, result]) => ({ condition, value: result }));
}

function arbitraryPath(value: fc.Arbitrary<Expression>): fc.Arbitrary<Expression> {
  const first = fc.oneof(
    identifier.map((name): readonly Segment[] => [{ kind: "name", name, position }]),
    fc.constantFrom("$it", "$this", "$these").map((name): readonly Segment[] => [{ kind: "variable", name, position }]),
    identifier.map((name): readonly Segment[] => [{ kind: "alias", name, position }]),
    identifier.map((name): readonly Segment[] => [
      { kind: "variable", name: "$root", position },
      { kind: "name", name, position },
    ]),
    fc.tuple(qualified, identifier).map(([type, name]): readonly Segment[] => {
      return [
        { kind: "name", name: type, position },
        { kind: "name", name, position },
      ];
    }),
    arbitraryCall(value),
  );
  const middle = fc.array(arbitraryMiddle(value), { maxLength: 2 }).map((groups) => groups.flat());
  const last = fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, arbitraryLast(value));
  return fc.tuple(first, middle, last).map(([start, between, end]) => {
    return { kind: "path", segments: [...start, ...between, ...end], position } as const;
  });
}

function arbitraryMiddle(value: fc.Arbitrary<Expression>): fc.Arbitrary<readonly Segment[]> {
  return fc.oneof(
    fc.oneof(identifier, qualified).map((name): readonly Segment[] => [{ kind: "name", name, position }]),
    fc.tuple(identifier, fc.oneof(literal, aliasPath)).map(([name, key]): readonly Segment[] => {
      return [
        { kind: "name", name, position },
        { kind: "key", value: key, position },
      ];
    }),
    fc.tuple(qualified, fc.option(identifier, { nil: undefined })).map(([name, qualifier]): readonly Segment[] => {
      return [{ kind: "annotation", name, qualifier, position }];
    }),
    arbitraryCall(value),
    fc.tuple(value, arbitraryParameters(value)).map(([condition, parameters]): readonly Segment[] => {
      return [
        { kind: "filterSegment", condition, position },
        { kind: "compoundKey", parameters, position },
      ];
    }),
  );
}

function arbitraryCall(value: fc.Arbitrary<Expression>): fc.Arbitrary<readonly Segment[]> {
  return fc.tuple(fc.oneof(identifier, qualified), arbitraryParameters(value)).map(([name, parameters]) => {
    return [{ kind: "call", name, parameters, position } as const];
  });
}

function arbitraryParameters(value: fc.Arbitrary<Expression>): fc.Arbitrary<readonly Parameter[]> {
  const parameter = fc.tuple(identifier, value).map(([name, each]) => {
    return { kind: "parameter", name, value: each, position } as const;
  });
  return fc.array(parameter, { maxLength: 2 });
}

function arbitraryLast(value: fc.Arbitrary<Expression>): fc.Arbitrary<readonly Segment[]> {
  return fc.oneof(
    fc
      .tuple(fc.constantFrom("any", "all"), identifier, value)
      .map(([kind, variable, condition]): readonly Segment[] => {
        return [{ kind, predicate: { variable, condition }, position }];
      }),
    fc.constant<readonly Segment[]>([{ kind: "any", predicate: undefined, position }]),
    fc.tuple(value, search).map(([condition, words]): readonly Segment[] => {
      const options = [
        { kind: "filter", condition, position } as const,
        { kind: "search", search: words, position } as const,
      ];
      return [{ kind: "count", options, position }];
    }),
  );
}
