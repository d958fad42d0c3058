import { isValues, type Values } from "../model/define.ts";
import { type Complaint, Problem, refuse } from "../model/problem.ts";
import { assertSize, type BatchAnswer, type BatchBase, type BatchItem, batchItem, referenceIn } from "./batch.ts";
import { decodeItemBody } from "./batch-body.ts";
import { referencesInBody } from "./batch-references.ts";
import { assertObject } from "./body.ts";
import { show } from "./values.ts";

const methods = ["GET", "POST", "PATCH", "PUT", "DELETE"];
const methodPattern = new RegExp(`^(?:${methods.join("|")})$`, "i");
const members = ["id", "method", "url", "headers", "body", "dependsOn", "atomicityGroup"];
// `if` makes a request depend on a condition (OData JSON Format 4.02, 19.1). It is known, and not supported.
const unsupported = "if";
// Content-ID says it in a multipart answer, so that nothing may stand in it that ends a line.
const idPattern = /^[^\p{Cc}]{1,200}$/u;

/** A request whose members are of the right types. */
interface Raw {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly dependsOn: readonly string[];
  readonly group: string | undefined;
  readonly fault: Problem | undefined;
}

/** Reads a batch in JSON (OData JSON Format 19). What is wrong with the batch itself is refused at once. */
export function parseJsonBatch(json: unknown, base: BatchBase): readonly BatchItem[] {
  const envelope = assertObject(json);
  const { requests } = envelope;
  const complaints = complainAboutMembers(envelope, ["requests"], "");
  if (requests === undefined) complaints.push(missing("requests"));
  else if (!Array.isArray(requests)) complaints.push(malformed("requests", "an array", requests));
  refuse(complaints);
  const values: readonly unknown[] = Array.isArray(requests) ? requests : [];
  assertSize(values.length, base);
  const raws = values.map((value, index) => readItem(value, `requests/${index}`, complaints));
  refuse(complaints);
  refuse(raws.flatMap((raw, index) => complainAboutPlace(raw, index, raws)));
  return raws.map((raw, index) => itemOf(raw, index, raws, base));
}

/** Prints the answers of a batch in JSON. */
export function printJsonBatch(answers: readonly BatchAnswer[], { profile }: Pick<BatchBase, "profile">): string {
  const printed = answers.map(({ item, response }, index) => {
    // The official client looks for `Content-Type`, while the standard wants lower case (JSON Format 19.2).
    const headers = Object.fromEntries(
      Object.entries(response.headers).map(([name, value]) => [
        profile.batchHeaders === "lowerCase" ? name.toLowerCase() : name,
        value,
      ]),
    );
    const head = JSON.stringify({
      id: item.id ?? String(index + 1),
      ...(item.group === undefined ? {} : { atomicityGroup: item.group }),
      status: response.status,
      headers,
    });
    if (response.body === undefined || response.body === "") return head;
    const body = printBody(response.headers["Content-Type"] ?? "", response.body);
    return `${head.slice(0, -1)},"body":${body}}`;
  });
  return `{"responses":[${printed.join(",")}]}`;
}

function printBody(contentType: string, body: string): string {
  if (/^application\/json\b/i.test(contentType)) return body;
  return JSON.stringify(/^text\//i.test(contentType) ? body : Buffer.from(body, "utf8").toString("base64url"));
}

function readItem(value: unknown, target: string, complaints: Complaint[]): Raw {
  if (!isValues(value)) complaints.push(malformed(target, "an object", value));
  const item: Values = isValues(value) ? value : {};
  complaints.push(...complainAboutMembers(item, [...members, unsupported], `${target}/`));
  const textOf = (name: string, pattern: RegExp, expected: string) => {
    const found = item[name];
    if (typeof found === "string" && pattern.test(found)) return found;
    if (isValues(value)) {
      complaints.push(
        found === undefined ? missing(`${target}/${name}`) : malformed(`${target}/${name}`, expected, found),
      );
    }
    return "";
  };
  const optional = (name: string) => item[name] !== undefined && item[name] !== null;
  return {
    id: textOf("id", idPattern, "a text of 1 to 200 characters"),
    method: textOf("method", methodPattern, methods.join(", ")).toUpperCase(),
    url: textOf("url", /./s, "a URL"),
    group: optional("atomicityGroup") ? textOf("atomicityGroup", idPattern, "the name of a group") : undefined,
    headers: optional("headers") ? readHeaders(item["headers"], `${target}/headers`, complaints) : {},
    dependsOn: optional("dependsOn") ? readNames(item["dependsOn"], `${target}/dependsOn`, complaints) : [],
    body: item["body"],
    fault: item[unsupported] === undefined ? undefined : notSupported(),
  };
}

function notSupported(): Problem {
  return new Problem("notSupported", "'if' is not supported by this version of the service.");
}

function readHeaders(value: unknown, target: string, complaints: Complaint[]): Readonly<Record<string, string>> {
  if (!isValues(value)) complaints.push(malformed(target, "an object", value));
  const headers: Record<string, string> = {};
  for (const [name, text] of Object.entries(isValues(value) ? value : {})) {
    const lower = name.toLowerCase();
    if (typeof text !== "string") complaints.push(malformed(`${target}/${name}`, "a text", text));
    else if (Object.hasOwn(headers, lower)) {
      const message = `The header '${lower}' is given more than once. Send it once.`;
      complaints.push({ code: "duplicateProperty", message, target: `${target}/${name}` });
    } else headers[lower] = text;
  }
  return headers;
}

function readNames(value: unknown, target: string, complaints: Complaint[]): readonly string[] {
  const names: readonly unknown[] = Array.isArray(value) ? value : [];
  const texts = names.filter((name) => typeof name === "string");
  if (!Array.isArray(value) || texts.length < names.length)
    complaints.push(malformed(target, "an array of ids", value));
  return texts;
}

// Ids are compared without regard to case, as Microsoft Graph does; groups stand together, and share no name with an id.
function complainAboutPlace(raw: Raw, index: number, raws: readonly Raw[]): Complaint[] {
  const { id, group, dependsOn } = raw;
  const target = `requests/${index}`;
  const earlier = raws.slice(0, index);
  const complaints: Complaint[] = [];
  if (earlier.some((other) => isSame(other.id, id))) {
    const message = `The id '${id}' is given more than once. Ids must differ, and not only in case.`;
    complaints.push({ code: "invalidRequest", message, target: `${target}/id` });
  }
  if (group !== undefined && raws.some((other) => isSame(other.id, group))) {
    const message = `'${group}' is the name of a group and also the id of a request. Give the group another name.`;
    complaints.push({ code: "invalidRequest", message, target: `${target}/atomicityGroup` });
  }
  if (group !== undefined && earlier.at(-1)?.group !== group && earlier.some((other) => other.group === group)) {
    const message = `The requests of the group '${group}' must stand one behind the other.`;
    complaints.push({ code: "invalidRequest", message, target: `${target}/atomicityGroup` });
  }
  const unknown = dependsOn.find((name) => placesOf(name, raw, earlier).length === 0);
  if (unknown !== undefined) {
    const message = `${show(unknown)} is neither the id of an earlier request nor an earlier group. A request can depend on these only.`;
    complaints.push({ code: "invalidRequest", message, target: `${target}/dependsOn` });
  }
  return complaints;
}

/** The places of what a name in `dependsOn` means: an earlier request, or all of an earlier group. */
function placesOf(name: string, raw: Raw, earlier: readonly Raw[]): readonly number[] {
  return earlier.flatMap((other, index) => {
    const isMember = other.group !== undefined && other.group !== raw.group && isSame(other.group, name);
    return isMember || isSame(other.id, name) ? [index] : [];
  });
}

function itemOf(raw: Raw, index: number, raws: readonly Raw[], base: BatchBase): BatchItem {
  const { id, method, url, headers, group } = raw;
  const earlier = raws.slice(0, index);
  const dependsOn = raw.dependsOn.flatMap((name) => placesOf(name, raw, earlier));
  // A result may be referred to when the request depends on it, or stands behind it in the same group.
  const referable = earlier.flatMap((other, place) =>
    dependsOn.includes(place) || (group !== undefined && other.group === group)
      ? [[other.id.toLowerCase(), place] as const]
      : [],
  );
  const results = new Map(referable);
  const decoded = decodeItemBody(raw.body, headers["content-type"]);
  const fault = raw.fault ?? complainAboutReference(raw, raws, results, decoded.body, base) ?? decoded.fault;
  return batchItem(
    {
      id,
      method,
      url,
      dependsOn,
      results,
      headers: decoded.contentType === undefined ? headers : { ...headers, "content-type": decoded.contentType },
      ...(decoded.body === undefined ? {} : { body: decoded.body }),
      ...(group === undefined ? {} : { group }),
      ...(fault === undefined ? {} : { fault }),
    },
    base,
  );
}

function complainAboutReference(
  raw: Raw,
  raws: readonly Raw[],
  results: ReadonlyMap<string, number>,
  body: Uint8Array | undefined,
  base: BatchBase,
): Problem | undefined {
  const names = [referenceIn(raw.url, base), ...referencesInBody(body ?? new Uint8Array())];
  const other = raws.find(({ id }) =>
    names.some((name) => name !== undefined && !results.has(name) && isSame(id, name)),
  );
  if (other === undefined) return undefined;
  const message = `The request refers to the result of '${other.id}'. Name that id in 'dependsOn'; it must stand earlier.`;
  return new Problem("invalidRequest", message);
}

function complainAboutMembers(object: Values, known: readonly string[], path: string): Complaint[] {
  return Object.keys(object)
    .filter((name) => !known.includes(name) && !name.includes("@"))
    .map((name) => {
      const message = `${show(name)} has no place in a batch. What has is ${known.join(", ")}.`;
      return { code: "unknownProperty", message, target: path + name } as const;
    });
}

function missing(target: string): Complaint {
  return { code: "requiredFieldMissing", message: `'${target}' is required.`, target };
}

function malformed(target: string, expected: string, found: unknown): Complaint {
  return { code: "malformedValue", message: `'${target}' must be ${expected}. It is ${show(found)}.`, target };
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
