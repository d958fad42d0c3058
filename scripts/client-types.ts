import type { Kind, Properties } from "../src/model/kinds.ts";
import { entityTypes } from "../src/model/model.ts";
import { problemCodes } from "../src/model/problem.ts";
import { visible } from "../src/model/visible.ts";
import { findNamedTypes } from "../src/odata/named-types.ts";
import type { OfferDescription } from "../src/odata/offer-description.ts";

/** Prints the TypeScript types of the API for clients: as entities are read, and as they are sent. */
export function printClientTypes(offers: readonly OfferDescription[]): string {
  const { choices, complexes, dictionaries } = findNamedTypes(offers);
  const parts = [
    "// Generated from the model by `npm run generate`. Do not edit.",
    ...[...choices.values()].map(({ name, members }) => {
      const known = members.map((member) => `  | "${member}"`).join("\n");
      return `/** Evolvable: members may be added after unknownFutureValue. */\nexport type ${pascal(name)} =\n${known};`;
    }),
    printErrorCodes(),
    ...[...dictionaries.values()].map(({ name }) => `export type ${pascal(name)} = Readonly<Record<string, string>>;`),
    ...[...complexes.values()].flatMap((type) => [
      printRead(type.name, type.description, type.properties),
      ...printWrites(type.name, type.properties),
    ]),
    ...entityTypes.flatMap((type) => [
      printRead(type.name, type.description, type.properties, ['  readonly "@odata.etag": string;']),
      ...printWrites(type.name, type.properties),
    ]),
  ];
  return `${parts.join("\n\n")}\n`;
}

function printErrorCodes(): string {
  const codes = Object.keys(problemCodes).map((code) => `  | "${code}"`);
  return `/** The exact codes of refusals. Others may be added. */\nexport type ErrorCode =\n${codes.join("\n")};`;
}

function printRead(name: string, description: string, properties: Properties, more: readonly string[] = []): string {
  const lines = visible(properties).flatMap(([property, { kind, nullable, description: meaning }]) => [
    `  /** ${meaning} */`,
    `  readonly ${property}: ${typeOf(kind, "")}${nullable ? " | null" : ""};`,
  ]);
  return [`/** ${description} */`, `export interface ${pascal(name)} {`, ...more, ...lines, "}"].join("\n");
}

function printWrites(name: string, properties: Properties): string[] {
  const sent = visible(properties).filter(([, { create }]) => create !== "computed");
  if (sent.length === 0) return [];
  const create = sent.map(([property, { kind, nullable, create }]) => {
    const optional = create === "required" ? "" : "?";
    return `  readonly ${property}${optional}: ${typeOf(kind, "Create")}${nullable ? " | null" : ""};`;
  });
  const changed = sent.filter(([, { update }]) => update !== "refused");
  const update = changed.map(
    ([property, { kind, nullable }]) =>
      `  readonly ${property}?: ${typeOf(kind, "Update")}${nullable ? " | null" : ""};`,
  );
  const print = (suffix: string, what: string, lines: readonly string[]) =>
    [`/** ${what} */`, `export interface ${pascal(name)}${suffix} {`, ...lines, "}"].join("\n");
  return [
    print("Create", `What can be sent to create a ${name}.`, create),
    print("Update", `What can be sent to change a ${name}.`, update),
  ];
}

function typeOf(kind: Kind, suffix: "" | "Create" | "Update"): string {
  switch (kind.kind) {
    case "boolean":
      return "boolean";
    case "integer":
      return "number";
    case "choice":
    case "dictionary":
      return pascal(kind.name);
    case "complex":
      return `${pascal(kind.type.name)}${suffix}`;
    case "list":
      return `readonly ${typeOf(kind.of, suffix)}[]`;
    default:
      return "string";
  }
}

function pascal(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
