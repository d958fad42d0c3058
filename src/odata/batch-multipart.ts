import { STATUS_CODES } from "node:http";
import { Problem } from "../model/problem.ts";
import { assertSize, type BatchAnswer, type BatchBase, type BatchItem, batchItem, type EnvelopeItem } from "./batch.ts";
import { malformed, type Part, parseHeaders, parseMultipart, readBoundary, splitHead } from "./multipart.ts";

/** Reads a batch in the multipart format (OData Protocol 11.7.7). What is wrong with the batch itself is refused. */
export function parseMultipartBatch(body: Uint8Array, boundary: string, base: BatchBase): readonly BatchItem[] {
  // One character for each byte, so that places in the text are places in the body.
  const parts = parseMultipart(Buffer.from(body).toString("latin1"), boundary).flatMap(readPart);
  assertSize(parts.length, base);
  const results = new Map<string, number>();
  return parts.map(({ part, group }, index) => {
    const item = batchItem(readRequest(part, group, new Map(results)), base);
    // A name that was given before now means this request: 4.0 lets each change set name its requests anew.
    if (item.id !== undefined) results.set(item.id.toLowerCase(), index);
    return item;
  });
}

/** Prints the answers of a batch in the multipart format. */
export function printMultipartBatch(
  answers: readonly BatchAnswer[],
  { boundary, groups }: { readonly boundary: string; readonly groups: "nested" | "flat" },
): string {
  const parts =
    groups === "flat" ? answers.map(printAnswer) : groupsOf(answers).map((group) => printGroup(group, boundary));
  return printParts(parts, boundary);
}

interface Found {
  readonly part: Part;
  readonly group?: string;
}

// A part is a request, or a change set: a multipart of its own, of which all is done or nothing.
function readPart(part: Part, index: number): readonly Found[] {
  const type = part.headers["content-type"];
  if (isHttp(part)) return [{ part }];
  const boundary = readBoundary(type);
  if (boundary === undefined) {
    throw malformed(`A part must be application/http or multipart/mixed; part ${index + 1} is '${type ?? ""}'.`);
  }
  const parts = parseMultipart(part.content, boundary);
  if (parts.length === 0) throw malformed(`The change set in part ${index + 1} is empty.`);
  if (!parts.every(isHttp)) throw malformed("Each part of a change set must be application/http.");
  const ids = parts.map(({ headers }) => headers["content-id"]?.toLowerCase()).filter((id) => id !== undefined);
  if (new Set(ids).size < ids.length) throw malformed("Each Content-ID of a change set must be another.");
  return parts.map((each) => ({ part: each, group: `changeset${index + 1}` }));
}

function isHttp({ headers }: Part): boolean {
  return /^application\/http\b/i.test(headers["content-type"] ?? "");
}

function readRequest(part: Part, group: string | undefined, results: ReadonlyMap<string, number>): EnvelopeItem {
  // RFC 9112 section 2.2: empty lines before a request are passed over.
  const { lines, rest } = splitHead(part.content.replace(/^[\r\n]+/, ""));
  const [first = "", ...others] = lines;
  const { method, url } = readRequestLine(first);
  const headers = parseHeaders(others);
  const id = part.headers["content-id"] ?? headers["content-id"];
  const body = bodyOf(rest, headers["content-length"]);
  const fault = group !== undefined && method === "GET" ? readInChangeSet() : undefined;
  return {
    method,
    url,
    headers,
    results,
    dependsOn: [],
    ...(id === undefined ? {} : { id }),
    ...(body === undefined ? {} : { body }),
    ...(group === undefined ? {} : { group }),
    ...(fault === undefined ? {} : { fault }),
  };
}

// The standard's own example leaves the version of HTTP out; a URL that is not encoded may hold spaces.
function readRequestLine(line: string): { readonly method: string; readonly url: string } {
  const sent = line.trimEnd().replace(/ HTTP\/\d(?:\.\d)?$/, "");
  const space = sent.indexOf(" ");
  const method = sent.slice(0, Math.max(space, 0)).toUpperCase();
  const url = sent.slice(space + 1).trim();
  if (/^[A-Z]+$/.test(method) && url !== "") return { method, url: Buffer.from(url, "latin1").toString("utf8") };
  throw malformed(`'${line.slice(0, 100)}' is not a request line, such as 'GET customers HTTP/1.1'.`);
}

// What stands behind the announced length is the line break of the delimiter, which some clients send twice.
function bodyOf(rest: string, contentLength: string | undefined): Uint8Array | undefined {
  const length = Number(contentLength);
  const isAnnounced = contentLength !== undefined && Number.isInteger(length) && length >= 0;
  if (isAnnounced && length > rest.length) {
    throw malformed(`A request in the batch announces ${length} bytes and has ${rest.length}.`);
  }
  const body = isAnnounced ? rest.slice(0, length) : rest;
  return body.trim() === "" ? undefined : Buffer.from(body, "latin1");
}

function readInChangeSet(): Problem {
  return new Problem("invalidRequest", "A change set cannot hold a GET. Send it as a part of the batch itself.");
}

function groupsOf(answers: readonly BatchAnswer[]): readonly (readonly BatchAnswer[])[] {
  const groups: BatchAnswer[][] = [];
  for (const answer of answers) {
    const last = groups.at(-1);
    const { group } = answer.item;
    if (last !== undefined && group !== undefined && last[0]?.item.group === group) last.push(answer);
    else groups.push([answer]);
  }
  return groups;
}

// OData Protocol 11.7.7.6: a change set that failed is answered once, by the answer of the request that failed.
function printGroup(group: readonly BatchAnswer[], boundary: string): string {
  const [first] = group;
  if (first === undefined) return "";
  if (first.item.group === undefined) return printAnswer(first);
  const failures = group.filter(({ response }) => response.status >= 400);
  const failed = failures.find(({ response }) => response.status !== 424) ?? failures[0];
  if (failed !== undefined) return printAnswer(failed);
  // It does not begin as the outer one does: some readers compare no more than that.
  const inner = `${first.item.group}_${boundary}`;
  return `Content-Type: multipart/mixed; boundary=${inner}\r\n\r\n${printParts(group.map(printAnswer), inner)}`;
}

function printAnswer({ item, response }: BatchAnswer): string {
  const { status, headers, body = "" } = response;
  const head = [
    "Content-Type: application/http",
    "Content-Transfer-Encoding: binary",
    ...(item.id === undefined ? [] : [`Content-ID: ${item.id}`]),
    "",
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(body === "" ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
  ];
  return `${head.join("\r\n")}\r\n\r\n${body}`;
}

function printParts(parts: readonly string[], boundary: string): string {
  return `${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join("")}--${boundary}--\r\n`;
}
