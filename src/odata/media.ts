import { Problem } from "../model/problem.ts";

/** What can be answered: the type of its body, by what it is. */
export const mediaTypes = {
  /** A payload of OData; its profile says with which parameters. */
  json: "application/json",
  xml: "application/xml",
  text: "text/plain;charset=utf-8",
  plainJson: "application/json",
  multipart: "multipart/mixed",
  html: "text/html;charset=utf-8",
} as const;

type Media = keyof typeof mediaTypes;

/** How a payload in JSON is written (OData JSON Format 3). */
export interface Format {
  readonly metadata: "none" | "minimal" | "full";
  /** Numbers that a double cannot hold exactly: Edm.Int64, Edm.Decimal and counts (IEEE754Compatible). */
  readonly longNumbers: "number" | "text";
  /** Whether the answer shall say that it can be read as it comes. */
  readonly streaming: boolean;
  /** Whether the answer shall name its charset. */
  readonly charset: boolean;
}

export const defaultFormat: Format = { metadata: "minimal", longNumbers: "number", streaming: false, charset: false };

/** Gives the format that a request wants a payload in, and refuses one that would accept none that we have. */
export function negotiateFormat(accept: string | undefined): Format {
  const format = acceptedFormat(accept);
  if (format === undefined) throw notAcceptable(accept, "json");
  return format;
}

/** Gives the format that a request likes best, if it accepts JSON at all (RFC 9110 section 12.5.1). */
export function acceptedFormat(accept: string | undefined): Format | undefined {
  if (accept === undefined || accept === "*/*" || accept === "application/json" || accept.trim() === "") {
    return defaultFormat;
  }
  const ranges = splitList(accept, ",").map(parseRange);
  let best: { readonly format: Format | undefined; readonly quality: number } = { format: undefined, quality: 0 };
  for (const range of ranges) {
    const format = formatOf(range);
    if (format === undefined) continue;
    const quality = qualityOf(ranges, (each) => accepts(each, format));
    if (quality > best.quality) best = { format, quality };
  }
  return best.format;
}

/** Refuses a request that would accept no answer we can give (OData Protocol 8.2.1, RFC 9110 section 12.5.1). */
export function assertAcceptable(accept: string | undefined, media: Media): void {
  if (!isAcceptable(accept, media)) throw notAcceptable(accept, media);
}

/** Tells whether a request would accept an answer. */
export function isAcceptable(accept: string | undefined, media: Media): boolean {
  if (media === "json" || media === "plainJson") return acceptedFormat(accept) !== undefined;
  return mediaQuality(accept, media) > 0;
}

/**
 * Chooses among the forms that a document has: that which the request likes best, the first of those that it likes
 * equally (RFC 9110 section 12.5.1). A request that accepts none is refused with 406.
 */
export function chooseMedia(accept: string | undefined, forms: readonly [Media, ...Media[]]): Media {
  const [first, ...others] = forms;
  const best = others.reduce((a, b) => (mediaQuality(accept, b) > mediaQuality(accept, a) ? b : a), first);
  assertAcceptable(accept, best);
  return best;
}

/** Tells whether the client is a browser that asks for a page, and would rather have that than JSON. */
export function prefersPage(accept: string | undefined): boolean {
  return accept?.includes("text/html") === true && mediaQuality(accept, "html") > mediaQuality(accept, "plainJson");
}

function mediaQuality(accept: string | undefined, media: Media): number {
  if (accept === undefined || accept.trim() === "") return 1;
  const [type = ""] = splitList(mediaTypes[media], ";");
  const isFitting = (range: Range) =>
    type === mediaTypes.json
      ? formatOf(range) !== undefined
      : range.parameters.every(({ name, value }) => name === "charset" && isUtf8(value));
  const matches = (range: Range) => includes(range.type, type) && isFitting(range);
  return qualityOf(splitList(accept, ",").map(parseRange), matches);
}

/** Gives the media type that `$format` asks for: it knows two of them by a short name (OData URL Conventions 5.1.8). */
export function formatType(format: string): string {
  return format.replace(/^(json|xml)$/i, "application/$1");
}

/** Refuses a body that is not declared as JSON in UTF-8. */
export function assertJson(contentType: string | undefined, contentEncoding: string | undefined): void {
  // What almost everyone sends.
  if (contentType === mediaTypes.plainJson && contentEncoding === undefined) return;
  const [type = "", ...parameters] = splitList(contentType ?? "", ";");
  const charset = parameters
    .map((each) => /^charset\s*=\s*"?([^"]*)"?$/i.exec(each)?.[1])
    .find((each) => each !== undefined);
  assertIdentity(contentEncoding);
  if (type.toLowerCase() !== "application/json") {
    const found = contentType === undefined ? "It is missing." : `It is '${contentType}'.`;
    throw new Problem("unsupportedMediaType", `The Content-Type of the body must be application/json. ${found}`);
  }
  if (charset !== undefined && !isUtf8(charset)) {
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

/** One of the ranges in an `Accept` header, in lower case. */
interface Range {
  readonly type: string;
  readonly parameters: readonly { readonly name: string; readonly value: string }[];
  readonly quality: number;
}

function parseRange(text: string): Range {
  const [type = "", ...rest] = splitList(text.toLowerCase(), ";");
  const parameters = rest.map((each) => {
    const [name = "", value = ""] = each.split("=").map((part) => part.trim());
    return { name, value: value.replace(/^"(.*)"$/, "$1") };
  });
  const quality = Number(parameters.find(({ name }) => name === "q")?.value ?? 1);
  return {
    type,
    parameters: parameters.filter(({ name }) => name !== "q"),
    quality: Number.isNaN(quality) ? 0 : quality,
  };
}

// A format with a parameter that we do not know, or in a value that it cannot have, must not be taken for ours.
function formatOf({ type, parameters }: Range): Format | undefined {
  if (!includes(type, mediaTypes.json)) return undefined;
  const names = parameters.map(({ name }) => name.replace(/^odata\./, ""));
  if (new Set(names).size < names.length) return undefined;
  const parts = parameters.map(({ name, value }) => readParameter(name.replace(prefixed, "$1"), value));
  return parts.includes(undefined) ? undefined : Object.assign({ ...defaultFormat }, ...parts);
}

/** The parameters whose name may stand with the prefix, which 4.0 demands. */
const prefixed = /^odata\.(metadata|streaming)$/;

function readParameter(name: string, value: string): Partial<Format> | undefined {
  const isTruth = value === "true" || value === "false";
  switch (name) {
    case "metadata":
      return isMetadata(value) ? { metadata: value } : undefined;
    case "streaming":
      return isTruth ? { streaming: value === "true" } : undefined;
    case "ieee754compatible":
      return isTruth ? { longNumbers: value === "true" ? "text" : "number" } : undefined;
    case "charset":
      return isUtf8(value) ? { charset: true } : undefined;
    default:
      return undefined;
  }
}

/** Tells whether a range takes in a format. Streaming and charset are hints. */
function accepts(range: Range, format: Format): boolean {
  const wanted = formatOf(range);
  if (wanted === undefined) return false;
  return range.parameters.every(({ name }) => {
    if (name.endsWith("metadata")) return wanted.metadata === format.metadata;
    return name !== "ieee754compatible" || wanted.longNumbers === format.longNumbers;
  });
}

/** The quality of an answer: that of the range that takes it in and says the most about it; 0: it is not wanted. */
function qualityOf(ranges: readonly Range[], matches: (range: Range) => boolean): number {
  const matching = ranges.filter(matches);
  const most = Math.max(...matching.map(precision));
  return Math.max(0, ...matching.filter((range) => precision(range) === most).map(({ quality }) => quality));
}

function precision({ type, parameters }: Range): number {
  if (type === "*/*") return 0;
  return type.endsWith("/*") ? 1 : 2 + parameters.length;
}

function includes(range: string, type: string): boolean {
  return range === "*/*" || range === type || range === `${type.split("/")[0]}/*`;
}

function isMetadata(value: string): value is Format["metadata"] {
  return value === "none" || value === "minimal" || value === "full";
}

function isUtf8(charset: string): boolean {
  return /^utf-?8$/i.test(charset);
}

function notAcceptable(accept: string | undefined, media: Media): Problem {
  const parameters = media === "json" ? ", with odata.metadata=none, minimal or full, and IEEE754Compatible" : "";
  const message = `None of '${accept}' can be answered; this resource is sent as ${mediaTypes[media]}${parameters}.`;
  return new Problem("invalidAcceptType", message);
}

function splitList(text: string, separator: string): string[] {
  return text
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}
