import type { Values } from "../model/define.ts";
import { type Answer, answerHeaders, answersOf, commonHeaders, faultsOf } from "./offer-answers.ts";
import { nameOf, type OfferDescription, tagOf } from "./offer-description.ts";
import { parametersOf, pathParametersOf } from "./offer-parameters.ts";
import { documentPaths } from "./openapi-documents.ts";
import { errorSchemas, faults } from "./openapi-errors.ts";
import { bodyOf, printSchemas } from "./schemas.ts";

/** Prints the OpenAPI 3.1 description of one version of the API. */
export function printOpenApi(offers: readonly OfferDescription[], version: string): Values {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const offer of offers) {
    const parameters = pathParametersOf(offer);
    const item = paths[offer.path] ?? (parameters.length === 0 ? {} : { parameters });
    item[offer.method.toLowerCase()] = printOperation(offer);
    paths[offer.path] = item;
  }
  const shared = offers.flatMap(parametersOf).map((each) => [componentOf(each.name), each] as const);
  const statuses = new Set(offers.flatMap(faultsOf));
  return {
    openapi: "3.1.0",
    info: {
      title: "Tenantry",
      version,
      description: "Customer onboarding for cloud resellers, in the manner of Microsoft Graph.",
      contact: { name: "Tenantry" },
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: `/${version}`, description: "The service that sends this document." }],
    security: [{ bearer: [] }],
    tags: [
      ...[...new Set(offers.map(({ path }) => tagOf(path)))].map((name) => ({ name, description: `The ${name}.` })),
      { name: "service", description: "What describes the service, and batches." },
    ],
    paths: { ...paths, ...documentPaths },
    components: {
      securitySchemes: {
        bearer: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          description: "A token of the issuer that is set, with permissions in roles or scp and the partner in tid.",
        },
      },
      parameters: Object.fromEntries(shared),
      headers: Object.fromEntries(
        Object.entries(answerHeaders).map(([name, description]) => [name, { description, schema: { type: "string" } }]),
      ),
      responses: Object.fromEntries(faults.filter(({ status }) => statuses.has(status)).map(printFault)),
      schemas: { ...printSchemas(offers), ...errorSchemas },
    },
  };
}

function printOperation(offer: OfferDescription): Values {
  const { permissions, summary, path } = offer;
  const body = bodyOf(offer);
  return {
    operationId: nameOf(offer),
    summary,
    description: `Permissions, from least to most privileged: ${permissions.join(", ")}. One of them suffices.`,
    tags: [tagOf(path)],
    parameters: parametersOf(offer).map(({ name }) => ({ $ref: `#/components/parameters/${componentOf(name)}` })),
    ...(body === undefined
      ? {}
      : { requestBody: { required: body.required, content: { [body.mediaType]: { schema: body.schema } } } }),
    // Each permission by itself suffices (OpenAPI 3.1.0, security requirement: the roles that are needed).
    security: permissions.map((permission) => ({ bearer: [permission] })),
    responses: {
      ...Object.fromEntries(answersOf(offer).map((answer) => [answer.status, printAnswer(answer)])),
      ...Object.fromEntries(faultsOf(offer).map((status) => [status, { $ref: `#/components/responses/${status}` }])),
    },
  };
}

// The name of a component has no dollar sign (OpenAPI 3.1.0, components).
function componentOf(name: string): string {
  return name.replace("$", "");
}

function printAnswer({ description, headers, content }: Answer): Values {
  return {
    description,
    headers: printHeaders(headers),
    ...(content === undefined ? {} : { content: { [content.mediaType]: { schema: content.schema } } }),
  };
}

function printFault({ status, description, headers, example }: (typeof faults)[number]) {
  const response = {
    description,
    headers: printHeaders(headers),
    content: { "application/json": { schema: { $ref: "#/components/schemas/error" }, example } },
  };
  return [String(status), response] as const;
}

function printHeaders(names: readonly string[] = commonHeaders): Values {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}
