import type { Values } from "../model/define.ts";
import { problemCodes } from "../model/problem.ts";
import { type AnswerHeader, commonHeaders, type FaultStatus, faultStatuses } from "./offer-answers.ts";
import { schemaReference } from "./schemas.ts";

/** One status with which a request is refused, or fails. */
export interface Fault {
  readonly status: FaultStatus;
  readonly description: string;
  readonly headers: readonly AnswerHeader[];
  readonly example: Values;
}

const moreHeaders: Readonly<Partial<Record<FaultStatus, readonly AnswerHeader[]>>> = {
  401: ["WWW-Authenticate"],
  409: ["Location", "Retry-After"],
  410: ["Location"],
  503: ["Retry-After"],
};

interface Example {
  readonly message: string;
  readonly innerCode?: keyof typeof problemCodes;
  readonly target?: string;
}

const examples: Readonly<Record<FaultStatus, Example>> = {
  400: {
    innerCode: "requiredFieldMissing",
    message: "The property 'billingProfile' is missing; it must be given.",
    target: "billingProfile",
  },
  401: { message: "The request has no token. Send one in the header Authorization, as Bearer." },
  403: {
    message: "Insufficient privileges to complete the operation. It needs the permission Customer.ReadWrite.All.",
  },
  404: { message: "Resource '0198f2a4-7c1e-7000-8000-000000000000' does not exist." },
  405: { message: "PUT is not allowed here. Allowed are GET, PATCH, DELETE, HEAD, OPTIONS." },
  406: { message: "None of 'text/html' can be answered; this resource is sent as application/json." },
  409: { message: "The operation has another customer already.", innerCode: "customerAlreadyAttached" },
  410: { message: "The reservation of the domain has ended. Open another operation." },
  412: { message: "The entity has changed since it was read. Read it again." },
  413: { message: "The body is longer than 1000000 bytes." },
  414: { message: "The URL is longer than 16384 characters." },
  415: { message: "The Content-Type of the body must be application/json. It is 'text/plain'." },
  424: { message: "The request was not carried out: the one that it depends on has failed." },
  429: {
    message: "The partner has made more than 12000 requests in this minute. Wait 30 seconds, as Retry-After says.",
  },
  431: { message: "The headers are longer than 32768 bytes." },
  500: { message: "The server failed to carry out the request. Quote the request-id when you report it." },
  501: { message: "The query option '$apply' is not supported here by this version of the service.", target: "$apply" },
  503: { message: "The database cannot be reached. Try again." },
  507: { message: "The partner has 10000 operations under way, and may have no more." },
};

/** Describes every status of a refusal or a failure: the codes that it may have, and an example. */
export const faults: readonly Fault[] = faultStatuses.map((status) => {
  const codes = Object.entries(problemCodes).filter(([, each]) => each.status === status);
  const code = codes[0]?.[1].code ?? "internalServerError";
  const innerCodes = codes.length === 0 ? ["generalException"] : codes.map(([innerCode]) => innerCode);
  const { message, innerCode = innerCodes[0] ?? "", target } = examples[status];
  const isBodyFault = target !== undefined && !target.startsWith("$");
  return {
    status,
    description: `${code}. The code in innerError is ${innerCodes.join(", ")}.`,
    headers: [...commonHeaders, ...(moreHeaders[status] ?? []), "Repeatability-Result"],
    example: {
      error: {
        code,
        message,
        ...(target === undefined ? {} : { target }),
        ...(isBodyFault ? { details: [{ code: innerCode, message, target }] } : {}),
        innerError: {
          code: innerCode,
          date: "2026-01-31T12:00:00.000Z",
          "request-id": "0198f2a4-7c1e-7000-8000-5b9d6c2f1a3e",
          "client-request-id": "0198f2a4-7c1e-7000-8000-5b9d6c2f1a3e",
        },
      },
    },
  };
});

/** The schemas of an error answer (Microsoft Graph, error resource type). */
export const errorSchemas: Readonly<Record<string, Values>> = {
  error: {
    type: "object",
    description: "Why a request was refused, or could not be carried out.",
    required: ["error"],
    properties: {
      error: {
        type: "object",
        required: ["code", "message"],
        properties: {
          code: { type: "string", description: "The kind of the error, by its status." },
          message: { type: "string", description: "What is wrong, and what would be right." },
          target: { type: "string", description: "What is at fault: a property, a query option or a header." },
          details: { type: "array", description: "The faults one by one.", items: schemaReference("errorDetail") },
          innerError: schemaReference("innerError"),
        },
      },
    },
  },
  errorDetail: {
    type: "object",
    description: "One of several faults.",
    required: ["code", "message"],
    properties: { code: { type: "string" }, message: { type: "string" }, target: { type: "string" } },
  },
  innerError: {
    type: "object",
    description: "The exact code of the error, and how to find the request in the log.",
    properties: {
      code: { type: "string" },
      date: { type: "string", format: "date-time" },
      "request-id": { type: "string" },
      "client-request-id": { type: "string" },
    },
  },
};
