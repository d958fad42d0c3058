import type { Values } from "../model/define.ts";
import { mediaTypes } from "./media.ts";

/** What OpenAPI says of the paths that are no offers: batches, and the documents that describe the service. */
export const documentPaths: Values = {
  "/$batch": {
    post: {
      operationId: "batch.create",
      summary: "Send several requests at once.",
      description: "Each request needs the permission that it would need alone. The answer is 200 even if some failed.",
      tags: ["service"],
      parameters: [{ $ref: "#/components/parameters/client-request-id" }],
      requestBody: {
        required: true,
        content: {
          [mediaTypes.plainJson]: { schema: requestsSchema() },
          [mediaTypes.multipart]: { schema: { type: "string", description: "OData Protocol 4.01, 11.7.7." } },
        },
      },
      responses: {
        "200": {
          description: "The answers to the requests.",
          headers: headersOf("OData-Version", "request-id", "client-request-id", "Preference-Applied"),
          content: {
            [mediaTypes.plainJson]: { schema: responsesSchema() },
            [mediaTypes.multipart]: { schema: { type: "string" } },
          },
        },
        ...responsesOf(400, 401, 406, 412, 413, 414, 415, 431, 500, 501, 503),
      },
    },
  },
  "/$metadata": document("metadata", "Read the schema of the service.", {
    [mediaTypes.xml]: { schema: { type: "string", description: "OData CSDL XML." } },
    [mediaTypes.plainJson]: { schema: { type: "object", description: "OData CSDL JSON." } },
  }),
  "/": document("service", "Read which entity sets there are.", {
    [mediaTypes.plainJson]: { schema: serviceDocumentSchema() },
  }),
  "/openapi.json": document("openapi", "Read this description.", {
    [mediaTypes.plainJson]: { schema: { type: "object", description: "OpenAPI 3.1." } },
  }),
  "/swagger.json": document("swagger", "Read the description for custom connectors.", {
    [mediaTypes.plainJson]: { schema: { type: "object", description: "Swagger 2.0." } },
  }),
};

function document(name: string, summary: string, content: Values): Values {
  return {
    get: {
      operationId: `${name}.get`,
      summary,
      description: "Anyone may read it, without a token.",
      tags: ["service"],
      parameters: ["format", "schemaversion"].map((option) => ({ $ref: `#/components/parameters/${option}` })),
      security: [],
      responses: {
        "200": {
          description: "The document.",
          headers: headersOf("OData-Version", "request-id", "client-request-id"),
          content,
        },
        ...responsesOf(400, 406, 412, 413, 414, 431, 500, 501),
      },
    },
  };
}

function headersOf(...names: readonly string[]): Values {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

function responsesOf(...statuses: readonly number[]): Values {
  return Object.fromEntries(statuses.map((status) => [status, { $ref: `#/components/responses/${status}` }]));
}

function requestsSchema(): Values {
  const names = { type: "array", items: { type: "string" }, description: "The requests that must come before." };
  return {
    type: "object",
    required: ["requests"],
    properties: {
      requests: {
        type: "array",
        items: {
          type: "object",
          required: ["id", "method", "url"],
          properties: {
            id: { type: "string", description: "What the answer to the request is found by." },
            method: { type: "string", enum: ["GET", "POST", "PATCH", "PUT", "DELETE"] },
            url: { type: "string", description: "The path from the service root, such as /customers." },
            headers: { type: "object", additionalProperties: { type: "string" } },
            body: { description: "An object, or a text with its Content-Type." },
            dependsOn: names,
            atomicityGroup: { type: "string", description: "The requests of a group happen whole or not at all." },
          },
        },
      },
    },
    example: { requests: [{ id: "1", method: "GET", url: "/customers?$top=1" }] },
  };
}

function responsesSchema(): Values {
  return {
    type: "object",
    required: ["responses"],
    properties: {
      responses: {
        type: "array",
        items: {
          type: "object",
          required: ["id", "status"],
          properties: {
            id: { type: "string" },
            status: { type: "integer" },
            headers: { type: "object", additionalProperties: { type: "string" } },
            body: { description: "The body of the answer, if there is one." },
            atomicityGroup: { type: "string" },
          },
        },
      },
    },
  };
}

function serviceDocumentSchema(): Values {
  const entry = { name: { type: "string" }, kind: { type: "string" }, url: { type: "string" } };
  return {
    type: "object",
    required: ["value"],
    properties: {
      "@odata.context": { type: "string" },
      value: { type: "array", items: { type: "object", required: ["name", "url"], properties: entry } },
    },
  };
}
