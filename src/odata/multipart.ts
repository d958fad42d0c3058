import { Problem } from "../model/problem.ts";

/** A part of a multipart body: its headers, names in lower case, and its content, one character for each byte. */
export interface Part {
  readonly headers: Readonly<Record<string, string>>;
  readonly content: string;
}

/** Lines, and what stands behind the empty line that ends them. */
interface Head {
  readonly lines: readonly string[];
  readonly rest: string;
}

const linesMax = 100;

/** Gives the type and boundary of a multipart media type; undefined: it is no multipart/mixed. */
export function readBoundary(contentType: string | undefined): string | undefined {
  const [type = "", ...parameters] = (contentType ?? "").split(";").map((each) => each.trim());
  if (type.toLowerCase() !== "multipart/mixed") return undefined;
  const found = parameters
    .map((each) => /^boundary\s*=\s*(?:"([^"]*)"|(.*))$/i.exec(each))
    .find((each) => each !== null);
  const boundary = found?.[1] ?? found?.[2] ?? "";
  // RFC 2046 section 5.1.1.
  if (/^[\w'()+,./:=? -]{0,69}[\w'()+,./:=?-]$/.test(boundary)) return boundary;
  throw malformed(`The Content-Type '${contentType}' must name a boundary of 1 to 70 characters.`);
}

/** Parts a multipart body (RFC 2046 section 5.1). What stands before the first boundary and behind the last is ignored. */
export function parseMultipart(text: string, boundary: string): readonly Part[] {
  const parts: Part[] = [];
  let begin: number | undefined;
  for (const { start, end, isLast } of findDelimiters(text, boundary)) {
    if (begin !== undefined) parts.push(parsePart(text.slice(begin, Math.max(begin, start))));
    if (isLast) return parts;
    begin = end;
  }
  throw malformed(`The body does not end with the line '--${boundary}--'.`);
}

/** Parts a text at its first empty line. */
export function splitHead(text: string): Head {
  const lines: string[] = [];
  let position = 0;
  while (position < text.length) {
    const found = text.indexOf("\n", position);
    const end = found < 0 ? text.length : found;
    const line = text.slice(position, end).replace(/\r$/, "");
    position = end + 1;
    if (line === "") return { lines, rest: text.slice(position) };
    lines.push(line);
    if (lines.length > linesMax) throw malformed(`A part has more than ${linesMax} lines of headers.`);
  }
  return { lines, rest: "" };
}

/** Reads lines of headers; a header that stands twice is a list (RFC 9110 section 5.3). */
export function parseHeaders(lines: readonly string[]): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const match = /^([!#$%&'*+.^`|~\w-]+):(.*)$/.exec(line);
    if (match === null) throw malformed(`'${line.slice(0, 100)}' is not a header. Write it as 'Name: value'.`);
    const name = (match[1] ?? "").toLowerCase();
    const value = (match[2] ?? "").trim();
    headers[name] = Object.hasOwn(headers, name) ? `${headers[name]}, ${value}` : value;
  }
  return headers;
}

/** The refusal of a multipart body that cannot be read. */
export function malformed(message: string): Problem {
  return new Problem("invalidRequest", message);
}

interface Delimiter {
  /** Where the part before it ends: the line break in front belongs to the delimiter. */
  readonly start: number;
  /** Where the part behind it begins. */
  readonly end: number;
  readonly isLast: boolean;
}

function* findDelimiters(text: string, boundary: string): Generator<Delimiter> {
  const mark = `--${boundary}`;
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + mark.length)) {
    if (at > 0 && text[at - 1] !== "\n") continue;
    const found = text.indexOf("\n", at);
    const lineEnd = found < 0 ? text.length : found;
    const behind = text.slice(at + mark.length, lineEnd).trimEnd();
    if (behind !== "" && behind !== "--") continue;
    const lineBreak = at === 0 ? 0 : text[at - 2] === "\r" ? 2 : 1;
    yield { start: at - lineBreak, end: lineEnd + 1, isLast: behind === "--" };
  }
}

function parsePart(text: string): Part {
  const { lines, rest } = splitHead(text);
  return { headers: parseHeaders(lines), content: rest };
}
