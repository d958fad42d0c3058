import { versions } from "../model/model.ts";
import { Problem } from "../model/problem.ts";
import { type Reference, referenceOf, referencesInBody } from "./batch-references.ts";
import type { Profile } from "./profile.ts";

/** What a batch is read against: where it was sent, by whom, and how much it may hold. */
export interface BatchBase {
  /** Scheme and authority of the service, and the version whose root the batch was sent to. */
  readonly origin: string;
  readonly version: string;
  readonly profile: Profile;
  /** The `Authorization` header of the batch, which is that of all its requests. */
  readonly authorization?: string;
  readonly sizeMax: number;
}

/** One request of a batch. Other requests are named by their place in the batch, counted from 0. */
export interface BatchItem {
  /** The name that its answer bears too. */
  readonly id?: string;
  readonly method: string;
  /** Path and query from the root of the host; with `from`, what stands behind the URL of an earlier result. */
  readonly url: string;
  readonly from?: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Headers whose value is the entity tag of an earlier result. */
  readonly tagsFrom: Readonly<Record<string, number>>;
  readonly body?: Uint8Array;
  /** The earlier results to whose URLs the body refers, by the ids in it. */
  readonly bodyFrom: ReadonlyMap<string, number>;
  /** Neighbours of one group are carried out together or not at all. */
  readonly group?: string;
  /** What must have succeeded before: earlier items, each once. */
  readonly dependsOn: readonly number[];
  /** Why it cannot be carried out, though the batch can. */
  readonly fault?: Problem;
}

/** An item with its answer. */
export interface BatchAnswer {
  readonly item: BatchItem;
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
  };
}

/** A request as it stands in an envelope, of either format. */
export interface EnvelopeItem {
  readonly id?: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly group?: string;
  readonly dependsOn: readonly number[];
  readonly fault?: Problem;
  /** The earlier items whose results it may refer to as `$id`, by their ids in lower case. */
  readonly results: ReadonlyMap<string, number>;
}

// OData Protocol 11.7.7.1. Those of authentication are looked at by themselves.
const forbiddenHeaders = ["expect", "from", "max-forwards", "range", "te", "proxy-authorization"];
// References to an entity tag: OData Protocol 11.7.6.2.
const tagHeaders = ["if-match", "if-none-match"];

/** Makes the item of what stands in an envelope: URL and references resolved as far as they can be before it runs. */
export function batchItem(envelope: EnvelopeItem, base: BatchBase): BatchItem {
  const { results, dependsOn, body, headers, ...rest } = envelope;
  const located = locate(envelope.url, base);
  const from = located.reference === undefined ? undefined : results.get(located.reference.id);
  const tagsFrom = Object.fromEntries(
    tagHeaders.flatMap((name) => {
      const index = results.get(referenceOf(headers[name] ?? "")?.id ?? "");
      return index === undefined ? [] : [[name, index]];
    }),
  );
  const bodyFrom = new Map(
    referencesInBody(body ?? new Uint8Array()).flatMap((id) => {
      const index = results.get(id);
      return index === undefined ? [] : [[id, index] as const];
    }),
  );
  const isBodyless = envelope.method === "GET" || envelope.method === "DELETE";
  const fault = envelope.fault ?? located.fault ?? findFault(envelope, base, isBodyless);
  const needed = [
    ...dependsOn,
    ...(from === undefined ? [] : [from]),
    ...Object.values(tagsFrom),
    ...bodyFrom.values(),
  ];
  const { authorization: _, ...kept } = headers;
  return {
    ...rest,
    headers: kept,
    tagsFrom,
    bodyFrom,
    dependsOn: [...new Set(needed)],
    ...(located.reference === undefined || from === undefined
      ? { url: located.url }
      : { url: located.reference.rest, from }),
    ...(body === undefined || isBodyless ? {} : { body }),
    ...(fault === undefined ? {} : { fault }),
  };
}

/** Gives the id that a URL in a batch begins with, such as `1` of `$1/customer`, in lower case. */
export function referenceIn(url: string, base: BatchBase): string | undefined {
  return locate(url, base).reference?.id;
}

/** Refuses a batch that holds too much. */
export function assertSize(size: number, { sizeMax }: BatchBase): void {
  if (size <= sizeMax) return;
  // Microsoft Graph says it in these words, and scripts look for them.
  const message = `Number of requests inside batch exceeds the limit. The limit is ${sizeMax}; there are ${size}.`;
  throw new Problem("invalidRequest", message);
}

interface Located {
  readonly url: string;
  readonly reference?: Reference;
  readonly fault?: Problem;
}

/**
 * Finds out what a URL in a batch means: absolute, from the root of the host when it begins with a service root, and else
 * from the service root of the batch, with or without a slash (OData Protocol 11.7.7.1, Microsoft Graph JSON batching).
 */
function locate(text: string, base: BatchBase): Located {
  const url = encode(text);
  const absolute = /^([a-z][a-z\d+.-]*:\/\/[^/?]*)(.*)$/is.exec(url);
  if (absolute !== null && absolute[1]?.toLowerCase() !== base.origin.toLowerCase()) {
    const message = `A request in a batch must be to this service, ${base.origin}; this one is to '${absolute[1]}'.`;
    return { url: "/", fault: new Problem("invalidRequest", message) };
  }
  const path = absolute === null ? url : absolute[2] || "/";
  const named = versions.find((version) => new RegExp(`^/${version.replace(".", "\\.")}(?:[/?]|$)`).test(path));
  const behind = named === undefined ? path.replace(/^\//, "") : path.slice(named.length + 2);
  const reference = referenceOf(behind);
  const separator = named !== undefined && path[named.length + 1] === "?" ? "?" : "/";
  return {
    url: `/${named ?? base.version}${separator}${behind}`,
    ...(reference === undefined ? {} : { reference }),
  };
}

// Clients send spaces and quotes as they are; what is no part of a URL at all is encoded for them.
function encode(url: string): string {
  return url.toWellFormed().replaceAll(/[^\x21-\x7e]|["<>\\^`{|}]/gu, encodeURIComponent);
}

function findFault(envelope: EnvelopeItem, base: BatchBase, isBodyless: boolean): Problem | undefined {
  const { headers, method, body } = envelope;
  const forbidden = forbiddenHeaders.find((name) => headers[name] !== undefined);
  if (forbidden !== undefined) {
    return new Problem("invalidRequest", `A request in a batch cannot have the header '${forbidden}'. Leave it out.`);
  }
  if (headers["authorization"] !== undefined && headers["authorization"] !== base.authorization) {
    const message = "A request in a batch is made by whoever sends the batch. Leave its 'authorization' out.";
    return new Problem("invalidRequest", message);
  }
  if (!isBodyless || body === undefined || base.profile.needlessBody === "ignored") return undefined;
  return new Problem("invalidRequest", `${method} takes no body.`);
}
