import type { Values } from "../model/define.ts";
import { type Answer, answerHeaders, answersOf, faultsOf } from "./offer-answers.ts";
import { nameOf, type OfferDescription, tagOf } from "./offer-description.ts";
import { type Parameter, parametersOf, pathParametersOf } from "./offer-parameters.ts";
import { errorSchemas, faults } from "./openapi-errors.ts";
import { bodyOf, printSchemas } from "./schemas.ts";
import { swaggerSchema, swaggerSchemas } from "./swagger-schema.ts";
import { titleOf } from "./title.ts";

/**
 * Prints the Swagger 2.0 description of one version of the API, with what Power Automate and Logic Apps ask of a custom
 * connector (Microsoft, OpenAPI extensions for custom connectors).
 */
export function printSwagger(offers: readonly OfferDescription[], version: string, origin: string): Values {
  const { host, protocol } = new URL(origin);
  const paths: Record<string, Record<string, unknown>> = {};
  for (const offer of offers) {
    const item = paths[offer.path] ?? {};
    item[offer.method.toLowerCase()] = printOperation(offer);
    paths[offer.path] = item;
  }
  const statuses = new Set(offers.flatMap(faultsOf));
  return {
    swagger: "2.0",
    info: {
      title: "Tenantry",
      version,
      description: "Customer onboarding for cloud resellers, in the manner of Microsoft Graph.",
      contact: { name: "Tenantry" },
      license: { name: "MIT" },
    },
    host,
    basePath: `/${version}`,
    schemes: [protocol.replace(":", "")],
    consumes: ["application/json"],
    produces: ["application/json"],
    // Swagger 2.0 knows no bearer tokens: the whole header is the key.
    securityDefinitions: {
      bearer: {
        type: "apiKey",
        name: "Authorization",
        in: "header",
        description: "The word Bearer, a space, and the token.",
      },
    },
    security: [{ bearer: [] }],
    tags: [...new Set(offers.map(({ path }) => tagOf(path)))].map((name) => ({
      name,
      description: `The ${name}.`,
    })),
    paths,
    responses: Object.fromEntries(faults.filter(({ status }) => statuses.has(status)).map(printFault)),
    definitions: swaggerSchemas({ ...printSchemas(offers), ...errorSchemas }),
  };
}

function printOperation(offer: OfferDescription): Values {
  const { summary, path, permissions, answers } = offer;
  const body = bodyOf(offer);
  const parameters = [...pathParametersOf(offer), ...parametersOf(offer)].map(printParameter);
  const isPaged = answers.result === "collection" || answers.result === "changes";
  return {
    operationId: nameOf(offer).split(".").map(capitalize).join(""),
    summary,
    description: `Permissions, from least to most privileged: ${permissions.join(", ")}. One of them suffices.`,
    tags: [tagOf(path)],
    "x-ms-visibility": path.includes("$") ? "advanced" : "important",
    // The page that follows is found by the link that a page ends with.
    ...(isPaged ? { "x-ms-pageable": { nextLinkName: "@odata.nextLink" } } : {}),
    ...(body === undefined || body.mediaType === "application/json" ? {} : { consumes: [body.mediaType] }),
    ...(answers.result === "count" ? { produces: ["text/plain"] } : {}),
    parameters: body === undefined ? parameters : [...parameters, printBody(body.schema, body.required)],
    responses: {
      ...Object.fromEntries(answersOf(offer).map((answer) => [answer.status, printAnswer(answer)])),
      ...Object.fromEntries(faultsOf(offer).map((status) => [status, { $ref: `#/responses/${status}` }])),
    },
  };
}

function printParameter({ name, in: place, required, description, schema }: Parameter): Values {
  // A parameter that is no body has a plain type; the values of an enumeration are texts (Swagger 2.0, parameter object).
  const plain = "$ref" in schema ? { type: "string" } : swaggerSchema(schema);
  const { example: _, ...type } = plain;
  return {
    name,
    in: place,
    required,
    description,
    ...type,
    "x-ms-summary": titleOf(name),
    "x-ms-visibility": visibilityOf(name, required),
    ...(place === "path" ? { "x-ms-url-encoding": "single" } : {}),
  };
}

// What a flow never fills in by hand is not shown to whoever builds it.
function visibilityOf(name: string, required: boolean): "important" | "advanced" | "internal" {
  if (required) return "important";
  return name === "$skiptoken" || name === "$format" || name === "$schemaversion" ? "internal" : "advanced";
}

function printBody(schema: Values, required: boolean): Values {
  return {
    name: "body",
    in: "body",
    required,
    description: "What is sent.",
    schema: swaggerSchema(schema),
    "x-ms-summary": "Body",
    "x-ms-visibility": "important",
  };
}

function printAnswer({ description, headers, content }: Answer): Values {
  return {
    description,
    headers: printHeaders(headers),
    ...(content === undefined ? {} : { schema: swaggerSchema(content.schema) }),
  };
}

function printFault({ status, description, headers, example }: (typeof faults)[number]) {
  const response = {
    description,
    headers: printHeaders(headers),
    schema: { $ref: "#/definitions/error" },
    examples: { "application/json": example },
  };
  return [String(status), response] as const;
}

function printHeaders(names: Answer["headers"]): Values {
  return Object.fromEntries(names.map((name) => [name, { type: "string", description: answerHeaders[name] }]));
}

function capitalize(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
