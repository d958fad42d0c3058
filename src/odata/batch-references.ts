/** A URL in a batch that begins with the name of an earlier request, such as `$1/customer`. */
export interface Reference {
  /** In lower case. */
  readonly id: string;
  /** What stands behind the name. */
  readonly rest: string;
}

/** What a first segment may be without being the name of a request (OData JSON Format 4.01, 19.1). */
const systemResources = ["all", "batch", "crossjoin", "entity", "id", "metadata", "root"];

/** Reads a URL, or the value of a header, as a reference to the result of an earlier request. */
export function referenceOf(text: string): Reference | undefined {
  const [, name, rest = ""] = /^(?:\$|%24)([^/?]+)(.*)$/s.exec(text) ?? [];
  if (name === undefined || systemResources.includes(name.replace(/\(.*$/s, ""))) return undefined;
  return { id: decode(name).toLowerCase(), rest };
}

/** The ids of the requests to whose results a JSON body refers, where it names an entity by its URL. */
export function referencesInBody(body: Uint8Array): readonly string[] {
  const ids: string[] = [];
  fillReferences(body, (id) => {
    ids.push(id);
    return undefined;
  });
  return ids;
}

/**
 * Puts the URLs of earlier results into a JSON body that refers to them: `$1` as the value of `@odata.id` or `@id`, or in an
 * `…@odata.bind` (OData Protocol 11.7.3.1). Anywhere else a text that begins so is a text, and what has no URL stays.
 */
export function fillReferences(body: Uint8Array, urlOf: (id: string) => string | undefined): Uint8Array {
  if (!body.includes(dollar)) return body;
  // One character for each byte: what is not replaced stays as it was sent, whatever it is.
  const text = Buffer.from(body).toString("latin1");
  let isChanged = false;
  const fill = (part: string) =>
    part.replaceAll(valuePattern, (value: string, sent: string) => {
      const reference = referenceOf(Buffer.from(sent, "latin1").toString("utf8"));
      const url = reference === undefined ? undefined : urlOf(reference.id);
      if (reference === undefined || url === undefined) return value;
      isChanged = true;
      return `"${url}${reference.rest}"`;
    });
  const filled = text.replaceAll(memberPattern, (_member, name: string, value: string) => name + fill(value));
  return isChanged ? Buffer.from(filled, "latin1") : body;
}

// Every reference begins with it.
const dollar = 0x24;

// In JSON an unescaped quote begins or ends a string, and a colon follows none but the name of a member.
const memberPattern = /("(?:@(?:odata\.)?id|[^"@\\]+@odata\.bind)"\s*:\s*)(\[[^\]]*\]|"\$[^"\\]*")/g;
const valuePattern = /"(\$[^"\\]+)"/g;

function decode(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
