import type { EntityType } from "../../src/model/define.ts";
import type { Properties } from "../../src/model/kinds.ts";
import { entityTypes } from "../../src/model/model.ts";
import { visible } from "../../src/model/visible.ts";
import type { Offer } from "../../src/onboarding/offer.ts";
import { optionsOf } from "../../src/onboarding/offers.ts";
import { type Chance, mutate, nastyText } from "./chance.ts";

/** Makes a query option that is right for an offer, nearly right, or nothing like one. */
export function garbageOption(chance: Chance, offer: Offer): string {
  const name = optionName(chance, offer);
  const value = Object.hasOwn(options, name) ? (options[name]?.(chance, offer) ?? "") : nastyText(chance);
  const text = chance.oneIn(12) ? mutate(chance, value) : value;
  const plain = chance.oneIn(8) ? name.replace("$", "") : chance.oneIn(12) ? name.toUpperCase() : name;
  return `${plain}=${chance.oneIn(6) ? text : encode(text)}`;
}

function optionName(chance: Chance, offer: Offer): string {
  if (chance.oneIn(40)) return nastyText(chance);
  const taken = optionsOf(offer).filter((name) => !name.endsWith("token") || chance.oneIn(8));
  return chance.oneIn(8) || taken.length === 0 ? chance.pick(Object.keys(options)) : `$${chance.pick(taken)}`;
}

// A lone surrogate cannot be encoded; whatever cannot is sent as it is.
function encode(text: string): string {
  return text.isWellFormed() ? encodeURIComponent(text) : text;
}

const options: Readonly<Record<string, (chance: Chance, offer: Offer) => string>> = {
  $filter: (chance, { answers }) => garbageCondition(chance, answers.type, 3),
  $orderby: (chance, { answers }) =>
    listOf(chance, () => `${termOf(chance, answers.type, 2)}${chance.pick(["", " asc", " desc"])}`),
  $select: (chance, { answers }) =>
    listOf(chance, () => chance.pick([...Object.keys(answers.type.properties), path(chance)])),
  $expand: (chance, offer) => `${navigation(chance, offer)}${chance.oneIn(2) ? `(${inner(chance, offer)})` : ""}`,
  $compute: (chance, { answers }) => listOf(chance, () => `${termOf(chance, answers.type, 2)} as c${chance.below(9)}`),
  $search: (chance) => chance.pick(["contoso", '"a b"', "a AND NOT b", "NOT", "(a OR b", nastyText(chance)]),
  $top: (chance) => chance.pick(["0", "1", "5", "999", "1000", nastyText(chance)]),
  $skip: (chance) => chance.pick(["0", "1", "1000000", nastyText(chance)]),
  $count: (chance) => chance.pick(["true", "false", "true", nastyText(chance)]),
  $format: (chance) => chance.pick(["json", "application/json;odata.metadata=full", "xml", nastyText(chance)]),
  $skiptoken: (chance) => token(chance),
  $deltatoken: (chance) => chance.pick(["latest", token(chance)]),
  $id: (chance) => chance.pick(["customers/a", "http://127.0.0.1:8080/v1.0/customers/a", nastyText(chance)]),
  $apply: () => "aggregate($count as n)",
  $schemaversion: (chance) => chance.pick(["1.0", "*", nastyText(chance)]),
  $index: (chance) => nastyText(chance),
  "@x": (chance) => chance.pick(["'a'", "@x", "['a','b']", nastyText(chance)]),
};

function navigation(chance: Chance, { answers }: Offer): string {
  return chance.pick([...Object.keys(answers.type.navigation), "customer/$ref", "customer/$count", "*", path(chance)]);
}

// The options of what is expanded are parted by semicolons.
function inner(chance: Chance, offer: Offer): string {
  return chance.some(2, () => decode(garbageOption(chance, offer))).join(";");
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function listOf(chance: Chance, make: () => string): string {
  return [make(), ...chance.some(2, make)].join(",");
}

function token(chance: Chance): string {
  const value = chance.pick<unknown>([
    ["digest", "a"],
    { version: 1, query: "", state: {} },
    [null],
    nastyText(chance),
  ]);
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

const paths: readonly string[] = entityTypes.flatMap(({ properties, navigation }) => [
  ...pathsOf(properties),
  ...Object.keys(navigation).flatMap((name) => [name, `${name}/$count`]),
]);

function pathsOf(properties: Properties): readonly string[] {
  return Object.entries(properties).flatMap(([name, { kind }]) =>
    kind.kind === "complex" ? [name, ...pathsOf(kind.type.properties).map((each) => `${name}/${each}`)] : [name],
  );
}

function path(chance: Chance): string {
  return chance.oneIn(12) ? nastyText(chance) : chance.pick(paths);
}

const operators = [
  "eq",
  "ne",
  "gt",
  "ge",
  "lt",
  "le",
  "and",
  "or",
  "add",
  "sub",
  "mul",
  "div",
  "divby",
  "mod",
  "in",
  "has",
];
const functions = [
  ...["concat", "contains", "endswith", "indexof", "length", "startswith", "substring", "tolower", "toupper", "trim"],
  ...["year", "month", "day", "hour", "minute", "second", "fractionalseconds", "date", "time", "totaloffsetminutes"],
  ...["now", "maxdatetime", "mindatetime", "round", "floor", "ceiling", "cast", "isof", "hassubset", "matchesPattern"],
  ...["case", "geo.distance", "graph.nothing", "totalseconds"],
];
const literals = [
  ...["null", "true", "false", "0", "1", "-1", "1.5", "1e300", "'a'", "'crm-1'", "2026-01-02T03:04:05Z", "2026-01-02"],
  ...[
    "12:30:00",
    "duration'PT1H'",
    "'active'",
    "microsoft.graph.customerLifecycleState'active'",
    "['a','b']",
    "('a',null)",
  ],
  ...["@x", "$it", "$root/customers", "NaN", "INF", "{}", '{"a":1}', "01234567-89ab-cdef-0123-456789abcdef"],
];

/** Makes an expression of OData, of this depth at the most. */
export function garbageExpression(chance: Chance, depth: number): string {
  const within = () => garbageExpression(chance, depth - 1);
  if (depth === 0 || chance.oneIn(4))
    return chance.oneIn(20) ? nastyText(chance) : chance.oneIn(2) ? path(chance) : chance.pick(literals);
  return chance.pick([
    () => `${within()} ${chance.pick(operators)} ${within()}`,
    () => `(${within()} ${chance.pick(operators)} ${within()})`,
    () => `${chance.pick(functions)}(${chance.some(3, within).join(",")})`,
    () => `${chance.pick(["not ", "-", "not"])}${within()}`,
    () =>
      `${path(chance)}/${chance.pick(["any", "all"])}(${chance.oneIn(5) ? "" : `v:v/${path(chance)} ${chance.pick(operators)} ${within()}`})`,
    () => `${path(chance)} in (${listOf(chance, within)})`,
    () => `case(${within()}:${within()},true:${within()})`,
    () => `${path(chance)}/$count($filter=${within()}) gt ${within()}`,
  ])();
}

/** Makes a condition on an entity type that is mostly sound. */
function garbageCondition(chance: Chance, type: EntityType, depth: number): string {
  if (chance.oneIn(6)) return garbageExpression(chance, depth);
  const within = () => garbageCondition(chance, type, depth - 1);
  const compare = () =>
    `${termOf(chance, type, 1)} ${chance.pick(["eq", "ne", "gt", "le"])} ${termOf(chance, type, 0)}`;
  if (depth === 0) return compare();
  return chance.pick([
    compare,
    () => `${within()} ${chance.pick(["and", "or"])} ${within()}`,
    () => `not (${within()})`,
    () =>
      `${chance.pick(["contains", "startswith", "endswith"])}(${textPath(chance, type)},'${chance.pick(["a", "co", "'' "])}')`,
    () => `${textPath(chance, type)} in ('a','contoso',null)`,
    () => `${textPath(chance, type)} eq ${chance.pick(literals)}`,
    ...Object.entries(type.navigation).map(
      ([name, { to }]) =>
        () =>
          `${name}/${chance.pick(["any", "all"])}(v:${textPath(chance, to(), "v/")} ne '${chance.pick(["a", ""])}')`,
    ),
  ])();
}

function termOf(chance: Chance, type: EntityType, depth: number): string {
  if (chance.oneIn(10)) return garbageExpression(chance, depth);
  if (depth === 0) return chance.oneIn(2) ? textPath(chance, type) : "'contoso'";
  const within = () => termOf(chance, type, depth - 1);
  return chance.pick([
    () => textPath(chance, type),
    () => `${chance.pick(["tolower", "toupper", "trim"])}(${within()})`,
    () => `concat(${within()},${within()})`,
    () => `substring(${within()},${chance.pick(["0", "-1", "99"])})`,
    () =>
      `cast(length(${within()}) ${chance.pick(["add", "mul", "div", "mod"])} ${chance.pick(["0", "2", "1e300"])},Edm.String)`,
  ])();
}

function textPath(chance: Chance, { properties }: EntityType, prefix = ""): string {
  return prefix + chance.pick(textsOf(properties));
}

function textsOf(properties: Properties): readonly string[] {
  return visible(properties).flatMap(([name, { kind }]) => {
    if (kind.kind === "complex") return textsOf(kind.type.properties).map((each) => `${name}/${each}`);
    return kind.kind === "text" || kind.kind === "identifier" ? [name] : [];
  });
}
