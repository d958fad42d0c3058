import type { Format } from "./media.ts";

/**
 * In what Microsoft Graph's dialect and the two versions of OASIS differ. Whatever prints or reads asks this table, and
 * nothing else tells the profiles apart.
 */
export interface Profile {
  /** The value of the header OData-Version (OData Protocol 8.1.5). */
  readonly version: "4.0" | "4.01";
  /** The names of control information (OData JSON Format 4.5). */
  readonly control: ReturnType<typeof controlNames>;
  /** What stands before the name of a primitive type (OData JSON Format 4.5.3). */
  readonly primitiveMark: "#" | "";
  /** How delta tells of an entity that is gone (OData JSON Format 15.3; 4.0: 14.3). */
  readonly tombstone: "removed" | "deletedEntity";
  /** The member of an error that holds the exact one: clients of Graph look for theirs (OData JSON Format 21.1). */
  readonly innerError: "innerError" | "innererror";
  /** What `$top` limits (Microsoft Graph paging; OData Protocol 11.2.6.3). */
  readonly top: "page" | "whole";
  /** Where `$count` is answered (OData Protocol 11.2.6.5). */
  readonly count: "firstPage" | "everyPage";
  /** The Content-Type of a payload (OData JSON Format 3). */
  readonly contentType: (format: Format) => string;
  /** The names of headers in the answer to a batch in JSON (OData JSON Format 19.5). */
  readonly batchHeaders: "asWritten" | "lowerCase";
  /** A batch in JSON: it came with 4.01 (OData Protocol 11.7). */
  readonly jsonBatch: "answered" | "refused";
  /** A body of a GET or DELETE in a batch. */
  readonly needlessBody: "ignored" | "refused";
}

export const profiles = {
  graph: {
    version: "4.0",
    control: controlNames("@odata."),
    primitiveMark: "#",
    tombstone: "removed",
    innerError: "innerError",
    top: "page",
    count: "firstPage",
    contentType: ({ metadata, longNumbers }) =>
      `application/json;odata.metadata=${metadata};odata.streaming=true;IEEE754Compatible=${longNumbers === "text"};charset=utf-8`,
    batchHeaders: "asWritten",
    jsonBatch: "answered",
    needlessBody: "ignored",
  },
  oasis40: {
    version: "4.0",
    control: controlNames("@odata."),
    primitiveMark: "#",
    tombstone: "deletedEntity",
    innerError: "innererror",
    top: "whole",
    count: "everyPage",
    contentType: (format) => `application/json;odata.metadata=${format.metadata}${printHints(format, "odata.")}`,
    batchHeaders: "lowerCase",
    jsonBatch: "refused",
    needlessBody: "refused",
  },
  oasis401: {
    version: "4.01",
    control: controlNames("@"),
    primitiveMark: "",
    tombstone: "removed",
    innerError: "innererror",
    top: "whole",
    count: "everyPage",
    contentType: (format) => `application/json;metadata=${format.metadata}${printHints(format, "")}`,
    batchHeaders: "lowerCase",
    jsonBatch: "answered",
    needlessBody: "refused",
  },
} as const satisfies Readonly<Record<string, Profile>>;

/**
 * Chooses how a request is answered: by the OData-MaxVersion that it carries, in the greatest version that we have up to
 * that (OData Protocol 8.2.7), and without one as the server is set.
 */
export function profileOf(maxVersion: string | undefined, byDefault: "graph" | "oasis"): Profile {
  if (maxVersion === undefined) return byDefault === "graph" ? profiles.graph : profiles.oasis401;
  return Number(maxVersion) >= 4.01 ? profiles.oasis401 : profiles.oasis40;
}

function controlNames<Prefix extends "@odata." | "@">(prefix: Prefix) {
  return {
    context: `${prefix}context`,
    count: `${prefix}count`,
    nextLink: `${prefix}nextLink`,
    deltaLink: `${prefix}deltaLink`,
    type: `${prefix}type`,
    id: `${prefix}id`,
    editLink: `${prefix}editLink`,
    etag: `${prefix}etag`,
    navigationLink: `${prefix}navigationLink`,
    associationLink: `${prefix}associationLink`,
  } as const;
}

// What was asked for is repeated; what was not is left unsaid.
function printHints({ longNumbers, streaming, charset }: Format, prefix: string): string {
  return [
    ...(streaming ? [`;${prefix}streaming=true`] : []),
    ...(longNumbers === "text" ? [";IEEE754Compatible=true"] : []),
    ...(charset ? [";charset=utf-8"] : []),
  ].join("");
}
