import { customerCreationOperation } from "../model/customer-creation-operation.ts";
import type { Values } from "../model/define.ts";
import { problemCodes } from "../model/problem.ts";
import { isRead, type OfferDescription } from "./offer-description.ts";
import { kindSchema, schemaName, schemaReference } from "./schemas.ts";

/** An answer that an offer can give when all is well, as OpenAPI and Swagger both describe it. */
export interface Answer {
  readonly status: number;
  readonly description: string;
  readonly headers: readonly AnswerHeader[];
  readonly content?: { readonly mediaType: string; readonly schema: Values };
}

export type AnswerHeader = keyof typeof answerHeaders;

/** The headers that answers have, with what each says. */
export const answerHeaders = {
  "OData-Version": "The version of OData that the answer is in.",
  "request-id": "What the service calls the request.",
  "client-request-id": "What the client calls the request, or else the same as request-id.",
  ETag: "The entity tag: what If-Match and If-None-Match compare.",
  Location: "The URL of the entity.",
  "OData-EntityId": "The id of the entity, which is its URL.",
  "Operation-Location": "The URL of the operation that carries out what is left to do.",
  "Preference-Applied": "Which preferences were honoured.",
  "Retry-After": "In how many seconds it is worth asking again.",
  "Repeatability-Result": "Whether a repeatable request was accepted, or rejected.",
  "Idempotency-Replayed": "true when the request was carried out before, and this is the answer of that time.",
  "WWW-Authenticate": "How to identify oneself.",
} as const;

/** The headers that every answer has. */
export const commonHeaders = ["OData-Version", "request-id", "client-request-id"] as const satisfies AnswerHeader[];

/** Lists the answers of an offer when all is well. */
export function answersOf(offer: OfferDescription): readonly Answer[] {
  const repeatable = isRead(offer) ? [] : (["Repeatability-Result", "Idempotency-Replayed"] as const);
  return successOf(offer).map((answer) => ({
    ...answer,
    headers: [...commonHeaders, ...answer.headers, ...repeatable],
  }));
}

/** Lists the statuses with which an offer can refuse or fail, by what it takes and gives. */
export function faultsOf(offer: OfferDescription): readonly FaultStatus[] {
  const { path, accepts, answers, operation } = offer;
  const isWrite = !isRead(offer);
  const takesBody = accepts.body !== "none" || operation?.kind === "action";
  return faultStatuses.filter((status) => {
    if (status === 404) return path.includes("{");
    if (status === 409) return isWrite;
    // The state of a round of delta may be gone, and the reservation of an operation.
    if (status === 410) return answers.result === "changes" || (isWrite && path.startsWith(oneOperation));
    if (status === 415) return takesBody;
    // That a method is not known is said of the path; that something went before, in a batch alone.
    return status !== 405 && status !== 424;
  });
}

const oneOperation = `/${customerCreationOperation.set}/{id}`;

export type FaultStatus = (typeof problemCodes)[keyof typeof problemCodes]["status"] | 500;

/** Every status of a refusal or a failure, lowest first. */
export const faultStatuses: readonly FaultStatus[] = [
  ...new Set<FaultStatus>([...Object.values(problemCodes).map(({ status }) => status), 500]),
].toSorted((a, b) => a - b);

type Success = Omit<Answer, "headers"> & { readonly headers: readonly AnswerHeader[] };

function successOf(offer: OfferDescription): readonly Success[] {
  const { method, accepts, answers, operation } = offer;
  if (operation?.returns?.shape === "value") return [json(200, "What it returns.", [], valueSchema(offer))];
  if (answers.part !== undefined) return partOf(method);
  const name = schemaName(answers.type);
  switch (answers.result) {
    case "created": {
      const headers = ["Location", "OData-EntityId", "Operation-Location", "ETag", "Preference-Applied"] as const;
      return [
        json(201, "Created.", headers, schemaReference(name)),
        { status: 204, description: "Created, or linked, and answered without a body.", headers },
      ];
    }
    case "entity": {
      if (operation !== undefined) {
        return [json(202, "Begun.", ["ETag", "Location", "Retry-After"], schemaReference(name))];
      }
      const headers = ["ETag", method === "GET" ? "Retry-After" : "Preference-Applied"] as const;
      const shown = json(200, "The entity.", headers, schemaReference(name));
      if (accepts.body === "none" && method === "GET") return [shown, unchanged];
      return [
        shown,
        ...(offer.insert === undefined ? [] : [json(201, "Created.", ["Location", "ETag"], schemaReference(name))]),
        { status: 204, description: "Done, and answered without a body.", headers: ["ETag", "Preference-Applied"] },
      ];
    }
    case "collection":
      return [page("A page of the collection.", `${name}CollectionResponse`)];
    case "changes":
      return [page("A page of what has changed.", `${name}DeltaResponse`)];
    case "reference":
      return [json(200, "The reference.", [], schemaReference("reference"))];
    case "references":
      return [json(200, "References.", [], schemaReference("references"))];
    case "count":
      return [
        {
          status: 200,
          description: "The number.",
          headers: [],
          content: { mediaType: "text/plain", schema: { type: "string", pattern: "^[0-9]+$" } },
        },
      ];
    default:
      return [{ status: 204, description: "Done.", headers: [] }];
  }
}

const unchanged: Success = {
  status: 304,
  description: "It still has the entity tag of If-None-Match.",
  headers: ["ETag"],
};

// A single value stands in `value`, a complex one is the body itself; null has no body (OData JSON Format 4.01, 11).
function partOf(method: string): readonly Success[] {
  const nothing: Success = {
    status: 204,
    description: "It is null, or is answered without a body.",
    headers: ["ETag"],
  };
  if (method === "DELETE") return [nothing];
  const shown = json(200, "The property.", ["ETag"], { type: "object" });
  return method === "GET" ? [shown, nothing, unchanged] : [shown, nothing];
}

function page(description: string, schema: string): Success {
  return json(200, description, ["Preference-Applied"], schemaReference(schema));
}

function json(status: number, description: string, headers: readonly AnswerHeader[], schema: Values): Success {
  return { status, description, headers, content: { mediaType: "application/json", schema } };
}

// A complex value is the body itself; any other value stands in `value` (OData JSON Format 4.01, 11 and 12).
function valueSchema({ operation }: OfferDescription): Values {
  if (operation?.returns?.shape !== "value") return {};
  const { kind } = operation.returns;
  const schema = kindSchema(kind, undefined);
  if (kind.kind === "complex") return schema;
  return { type: "object", required: ["value"], properties: { "@odata.context": { type: "string" }, value: schema } };
}
