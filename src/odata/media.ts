import { Problem } from "../model/problem.ts";

/** What can be answered: the type of its body, by what it is. */
export const mediaTypes = {
  json: "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8",
  xml: "application/xml",
  text: "text/plain;charset=utf-8",
  plainJson: "application/json",
  multipart: "multipart/mixed",
} as const;

/** Refuses a request that would accept no answer we can give (OData Protocol 8.2.1, RFC 9110 section 12.5.1). */
export function assertAcceptable(accept: string | undefined, media: keyof typeof mediaTypes): void {
  if (isAcceptable(accept, media)) return;
  const message = `None of '${accept}' can be answered; this resource is sent as ${mediaTypes[media]}.`;
  throw new Problem("invalidAcceptType", message);
}

/** Tells whether a request would accept an answer. */
export function isAcceptable(accept: string | undefined, media: keyof typeof mediaTypes): boolean {
  if (accept === undefined || accept.trim() === "") return true;
  return splitList(accept, ",").some((range) => isSatisfied(range, mediaTypes[media]));
}

/** Gives the media type that `$format` asks for: it knows two of them by a short name (OData URL Conventions 5.1.8). */
export function formatType(format: string): string {
  return format.replace(/^(json|xml)$/i, "application/$1");
}

/** Refuses a body that is not declared as JSON in UTF-8. */
export function assertJson(contentType: string | undefined, contentEncoding: string | undefined): void {
  const [type = "", ...parameters] = splitList(contentType ?? "", ";");
  const charset = parameters
    .map((each) => /^charset\s*=\s*"?([^"]*)"?$/i.exec(each)?.[1])
    .find((each) => each !== undefined);
  assertIdentity(contentEncoding);
  if (type.toLowerCase() !== "application/json") {
    const found = contentType === undefined ? "It is missing." : `It is '${contentType}'.`;
    throw new Problem("unsupportedMediaType", `The Content-Type of the body must be application/json. ${found}`);
  }
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) {
    throw new Problem("unsupportedMediaType", `The body must be in UTF-8; its Content-Type says '${charset}'.`);
  }
}

/** Refuses a body that is compressed. */
export function assertIdentity(contentEncoding: string | undefined): void {
  if (contentEncoding !== undefined && contentEncoding.toLowerCase() !== "identity") {
    throw new Problem(
      "unsupportedMediaType",
      `The Content-Encoding '${contentEncoding}' is not supported. Send the body as it is.`,
    );
  }
}

function isSatisfied(range: string, offered: string): boolean {
  const [wanted = "", ...parameters] = splitList(range.toLowerCase(), ";");
  const [type = "", ...ours] = splitList(offered.toLowerCase(), ";");
  if (wanted !== "*/*" && wanted !== type && wanted !== `${type.split("/")[0]}/*`) return false;
  return parameters.every((parameter) => isHonoured(parameter, ours));
}

// A format with a parameter that we do not know, or in another value than ours, must not be taken for ours.
function isHonoured(parameter: string, ours: readonly string[]): boolean {
  const [name = "", value = ""] = parameter.split("=").map((part) => part.trim());
  if (name === "q") return Number(value) > 0;
  const full = name.startsWith("odata.") || !["metadata", "streaming"].includes(name) ? name : `odata.${name}`;
  // Whether numbers come as text makes no difference while no property is an Int64 or a Decimal; streaming is a hint.
  if (full === "odata.streaming" || full === "ieee754compatible") return true;
  if (full === "charset") return /^"?utf-?8"?$/.test(value);
  return ours.includes(`${full}=${value}`);
}

function splitList(text: string, separator: string): string[] {
  return text
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}
