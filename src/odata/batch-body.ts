import { Problem } from "../model/problem.ts";

/** The body of a request in a JSON batch, as bytes; the type that it has when the request names none. */
export interface ItemBody {
  readonly body?: Uint8Array;
  readonly contentType?: string;
  readonly fault?: Problem;
}

const utf8 = new TextEncoder();

/**
 * Gives the bytes of a body in a JSON batch (OData JSON Format 19.1): JSON stands as it is, text as a string, anything
 * else as a string in base64. Kiota's clients send JSON in base64 and name no type, so a string without one is that; and
 * because no resource takes a JSON string, a string is base64 even where the type is JSON.
 */
export function decodeItemBody(value: unknown, contentType: string | undefined): ItemBody {
  if (value === undefined || value === null) return {};
  const more = contentType === undefined ? { contentType: "application/json" } : {};
  if (typeof value !== "string") return { body: utf8.encode(JSON.stringify(value)), ...more };
  if (contentType !== undefined && /^text\//i.test(contentType.trim())) return { body: utf8.encode(value) };
  const body = decodeBase64(value);
  if (body !== undefined) return { body, ...more };
  const message = "The body is a text, so it must be in base64 or base64url. Send JSON as an object, not in a string.";
  return { fault: new Problem("invalidRequest", message) };
}

function decodeBase64(text: string): Uint8Array | undefined {
  const digits = text.replace(/={1,2}$/, "");
  if (!/^[\w+/-]*$/.test(digits) || digits.length % 4 === 1) return undefined;
  return Buffer.from(digits, "base64");
}
