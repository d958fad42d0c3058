import { customer } from "../model/customer.ts";
import { bindOptions } from "../odata/bind/options.ts";
import { assertAcceptable, chooseMedia, formatType, mediaTypes, negotiateFormat } from "../odata/media.ts";
import { describeSchema } from "../odata/metadata.ts";
import { printCsdlJson } from "../odata/metadata-json.ts";
import { printCsdlXml } from "../odata/metadata-xml.ts";
import { printOpenApi } from "../odata/openapi.ts";
import type { Target } from "../odata/path.ts";
import { printServiceDocument } from "../odata/payload.ts";
import { printSwagger } from "../odata/swagger.ts";
import { describeOffers } from "../onboarding/offers.ts";
import type { Request, Response } from "./request.ts";
import { type Asked, json, notAllowed, printAllow, printDocument } from "./respond.ts";

/** Answers the documents that anyone may read, for they say nothing of any partner; undefined for any other path. */
export function answerDocument(
  target: Target,
  version: string,
  request: Request,
  asked: Asked,
  query: string,
): Response | undefined {
  const print = documents.get(target.template);
  if (print === undefined) return undefined;
  const allow = ["GET", "HEAD", "OPTIONS"];
  if (request.method === "OPTIONS") return printAllow(asked, allow);
  if (!allow.includes(request.method)) throw notAllowed(request.method, allow);
  const { format } = bindOptions(customer, query, ["format", "schemaversion"]);
  return print({ version, asked, origin: request.origin, accept: wantedType(format, request) });
}

/** What a request accepts. `$format` stands above Accept (OData Protocol 8.2.1). */
export function wantedType(format: string | undefined, request: Request): string | undefined {
  return format === undefined ? request.headers["accept"] : formatType(format);
}

interface Wanted {
  readonly version: string;
  readonly asked: Asked;
  readonly origin: string;
  readonly accept: string | undefined;
}

const documents: ReadonlyMap<string, (wanted: Wanted) => Response> = new Map([
  ["/", answerServiceDocument],
  ["/$metadata", answerMetadata],
  ["/openapi.json", answerOpenApi],
  ["/swagger.json", answerSwagger],
]);

function answerServiceDocument({ version, asked, origin, accept }: Wanted): Response {
  const manner = { ...asked, root: `${origin}/${version}`, format: negotiateFormat(accept) };
  return json(manner, 200, printServiceDocument(manner), {});
}

function answerMetadata({ asked, accept }: Wanted): Response {
  const schema = describeSchema(describeOffers());
  const form = chooseMedia(accept, ["xml", "plainJson"]);
  if (form === "xml") return printDocument(asked, printCsdlXml(schema, asked.profile.version), mediaTypes.xml);
  return printDocument(asked, JSON.stringify(printCsdlJson(schema, asked.profile.version)), mediaTypes.plainJson);
}

function answerOpenApi({ version, asked, accept }: Wanted): Response {
  assertAcceptable(accept, "plainJson");
  return printDocument(asked, JSON.stringify(printOpenApi(describeOffers(), version)), mediaTypes.plainJson);
}

function answerSwagger({ version, asked, origin, accept }: Wanted): Response {
  assertAcceptable(accept, "plainJson");
  return printDocument(asked, JSON.stringify(printSwagger(describeOffers(), version, origin)), mediaTypes.plainJson);
}
