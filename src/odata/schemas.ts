import type { EntityType, Values } from "../model/define.ts";
import type { ComplexType, Dictionary, Kind, Properties, Property } from "../model/kinds.ts";
import { entityTypes, namespace } from "../model/model.ts";
import { visible } from "../model/visible.ts";
import { findNamedTypes } from "./named-types.ts";
import type { OfferDescription } from "./offer-description.ts";
import { plainPattern } from "./pattern.ts";

/** The JSON Schemas of all types of the model, by name: as they are read, and as they are sent to create and to update. */
export function printSchemas(offers: readonly OfferDescription[]): Values {
  const { choices, complexes, dictionaries } = findNamedTypes(offers);
  const schemas: Record<string, unknown> = {};
  for (const type of entityTypes) {
    Object.assign(schemas, typeSchemas(type));
    schemas[`${schemaName(type)}CollectionResponse`] = collectionSchema(type);
    if (type.changes === "tracked") schemas[`${schemaName(type)}DeltaResponse`] = changesSchema(type);
  }
  for (const type of complexes.values()) Object.assign(schemas, typeSchemas(type));
  for (const { name, members } of choices.values())
    schemas[`${namespace.name}.${name}`] = { type: "string", enum: members };
  for (const each of dictionaries.values()) schemas[`${namespace.name}.${each.name}`] = dictionarySchema(each);
  return { ...schemas, reference: referenceSchema, references: referencesSchema };
}

// What the server sets throughout is never sent.
function typeSchemas(type: EntityType | ComplexType): Values {
  const read = { [schemaName(type)]: readSchema(type) };
  if (visible(type.properties).every(([, { create }]) => create === "computed")) return read;
  const write = (purpose: "create" | "update") => ({ [schemaName(type, purpose)]: writeSchema(type, purpose) });
  return { ...read, ...write("create"), ...write("update") };
}

/** What a request has as its body. */
interface DescribedBody {
  readonly mediaType: string;
  readonly schema: Values;
  readonly required: boolean;
}

/** The body that an offer takes; undefined when it takes none. An action takes its parameters. */
export function bodyOf(offer: OfferDescription): DescribedBody | undefined {
  if (offer.accepts.body === "text") return { mediaType: "text/plain", schema: { type: "string" }, required: true };
  const schema = bodySchema(offer);
  // The body of an action may be left out when none of its parameters is needed (OData 4.01, 11.5.5.1).
  const required =
    offer.accepts.body !== "parameters" ||
    Object.values(offer.operation?.parameters ?? {}).some(({ create }) => create === "required");
  return schema === undefined ? undefined : { mediaType: "application/json", schema, required };
}

function bodySchema({ accepts, operation, related }: OfferDescription): Values | undefined {
  if (operation?.kind === "action" && Object.keys(operation.parameters).length > 0) {
    return objectSchema({ properties: operation.parameters }, "create");
  }
  const { body, type } = accepts;
  if (body === "none" || type === undefined) return undefined;
  if (body === "property") return { type: "object", description: "The value, in value; a complex one by itself." };
  const entity = schemaReference(schemaName(type, body === "update" ? "update" : "create"));
  if (body === "createOrReference") return { anyOf: [entity, schemaReference("reference")] };
  return related === undefined ? entity : { allOf: [entity, relatedSchema(type, related.navigation)] };
}

/** What a body may say of the entity behind a navigation: its values, or where it is (OData JSON Format 4.01, 8.5). */
function relatedSchema(type: EntityType, navigation: string): Values {
  const to = type.navigation[navigation]?.to();
  if (to === undefined) throw new Error(`'${navigation}' is no navigation of ${type.name}.`);
  const entity = schemaReference(schemaName(to, "create"));
  const url = { type: "string", format: "uri-reference" };
  return {
    type: "object",
    properties: {
      [navigation]: { type: "array", maxItems: 1, items: entity, description: "The entity, created together with it." },
      [`${navigation}@odata.bind`]: {
        type: "array",
        maxItems: 1,
        items: url,
        description: "The URL of one that is there.",
      },
    },
  };
}

/** The name of the schema of a type: as it is read, or as it is sent. */
export function schemaName(type: { readonly name: string }, purpose?: "create" | "update"): string {
  return `${namespace.name}.${type.name}${purpose === undefined ? "" : `.${purpose}`}`;
}

/** A reference to a schema. */
export function schemaReference(name: string): Values {
  return { $ref: `#/components/schemas/${name}` };
}

function readSchema(type: EntityType | ComplexType): Values {
  const properties = visible(type.properties).map(([name, property]) => [name, valueSchema(property)]);
  const entityTag = "set" in type ? { "@odata.etag": { type: "string", description: "The entity tag." } } : {};
  return {
    type: "object",
    description: type.description,
    properties: { ...entityTag, ...Object.fromEntries(properties) },
  };
}

function writeSchema(type: EntityType | ComplexType, purpose: "create" | "update"): Values {
  const { properties, ...schema } = objectSchema(type, purpose);
  const typeName = { type: "string", description: `#${schemaName(type)}` };
  return { ...schema, description: type.description, properties: { "@odata.type": typeName, ...properties } };
}

function objectSchema(type: { readonly properties: Properties }, purpose: "create" | "update") {
  const given = visible(type.properties).filter(([, property]) =>
    purpose === "create"
      ? property.create !== "computed"
      : property.create !== "computed" && property.update !== "refused",
  );
  const required =
    purpose === "create" ? given.filter(([, { create }]) => create === "required").map(([name]) => name) : [];
  return {
    type: "object",
    ...(required.length === 0 ? {} : { required }),
    properties: Object.fromEntries(given.map(([name, property]) => [name, valueSchema(property, purpose)])),
  };
}

function valueSchema(property: Property, purpose?: "create" | "update"): Values {
  const { description } = property;
  const schema = kindSchema(property.kind, purpose);
  if (!property.nullable) return "$ref" in schema ? { allOf: [schema], description } : { ...schema, description };
  if ("$ref" in schema) return { anyOf: [schema, { type: "null" }], description };
  return { ...schema, type: [schema["type"], "null"], description };
}

/** The schema of the values of a kind; a complex one as it is read, or as it is sent. */
export function kindSchema(kind: Kind, purpose: "create" | "update" | undefined): Values {
  switch (kind.kind) {
    case "boolean":
      return { type: "boolean" };
    case "integer":
      return { type: "integer", format: "int32" };
    case "instant":
      return { type: "string", format: "date-time" };
    case "identifier":
      return { type: "string", format: "uuid" };
    case "link":
      return { type: "string", format: "uri" };
    case "choice":
    case "dictionary":
      return schemaReference(`${namespace.name}.${kind.name}`);
    case "complex":
      // An entity that is a parameter says what is to be changed of one.
      return schemaReference(schemaName(kind.type, purpose === "create" && "set" in kind.type ? "update" : purpose));
    case "list":
      return { type: "array", items: kindSchema(kind.of, purpose) };
    case "text":
      return {
        type: "string",
        minLength: kind.lengthMin,
        maxLength: kind.lengthMax,
        ...(plainPattern(kind) === undefined ? {} : { pattern: plainPattern(kind) }),
        ...(kind.example === undefined ? {} : { example: kind.example }),
      };
  }
}

function collectionSchema(type: EntityType): Values {
  return {
    type: "object",
    description: `A page of ${type.set}.`,
    required: ["value"],
    properties: {
      "@odata.context": { type: "string" },
      value: { type: "array", items: schemaReference(schemaName(type)) },
      "@odata.nextLink": {
        type: "string",
        format: "uri",
        description: "Where the next page is; absent on the last one.",
      },
    },
  };
}

function changesSchema(type: EntityType): Values {
  const link = (description: string) => ({ type: "string", format: "uri", description });
  const removed = {
    type: "object",
    description: `A ${type.name} that is gone, or does not match the filter any more.`,
    required: ["id", "@removed"],
    properties: {
      id: { type: "string", format: "uuid" },
      "@removed": {
        type: "object",
        required: ["reason"],
        properties: { reason: { type: "string", enum: ["deleted", "changed"] } },
      },
    },
  };
  return {
    type: "object",
    description: `A page of the changes of ${type.set}.`,
    required: ["value"],
    properties: {
      "@odata.context": { type: "string" },
      value: { type: "array", items: { anyOf: [removed, schemaReference(schemaName(type))] } },
      "@odata.nextLink": link("Where the next page of this round is; absent on the last one."),
      "@odata.deltaLink": link("Where the next round begins; on the last page alone."),
    },
  };
}

function dictionarySchema(dictionary: Dictionary): Values {
  return {
    type: "object",
    description: "Text values by name.",
    maxProperties: dictionary.entriesMax,
    additionalProperties: { type: ["string", "null"], maxLength: dictionary.valueLengthMax },
  };
}

const referenceSchema = {
  type: "object",
  description: "The URL of an entity, absolute or from the service root.",
  required: ["@odata.id"],
  properties: { "@odata.id": { type: "string", format: "uri-reference" } },
};

const referencesSchema = {
  type: "object",
  description: "The URLs of entities.",
  required: ["value"],
  properties: { "@odata.context": { type: "string" }, value: { type: "array", items: schemaReference("reference") } },
};
