/** A case whose answer here differs from the standard's file, and why that is right. */
export type Exception = { readonly digest: string; readonly reason: string };

export const exceptions: readonly Exception[] = [
  {
    digest: "fc4eaf70",
    reason:
      "The path is right in itself; only the model tells that this function is one of the root and is not bound to a collection.",
  },
  {
    digest: "69f29300",
    reason: "The path is right in itself; only the model tells that this property is complex and has no raw value.",
  },
  {
    digest: "4f930d07",
    reason: "The path is right in itself; only the model tells that this property is a stream and has no raw value.",
  },
  {
    digest: "3a04d61b",
    reason: "The path is right in itself; only the model tells that the second name is a type and no bound operation.",
  },
  {
    digest: "a618b1dc",
    reason: "The case knows a fixed list of custom options; here any name without '$' and '@' may be one.",
  },
  {
    digest: "782735b8",
    reason:
      "OData URL Conventions 2.1 decodes an option before it is interpreted, so ';' and '%3B' are the same character; both are taken as part of the word.",
  },
  {
    digest: "98bbc310",
    reason:
      "OData URL Conventions 2.1 decodes an option before it is interpreted, so ';' and '%3B' are the same character; among nested options it parts them. A phrase in quotes may hold it.",
  },
  {
    digest: "0b4e8c78",
    reason: "The case puts four examples into one query; OData Protocol 4.01, 11.2.1 forbids the same option twice.",
  },
  {
    digest: "3d2677a0",
    reason: "The case puts four examples into one query; OData Protocol 4.01, 11.2.1 forbids the same option twice.",
  },
  {
    digest: "6ca8aaf7",
    reason: "It has a fragment, as context URLs in responses do; a request has none.",
  },
  {
    digest: "f2c52193",
    reason: "It has a fragment, as context URLs in responses do; a request has none.",
  },
];

export const outOfScope: readonly { readonly rules: readonly string[]; readonly reason: string }[] = [
  {
    rules: ["context"],
    reason: "Context URLs stand in responses; the server prints them and never reads them.",
  },
  {
    rules: ["header", "prefer", "preference", "includeAnnotationsPreference", "maxpagesizePreference", "request-id"],
    reason: "Request headers and batch ids, which other parts of the server read.",
  },
  {
    rules: ["primitiveValue", "booleanValue"],
    reason:
      "Values of payloads and of the metadata whose form differs from that in URLs; the reader of bodies has them.",
  },
];
