import fc from "fast-check";
import { type Structure, type Term, type Type, textLiteral } from "./term.ts";

type Arbitrary = fc.Arbitrary<Term>;

/** What terms may be about: the paths of each type, from the entity or from a variable, and the collections. */
export interface Subject {
  readonly variable: string;
  readonly paths: Readonly<Partial<Record<Type, readonly string[]>>>;
  /** The members of the choices, in their order. */
  readonly members: Readonly<Record<string, readonly string[]>>;
  readonly texts: readonly string[];
  /** Collections of entities or complex values, with what an item is. */
  readonly collections: Readonly<Record<string, Omit<Subject, "variable" | "collections" | "structures">>>;
  readonly structures: Readonly<Record<string, readonly string[]>>;
}

/** Texts that are hard: quotes, what other languages take for wildcards, letters beyond ASCII and beyond 16 bits. */
const pieces = [
  "a",
  "B",
  "ß",
  "É",
  "é",
  "İ",
  "Σ",
  "𝒵",
  "😀",
  "'",
  "%",
  "_",
  "\\",
  " ",
  "\u00a0",
  "1",
  "-",
  "&",
  "#",
  "+",
  "?",
];
export const hardText = fc.oneof(
  { weight: 1, arbitrary: fc.constant("") },
  { weight: 5, arbitrary: fc.array(fc.constantFrom(...pieces), { maxLength: 5 }).map((parts) => parts.join("")) },
  { weight: 1, arbitrary: fc.constantFrom("null", "true", "DROP TABLE", "ΑΣ", "ﬁ", "e\u0301") },
);

export const hardInstant = fc.constantFrom(
  ...["0001-01-01T00:00:00.000Z", "1969-12-31T23:59:59.999Z", "1970-01-01T00:00:00.000Z", "2024-02-29T12:30:45.125Z"],
  ...["2026-11-23T00:00:00.000Z", "2026-11-23T23:59:59.500Z", "9999-12-31T23:59:59.999Z"],
);

/** A condition on the entities of a subject. */
export function arbitraryCondition(subject: Subject): Arbitrary {
  return termsOf(subject).boolean;
}

/** A term of a type that entities can be ordered by, and that `$compute` can give a name. */
export function arbitraryKey(subject: Subject): Arbitrary {
  const { text, whole, number, boolean, instant, choice } = termsOf(subject);
  return fc.oneof(text, whole, number, boolean, instant, choice);
}

function termsOf(subject: Subject): Record<Type, Arbitrary> {
  return fc.letrec<Record<Type, Term>>((tie) => {
    const some = (...each: readonly Arbitrary[]) =>
      fc.oneof({ depthSize: "small", withCrossShrink: true, maxDepth: 4 }, ...each);
    return {
      text: some(leaf(subject, "text", hardText.map(textLiteral)), ...textCalls(tie), nullOr(tie("text"))),
      whole: some(leaf(subject, "whole", wholeLiteral), ...wholeCalls(tie, subject), arithmetic(tie, "whole")),
      number: some(
        leaf(subject, "number", numberLiteral),
        tie("whole"),
        ...numberCalls(tie),
        arithmetic(tie, "number"),
      ),
      boolean: some(leaf(subject, "boolean", booleanLiteral), ...conditions(tie, subject)),
      choice: leaf(subject, "choice", fc.constant(nothing)),
      instant: some(leaf(subject, "instant", instantLiteral), move(tie, "instant")),
      date: some(dateLiteral, call("date", "instant", tie("instant")), move(tie, "date")),
      time: some(timeLiteral, call("time", "instant", tie("instant"))),
      duration: some(durationLiteral, between(tie, "instant", "seconds"), between(tie, "date", "days")),
    };
  });
}

const nothing: Term = { kind: "literal", text: "null", value: null };

/** A path of a type, a literal of it, and now and then null. */
function leaf(subject: Subject, type: Type, literal: Arbitrary): Arbitrary {
  const paths = subject.paths[type] ?? [];
  const known = paths.length === 0 ? literal : fc.oneof({ weight: 3, arbitrary: pathOf(subject, paths) }, literal);
  return fc.oneof({ weight: 9, arbitrary: known }, fc.constant(nothing));
}

function pathOf({ variable, members }: Subject, paths: readonly string[]): Arbitrary {
  return fc.constantFrom(...paths).map((path): Term => {
    const own = members[path];
    return { kind: "path", variable, path, ...(own === undefined ? {} : { members: own }) };
  });
}

function nullOr(value: Arbitrary): Arbitrary {
  return fc.oneof(fc.constant(nothing), value);
}

const wholeLiteral = fc
  .constantFrom(0, 1, 2, 3, 7, -1, -3, 10, 2_147_483_647, -2_147_483_648, 9_007_199_254_740_991)
  .map((value): Term => ({ kind: "literal", text: String(value), value }));
const numberLiteral = fc
  .constantFrom(
    "0.5",
    "2.5",
    "-2.5",
    "0.25",
    "1.0",
    "-0.75",
    "1e300",
    "-1e300",
    "1e-300",
    "0.49999999999999994",
    "4503599627370497.5",
  )
  .map((text): Term => ({ kind: "literal", text, value: Number(text) }));
const booleanLiteral = fc.boolean().map((value): Term => ({ kind: "literal", text: String(value), value }));
const instantLiteral = hardInstant.map((text): Term => ({ kind: "literal", text, value: Date.parse(text) }));
const dateLiteral = fc
  .constantFrom("0001-01-01", "1970-01-01", "2024-02-29", "2026-11-23", "9999-12-31")
  .map((text): Term => ({ kind: "literal", text, value: Date.parse(`${text}T00:00:00Z`) / 86_400_000 }));
const timeLiteral = fc
  .constantFrom("00:00", "12:30:45", "12:30:45.125", "23:59:59.999000")
  .map((text): Term => ({ kind: "literal", text, value: Date.parse(`1970-01-01T${text.slice(0, 12)}Z`) }));
const durationLiteral = fc
  .constantFrom(["PT0S", 0], ["P1D", 86_400], ["-P1DT1H", -90_000], ["PT0.5S", 0.5], ["P999999D", 86_399_913_600])
  .map(([text, value]): Term => ({ kind: "literal", text: `duration'${text}'`, value: value ?? 0 }));

type Tie = (type: Type) => Arbitrary;

function call(name: string, type: Type, ...values: readonly Arbitrary[]): Arbitrary {
  return fc.tuple(...values).map((each): Term => ({ kind: "call", name, type, values: each }));
}

function textCalls(tie: Tie): readonly Arbitrary[] {
  const whole = fc.oneof(
    tie("whole"),
    fc.integer({ min: -4, max: 4 }).map((value): Term => ({ kind: "literal", text: String(value), value })),
  );
  return [
    call("concat", "text", tie("text"), tie("text")),
    call("substring", "text", tie("text"), whole),
    call("substring", "text", tie("text"), whole, whole),
    ...["tolower", "toupper", "trim"].map((name) => call(name, "text", tie("text"))),
    cases(tie, "text"),
  ];
}

function cases(tie: Tie, type: Type): Arbitrary {
  return fc
    .array(fc.tuple(tie("boolean"), tie(type)), { minLength: 1, maxLength: 2 })
    .map((branches): Term => ({ kind: "case", branches }));
}

function wholeCalls(tie: Tie, subject: Subject): readonly Arbitrary[] {
  return [
    call("length", "whole", tie("text")),
    call("indexof", "whole", tie("text"), tie("text")),
    ...["year", "month", "day", "hour", "minute", "second", "totaloffsetminutes"].map((name) =>
      call(name, "instant", tie("instant")),
    ),
    ...["year", "month", "day"].map((name) => call(name, "date", tie("date"))),
    ...["hour", "minute", "second"].map((name) => call(name, "time", tie("time"))),
    ...overCollections(subject, ["count"]),
  ];
}

function numberCalls(tie: Tie): readonly Arbitrary[] {
  return [
    ...["round", "floor", "ceiling"].map((name) => call(name, "number", tie("number"))),
    call("fractionalseconds", "instant", tie("instant")),
    call("fractionalseconds", "time", tie("time")),
    call("totalseconds", "duration", tie("duration")),
    tie("number").map((operand): Term => ({ kind: "prefix", operator: "-", operand })),
    cases(tie, "number"),
  ];
}

function infix(operator: fc.Arbitrary<string>, type: Type, left: Arbitrary, right: Arbitrary): Arbitrary {
  return fc
    .tuple(operator, left, right)
    .map(([each, ...sides]): Term => ({ kind: "infix", operator: each, type, sides }));
}

function arithmetic(tie: Tie, type: "whole" | "number"): Arbitrary {
  const operators = type === "whole" ? ["add", "sub", "mul", "div"] : ["add", "sub", "mul", "divby"];
  const small = fc.integer({ min: -9, max: 9 }).map((value): Term => ({ kind: "literal", text: String(value), value }));
  const remainder = infix(fc.constant("mod"), "whole", call("length", "whole", tie("text")), small);
  return fc.oneof(infix(fc.constantFrom(...operators), type, tie(type), tie(type)), remainder);
}

function move(tie: Tie, type: "instant" | "date"): Arbitrary {
  return infix(fc.constantFrom("add", "sub"), type, tie(type), tie("duration"));
}

function between(tie: Tie, type: "instant" | "date", operator: "seconds" | "days"): Arbitrary {
  return infix(fc.constant(operator), "duration", tie(type), tie(type));
}

function conditions(tie: Tie, subject: Subject): readonly Arbitrary[] {
  const equality = fc.constantFrom("eq", "ne");
  const order = fc.constantFrom("eq", "ne", "gt", "ge", "lt", "le");
  const ordered: readonly Type[] = ["text", "whole", "number", "instant", "date", "time", "duration", "choice"];
  const literals = fc.array(fc.oneof(hardText.map(textLiteral), fc.constant(nothing)), { minLength: 1, maxLength: 3 });
  return [
    ...ordered.map((type) => infix(order, "boolean", tie(type), tie(type))),
    infix(equality, "boolean", tie("boolean"), tie("boolean")),
    ...["and", "or", "and", "or"].map((operator) =>
      infix(fc.constant(operator), "boolean", tie("boolean"), tie("boolean")),
    ),
    tie("boolean").map((operand): Term => ({ kind: "prefix", operator: "not", operand })),
    ...["contains", "startswith", "endswith"].map((name) => call(name, "text", tie("text"), tie("text"))),
    fc.tuple(tie("text"), literals).map(([left, items]): Term => ({ kind: "in", left, items })),
    ...overCollections(subject, ["any", "all"]),
    ...structures(subject),
    ...choices(subject),
    cases(tie, "boolean"),
  ];
}

/** A choice held against one of its members, which is written with its type or as a mere text. */
function choices({ variable, members }: Subject): readonly Arbitrary[] {
  return Object.entries(members).map(([path, names]) => {
    const left: Term = { kind: "path", variable, path, members: names };
    const right = fc
      .nat(names.length - 1)
      .map((value): Term => ({ kind: "literal", text: `'${names[value]}'`, value }));
    return infix(fc.constantFrom("eq", "ne", "gt", "ge", "lt", "le", "has"), "boolean", fc.constant(left), right);
  });
}

function overCollections(subject: Subject, kinds: readonly ("any" | "all" | "count")[]): readonly Arbitrary[] {
  return Object.entries(subject.collections).flatMap(([collection, item]) =>
    kinds.map((kind) => {
      const variable = kind === "count" ? "$this" : "x";
      const inner = termsOf({ ...item, variable, collections: {}, structures: {} }).boolean;
      return fc
        .option(inner, { nil: undefined })
        .filter((condition) => kind !== "all" || condition !== undefined)
        .map((condition): Term => ({ kind, collection, variable, condition }));
    }),
  );
}

function structures(subject: Subject): readonly Arbitrary[] {
  const subsets = subject.texts.flatMap((collection) =>
    (["subset", "subsequence"] as const).map((kind) =>
      fc.array(fc.constantFrom("a", "b", "ß"), { maxLength: 3 }).map((part): Term => ({ kind, collection, part })),
    ),
  );
  const complex = Object.entries(subject.structures).map(([path, names]) => {
    const value: fc.Arbitrary<Structure> = fc.option(
      fc.dictionary(fc.constantFrom(...names), fc.option(fc.constantFrom("a", ""), { nil: null }), { maxKeys: 2 }),
      { nil: null },
    );
    return fc.tuple(fc.constantFrom("eq" as const, "ne" as const), value).map(([operator, each]): Term => {
      return { kind: "structure", path, operator, value: each };
    });
  });
  return [...subsets, ...complex];
}
