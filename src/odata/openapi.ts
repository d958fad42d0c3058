import type { EntityType, Values } from "../model/define.ts";
import { printSchemas, schemaName, schemaReference } from "./schemas.ts";

/** What OpenAPI tells of one thing that the API can be asked to do. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  /** Every permission that suffices, least privileged first. */
  readonly permissions: readonly string[];
  readonly accepts: {
    readonly body: "none" | "create" | "update" | "createOrReference" | "parameters";
    readonly type?: EntityType;
  };
  readonly answers: { readonly result: string; readonly type?: EntityType };
  readonly options?: readonly string[];
}

/** Prints the OpenAPI 3.1 description of one version of the API. */
export function printOpenApi(operations: readonly Operation[], version: string): Values {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    const item = paths[operation.path] ?? { ...pathParameters(operation.path) };
    item[operation.method.toLowerCase()] = printOperation(operation);
    paths[operation.path] = item;
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Tenantry",
      version,
      description: "Customer onboarding for cloud resellers, in the manner of Microsoft Graph.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: `/${version}` }],
    security: [{ bearer: [] }],
    tags: [...new Set(operations.map(tagOf))].map((name) => ({ name, description: `The ${name}.` })),
    paths,
    components: {
      securitySchemes: { bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT" } },
      parameters: headerParameters,
      responses: { error: errorResponse, gone: goneResponse },
      schemas: { ...printSchemas(), error: errorSchema, reference: referenceSchema, references: referencesSchema },
    },
  };
}

function printOperation(operation: Operation): Values {
  const { method, permissions, accepts } = operation;
  const headers = [
    ...(method === "POST" || method === "PATCH" ? ["Prefer"] : []),
    ...(method === "PATCH" || method === "DELETE" ? ["If-Match"] : []),
    ...(method === "GET" && operation.answers.result === "entity" ? ["If-None-Match"] : []),
    ...(method === "GET" ? [] : ["Idempotency-Key", "Repeatability-Request-ID", "Repeatability-First-Sent"]),
  ].map((name) => ({ $ref: `#/components/parameters/${name}` }));
  const byId = operation.options?.includes("id") ? [idParameter] : [];
  const parameters = [...headers, ...byId, ...(operation.answers.result === "changes" ? deltaParameters : [])];
  return {
    operationId: operationId(operation),
    summary: operation.summary,
    description: `Permissions, from least to most privileged: ${permissions.join(", ")}.`,
    tags: [tagOf(operation)],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(accepts.body === "none" ? {} : { requestBody: requestBody(accepts) }),
    responses: {
      ...successOf(operation),
      "4XX": { $ref: "#/components/responses/error" },
      "5XX": { $ref: "#/components/responses/error" },
    },
  };
}

function successOf({ accepts, answers }: Operation): Values {
  const json = (schema: Values) => ({ "application/json": { schema } });
  const { type } = answers;
  const entity = type === undefined ? {} : schemaReference(schemaName(type));
  const unchanged = { "304": { description: "It still has the entity tag of If-None-Match." } };
  switch (answers.result) {
    case "created": {
      const headers = locationHeaders;
      const nothing = { description: "Created, or linked, and answered without a body.", headers };
      return { "201": { description: "Created.", headers, content: json(entity) }, "204": nothing };
    }
    case "value":
      return { "200": { description: "The value.", content: json({ type: "object" }) } };
    case "entity":
      if (accepts.body === "parameters") return { "202": { description: "Begun.", content: json(entity) } };
      return {
        "200": { description: "The entity.", content: json(entity) },
        ...(accepts.body === "none" ? unchanged : { "204": { description: "Done, and answered without a body." } }),
      };
    case "collection":
      return {
        "200": {
          description: "A page of the collection.",
          content: json(type === undefined ? {} : schemaReference(`${schemaName(type)}CollectionResponse`)),
        },
      };
    case "changes":
      return {
        "200": {
          description: "A page of what has changed.",
          content: json(type === undefined ? {} : schemaReference(`${schemaName(type)}DeltaResponse`)),
        },
        "410": { $ref: "#/components/responses/gone" },
      };
    case "references":
      return { "200": { description: "References.", content: json(schemaReference("references")) } };
    case "count":
      return { "200": { description: "The number.", content: { "text/plain": { schema: { type: "string" } } } } };
    default:
      return { "204": { description: "Done." } };
  }
}

function requestBody({ body, type }: Operation["accepts"]): Values {
  if (body === "parameters") return parametersBody(type);
  if (type === undefined) return {};
  const entity = schemaReference(schemaName(type, body === "update" ? "update" : "create"));
  const schema = body === "createOrReference" ? { anyOf: [entity, schemaReference("reference")] } : entity;
  return { required: true, content: { "application/json": { schema } } };
}

// An action takes a change of an entity under the name of its type, or nothing; its body may be left out.
function parametersBody(type: EntityType | undefined): Values {
  const properties = type === undefined ? {} : { [type.name]: schemaReference(schemaName(type, "update")) };
  return { required: false, content: { "application/json": { schema: { type: "object", properties } } } };
}

function pathParameters(path: string): Values {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
  if (names.length === 0) return {};
  return { parameters: names.map((name) => ({ name, in: "path", required: true, schema: { type: "string" } })) };
}

function operationId({ method, path }: Operation): string {
  const verbs: Readonly<Record<string, string>> = { GET: "get", POST: "create", PATCH: "update", DELETE: "delete" };
  return [tagOf({ path }), ...path.split("/").slice(2), verbs[method] ?? method]
    .map((part) => part.replaceAll(/[${}()]/g, ""))
    .join(".");
}

function tagOf({ path }: { readonly path: string }): string {
  return path.split("/")[1] ?? "";
}

const header = (name: string, description: string) => ({
  name,
  in: "header",
  required: false,
  description,
  schema: { type: "string" },
});

const headerParameters = {
  Prefer: header("Prefer", "return=representation or return=minimal: whether the answer carries the entity."),
  "If-Match": header("If-Match", "The entity tag that the entity must still have."),
  "If-None-Match": header("If-None-Match", "The entity tag of the copy that the client has."),
  "Idempotency-Key": header(
    "Idempotency-Key",
    "A key of the request's own: sent again with it, it is not carried out twice.",
  ),
  "Repeatability-Request-ID": header(
    "Repeatability-Request-ID",
    "The same by OASIS Repeatable Requests 1.0, such as a UUID.",
  ),
  "Repeatability-First-Sent": header(
    "Repeatability-First-Sent",
    "When the request was first sent, for example Sun, 06 Nov 1994 08:49:37 GMT.",
  ),
};

const idParameter = {
  name: "$id",
  in: "query",
  required: true,
  description: "The URL of the customer.",
  schema: { type: "string", format: "uri" },
};

const deltaParameters = (
  [
    ["$select", "string", "The properties that are shown."],
    ["$filter", "string", "Which entities are followed."],
    ["$top", "integer", "How many entities a page has at the most."],
    ["$skiptoken", "string", "Where the next page begins; it is part of @odata.nextLink."],
    ["$deltatoken", "string", "Where the next round begins: part of @odata.deltaLink, or latest."],
  ] as const
).map(([name, type, description]) => ({ name, in: "query", required: false, description, schema: { type } }));

const locationHeaders = Object.fromEntries(
  ["Location", "OData-EntityId", "Operation-Location", "ETag"].map((name) => [name, { schema: { type: "string" } }]),
);

const errorSchema = {
  type: "object",
  required: ["error"],
  properties: {
    error: {
      type: "object",
      required: ["code", "message"],
      properties: {
        code: { type: "string" },
        message: { type: "string" },
        target: { type: "string" },
        details: {
          type: "array",
          items: {
            type: "object",
            required: ["code", "message"],
            properties: { code: { type: "string" }, message: { type: "string" }, target: { type: "string" } },
          },
        },
        innerError: {
          type: "object",
          properties: {
            code: { type: "string" },
            date: { type: "string", format: "date-time" },
            "request-id": { type: "string" },
            "client-request-id": { type: "string" },
          },
        },
      },
    },
  },
} as const;

const errorResponse = {
  description: "The request was refused, or could not be carried out.",
  content: { "application/json": { schema: schemaReference("error") } },
};

const goneResponse = {
  ...errorResponse,
  description: "The token is unknown or too old: begin anew at the Location.",
  headers: { Location: { schema: { type: "string", format: "uri" } } },
};

const referenceSchema = {
  type: "object",
  required: ["@odata.id"],
  properties: { "@odata.id": { type: "string", format: "uri-reference" } },
};

const referencesSchema = {
  type: "object",
  required: ["value"],
  properties: { "@odata.context": { type: "string" }, value: { type: "array", items: schemaReference("reference") } },
};
