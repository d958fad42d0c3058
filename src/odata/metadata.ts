import type { EntityType } from "../model/define.ts";
import type { Choice, Complex, ComplexType, Dictionary, Kind, Properties, Property } from "../model/kinds.ts";
import { entityTypes, namespace } from "../model/model.ts";
import { operationsOfSets } from "../model/operations.ts";
import { printChangeTracking, printDeltaFunctions } from "./metadata-delta.ts";

/** Prints the model as CSDL XML (OData CSDL XML 4.0), the document at `$metadata`. */
export function printMetadata(): string {
  const named = findNamedTypes();
  const lines = [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">',
    ...vocabularies.flatMap(([uri, name, alias]) => [
      `  <edmx:Reference Uri="${uri}">`,
      `    <edmx:Include Namespace="${name}" Alias="${alias}" />`,
      "  </edmx:Reference>",
    ]),
    "  <edmx:DataServices>",
    `    <Schema Namespace="${namespace.name}" Alias="${namespace.alias}" xmlns="http://docs.oasis-open.org/odata/ns/edm">`,
    ...[
      ...[...named.choices.values()].flatMap(printChoice),
      ...printBaseType(),
      ...entityTypes.flatMap(printEntityType),
      ...[...named.complexes.values()].flatMap(printComplexType),
      ...[...named.dictionaries.values()].flatMap(printDictionary),
      ...printDeltaFunctions(),
      ...printContainer(),
    ].map((line) => `      ${line}`),
    "    </Schema>",
    "  </edmx:DataServices>",
    "</edmx:Edmx>",
  ];
  return `${lines.join("\n")}\n`;
}

/** The types of the model that have a name of their own, besides the entity types, in the order in which they are met. */
export interface NamedTypes {
  readonly choices: ReadonlyMap<string, Choice>;
  readonly complexes: ReadonlyMap<string, ComplexType>;
  readonly dictionaries: ReadonlyMap<string, Dictionary>;
}

/** Finds the named types that the properties of the entity types use. */
export function findNamedTypes(): NamedTypes {
  const choices = new Map<string, Choice>();
  const complexes = new Map<string, ComplexType>();
  const dictionaries = new Map<string, Dictionary>();
  const visitKind = (kind: Kind): void => {
    if (kind.kind === "choice") choices.set(kind.name, kind);
    if (kind.kind === "dictionary") dictionaries.set(kind.name, kind);
    if (kind.kind === "list") visitKind(kind.of);
    if (kind.kind === "complex" && !complexes.has(kind.type.name)) {
      complexes.set(kind.type.name, kind.type);
      visitProperties(kind.type.properties);
    }
  };
  const visitProperties = (properties: Properties) => {
    for (const [, property] of visible(properties)) visitKind(property.kind);
  };
  for (const type of entityTypes) visitProperties(type.properties);
  for (const { parameters, returns } of Object.values(operationsOfSets).flat()) {
    visitProperties(parameters);
    if (returns?.shape === "value") visitKind(returns.kind);
  }
  return { choices, complexes, dictionaries };
}

/** The properties that are part of the API. */
export function visible(properties: Properties): readonly (readonly [string, Property])[] {
  return Object.entries(properties).filter(([, property]) => property.hidden === undefined);
}

const vocabularies = [
  ["https://oasis-tcs.github.io/odata-vocabularies/vocabularies/Org.OData.Core.V1.xml", "Org.OData.Core.V1", "Core"],
  [
    "https://oasis-tcs.github.io/odata-vocabularies/vocabularies/Org.OData.Capabilities.V1.xml",
    "Org.OData.Capabilities.V1",
    "Capabilities",
  ],
  [
    "https://oasis-tcs.github.io/odata-vocabularies/vocabularies/Org.OData.Repeatability.V1.xml",
    "Org.OData.Repeatability.V1",
    "Repeatability",
  ],
] as const;

function printChoice({ name, members }: Choice): string[] {
  return [
    `<EnumType Name="${name}">`,
    ...members.map((member, value) => `  <Member Name="${member}" Value="${value}" />`),
    "</EnumType>",
  ];
}

function printBaseType(): string[] {
  return [
    '<EntityType Name="entity" Abstract="true">',
    "  <Key>",
    '    <PropertyRef Name="id" />',
    "  </Key>",
    '  <Property Name="id" Type="Edm.String" Nullable="false">',
    '    <Annotation Term="Core.Computed" Bool="true" />',
    "  </Property>",
    "</EntityType>",
  ];
}

function printEntityType(type: EntityType): string[] {
  const properties = visible(type.properties).filter(([name]) => name !== "id");
  return [
    `<EntityType Name="${type.name}" BaseType="${namespace.alias}.entity">`,
    ...properties.flatMap(([name, property]) => printProperty(name, property)),
    ...Object.entries(type.navigation).flatMap(([name, { to, description }]) => [
      `  <NavigationProperty Name="${name}" Type="Collection(${namespace.alias}.${to().name})">`,
      `    ${describe(description)}`,
      "  </NavigationProperty>",
    ]),
    `  ${describe(type.description)}`,
    "</EntityType>",
  ];
}

function printComplexType(type: ComplexType): string[] {
  return [
    `<ComplexType Name="${type.name}">`,
    ...visible(type.properties).flatMap(([name, property]) => printProperty(name, property)),
    `  ${describe(type.description)}`,
    "</ComplexType>",
  ];
}

function printDictionary({ name }: Dictionary): string[] {
  return [`<ComplexType Name="${name}" OpenType="true">`, `  ${describe("Text values by name.")}`, "</ComplexType>"];
}

function printProperty(name: string, property: Property): string[] {
  const { kind } = property;
  const facets = [
    `Name="${name}"`,
    `Type="${typeName(kind)}"`,
    // A collection is never null; what its items may be is said here, and ours never are null.
    ...(property.nullable && kind.kind !== "list" ? [] : ['Nullable="false"']),
    ...(kind.kind === "text" ? [`MaxLength="${kind.lengthMax}"`] : []),
    ...(kind.kind === "instant" ? ['Precision="3"'] : []),
  ];
  return [
    `  <Property ${facets.join(" ")}>`,
    ...(property.create === "computed" ? ['    <Annotation Term="Core.Computed" Bool="true" />'] : []),
    ...(property.create !== "computed" && property.update !== "allowed"
      ? ['    <Annotation Term="Core.Immutable" Bool="true" />']
      : []),
    `    ${describe(property.description)}`,
    "  </Property>",
  ];
}

function typeName(kind: Kind): string {
  switch (kind.kind) {
    case "boolean":
      return "Edm.Boolean";
    case "integer":
      return "Edm.Int32";
    case "instant":
      return "Edm.DateTimeOffset";
    case "choice":
    case "dictionary":
      return `${namespace.alias}.${kind.name}`;
    case "complex":
      return complexName(kind);
    case "list":
      return `Collection(${kind.of.kind === "complex" ? complexName(kind.of) : "Edm.String"})`;
    default:
      return "Edm.String";
  }
}

function complexName({ type }: Complex): string {
  return `${namespace.alias}.${type.name}`;
}

function printContainer(): string[] {
  return [
    '<EntityContainer Name="GraphService">',
    ...entityTypes.flatMap((type) => [
      `  <EntitySet Name="${type.set}" EntityType="${namespace.name}.${type.name}">`,
      ...Object.entries(type.navigation).map(
        ([path, { to }]) => `    <NavigationPropertyBinding Path="${path}" Target="${to().set}" />`,
      ),
      ...printChangeTracking(type).map((line) => `    ${line}`),
      "  </EntitySet>",
    ]),
    '  <Annotation Term="Core.ODataVersions" String="4.0" />',
    '  <Annotation Term="Capabilities.KeyAsSegmentSupported" Bool="true" />',
    '  <Annotation Term="Repeatability.Supported" Bool="true" />',
    "</EntityContainer>",
  ];
}

function describe(text: string): string {
  return `<Annotation Term="Core.Description" String="${escapeXml(text)}" />`;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
