import type { PropertyPath } from "../model/property-path.ts";
import { mediaTypes } from "../odata/media.ts";
import { printApplied } from "../odata/preferences.ts";
import { printProperty, printText } from "../odata/print-property.ts";
import type { Result } from "../onboarding/offer.ts";
import type { Response } from "./request.ts";
import { type Asked, headersOfEntity, isKnown, json, printDocument, printNothing, withoutNulls } from "./respond.ts";

/** Prints of an entity the property that a request is about; null has no body (OData Protocol 11.2.4 and 11.4.9). */
export function printPart(
  result: Result & { readonly kind: "entity" },
  property: PropertyPath,
  asked: Asked,
): Response {
  const { type, entity } = result;
  const headers = headersOfEntity(result);
  const isRead = asked.method === "GET" || asked.method === "HEAD";
  if (isRead && isKnown(entity, asked)) return printNothing(asked, 304, headers);
  if (asked.method === "DELETE") return printNothing(asked, 204, headers);
  const applied = isRead ? (["omit-values"] as const) : (["return"] as const);
  const all = { ...headers, ...printApplied(asked.preferences, [...applied, "include-unknown-enum-members"]) };
  if (!isRead && asked.preferences.answer === "minimal") return printNothing(asked, 204, all);
  if (property.form === "value") {
    // What was set to null must be shown (OData Protocol 8.2.8.6).
    const body = printProperty(type, entity, property, isRead ? withoutNulls(asked) : asked);
    return body === undefined ? printNothing(asked, 204, all) : json(asked, 200, body, all);
  }
  const text = printText(entity, property, asked);
  return text === undefined ? printNothing(asked, 204, all) : printDocument(asked, text, mediaTypes.text, all);
}
