import type { EntityType } from "../model/define.ts";
import type { Choice, ComplexType, Dictionary, Property } from "../model/kinds.ts";
import { entityTypes, namespace, schemaVersion } from "../model/model.ts";
import { visible } from "../model/visible.ts";
import type { AnnotationValue, EntitySet, Schema, StructuredType, Typed } from "./csdl.ts";
import { describeContainer, describeSet } from "./metadata-capabilities.ts";
import { describeOperations } from "./metadata-operations.ts";
import { describeKind, describeUse, qualified } from "./metadata-types.ts";
import { findNamedTypes } from "./named-types.ts";
import type { OfferDescription } from "./offer-description.ts";

/** Describes the model, and what can be done with it, as `$metadata` tells it. */
export function describeSchema(offers: readonly OfferDescription[]): Schema {
  const named = findNamedTypes(offers);
  return {
    namespace: namespace.name,
    alias: namespace.alias,
    vocabularies: ["Core", "Capabilities", "Validation", "Authorization", "Repeatability"].map((alias) => ({
      url: `https://oasis-tcs.github.io/odata-vocabularies/vocabularies/Org.OData.${alias}.V1`,
      namespace: `Org.OData.${alias}.V1`,
      alias,
    })),
    elements: [
      ...[...named.choices.values()].map(describeChoice),
      baseType,
      ...entityTypes.map(describeEntityType),
      ...[...named.complexes.values()].map(describeComplexType),
      ...[...named.dictionaries.values()].map(describeDictionary),
      ...describeOperations(offers),
    ],
    container: {
      name: "GraphService",
      sets: entityTypes.map((type) => describeEntitySet(type, offers)),
      annotations: describeContainer(offers),
    },
    // A function or action may be called without its namespace (OData URL Conventions 4.5).
    annotations: { "Core.SchemaVersion": schemaVersion, "Core.DefaultNamespace": true },
  };
}

const baseType: StructuredType = {
  kind: "EntityType",
  name: "entity",
  isAbstract: true,
  key: "id",
  properties: [
    {
      name: "id",
      use: { type: "Edm.String", isCollection: false, isNullable: false },
      annotations: { "Core.Computed": true, "Core.Description": "The key." },
    },
  ],
  navigation: [],
  annotations: { "Core.Description": "Anything that has a key." },
};

function describeChoice({ name, members }: Choice) {
  return { kind: "EnumType", name, members, annotations: {} } as const;
}

function describeEntityType(type: EntityType): StructuredType {
  return {
    kind: "EntityType",
    name: type.name,
    baseType: qualified(baseType.name),
    properties: visible(type.properties).flatMap(([name, each]) =>
      name === "id" ? [] : [describeProperty(name, each)],
    ),
    navigation: Object.entries(type.navigation).map(([name, { to, description }]) => ({
      name,
      use: { type: qualified(to().name), isCollection: true, isNullable: false },
      annotations: { "Core.Description": description },
    })),
    annotations: {
      "Core.Description": type.description,
      ...(type.alternateKeys === undefined ? {} : { "Core.AlternateKeys": type.alternateKeys.map(describeKey) }),
    },
  };
}

// The alias is said although it is the name: clients that follow the first edition of the term look for it.
function describeKey(name: string): AnnotationValue {
  return { record: { Key: [{ record: { Name: { path: name, leadsTo: "PropertyPath" }, Alias: name } }] } };
}

function describeComplexType({ name, properties, description }: ComplexType): StructuredType {
  return {
    kind: "ComplexType",
    name,
    properties: visible(properties).map(([property, each]) => describeProperty(property, each)),
    navigation: [],
    annotations: { "Core.Description": description },
  };
}

function describeDictionary({ name }: Dictionary): StructuredType {
  return {
    kind: "ComplexType",
    name,
    isOpen: true,
    properties: [],
    navigation: [],
    annotations: {
      "Core.Description": "Text values by name.",
      "Validation.OpenPropertyTypeConstraint": ["Edm.String"],
    },
  };
}

function describeProperty(name: string, { kind, nullable, create, update, description }: Property): Typed {
  const readOnly = { member: "Read", of: "Core.Permission" };
  return {
    name,
    use: describeUse(kind, nullable),
    annotations: {
      "Core.Description": description,
      ...(create === "computed" ? { "Core.Computed": true, "Core.Permissions": readOnly } : {}),
      ...(create !== "computed" && update === "refused" ? { "Core.Immutable": true } : {}),
      ...describeKind(kind.kind === "list" ? kind.of : kind),
    },
  };
}

function describeEntitySet(type: EntityType, offers: readonly OfferDescription[]): EntitySet {
  return {
    name: type.set,
    type: qualified(type.name),
    bindings: Object.fromEntries(Object.entries(type.navigation).map(([path, { to }]) => [path, to().set])),
    annotations: describeSet(type, offers),
  };
}
