import { type Pages, type Round, readList, readRound } from "./pages.ts";
import { type ListQuery, printLiteral, printPreference, printQuery, type ShowQuery } from "./query.ts";
import { type Repeatability, repeatabilityHeaders } from "./retrying.ts";
import type { Answer, Send } from "./send.ts";

/** How an entity is named: by its id, or by the partner's own key. */
export type Key = string | { readonly externalId: string };

/** How a request may be ended. */
export interface RequestOptions {
  readonly signal?: AbortSignal;
}

/** How a writing request is sent. */
export interface WriteOptions extends RequestOptions {
  /** The entity tag that the entity must still have, or the write is refused with 412. */
  readonly ifMatch?: string;
  /** A key of the caller's own, which outlives this process. By default each request has a new one. */
  readonly repeatability?: Repeatability;
}

/** What became of an entity since the last round. */
export type Change<Entity> =
  | { readonly kind: "present"; readonly entity: Entity }
  | { readonly kind: "removed"; readonly id: string; readonly reason: "changed" | "deleted" };

/** Where a round of changes begins, and what it shows. */
export type DeltaQuery<Entity> =
  | { readonly link: string }
  | (Pick<ListQuery<Entity>, "select" | "filter" | "pageSize"> & { readonly from?: "beginning" | "now" });

/** What can be done with every entity set. Refusals are ServiceErrors. */
export interface EntitySet<Entity, Create, Update> {
  /** Lists entities, however many there are. */
  list<Name extends keyof Entity = keyof Entity>(
    query?: ListQuery<Entity, Name>,
    options?: RequestOptions,
  ): Pages<Pick<Entity, Name>>;
  /** Counts entities. */
  count(query?: Pick<ListQuery<Entity>, "filter" | "search">, options?: RequestOptions): Promise<number>;
  /** Reads an entity. */
  get<Name extends keyof Entity = keyof Entity>(
    key: Key,
    query?: ShowQuery<Entity, Name>,
    options?: RequestOptions,
  ): Promise<Pick<Entity, Name>>;
  create(body: Create, options?: WriteOptions): Promise<Entity>;
  update(key: Key, body: Update, options?: WriteOptions): Promise<Entity>;
  delete(key: Key, options?: WriteOptions): Promise<void>;
  /** Gives every entity first, and what has changed since when it is called with the `deltaLink` of the last round. */
  delta(query?: DeltaQuery<Entity>, options?: RequestOptions): Round<Change<Entity>>;
}

/** Makes what can be done with an entity set. */
export function entitySet<Entity, Create, Update>(send: Send, path: string): EntitySet<Entity, Create, Update> {
  return {
    list: (query = {}, { signal } = {}) =>
      readList(send, { method: "GET", path: printQuery(path, query), headers: printPreference(query), signal }),
    count: async (query = {}, { signal } = {}) =>
      Number((await send({ ...counted, path: printQuery(`${path}/$count`, query), signal })).json()),
    get: async (key, query = {}, { signal } = {}) =>
      (await send({ method: "GET", path: printQuery(path + printKey(key), query), signal })).json(),
    create: async (body, options) => (await write(send, { method: "POST", path, body }, options)).json(),
    update: async (key, body, options) => (await write(send, { method: "PATCH", path, key, body }, options)).json(),
    delete: async (key, options) => {
      await write(send, { method: "DELETE", path, key }, options);
    },
    delta: (query = {}, { signal } = {}) =>
      readRound(send, { method: "GET", signal, ...printRound(path, query) }, readChange<Entity>),
  };
}

// A count is a text, and in a batch a text in JSON.
const counted = { method: "GET", headers: { Accept: "text/plain" } } as const;

/** A request that changes something: a path, and the key of the entity behind it if it is about one. */
export interface Writing {
  readonly method: "POST" | "PATCH" | "DELETE";
  readonly path: string;
  readonly key?: Key;
  readonly body?: unknown;
}

/** Sends a request that changes something, and asks for what came of it. */
export function write(
  send: Send,
  { method, path, key, body }: Writing,
  { ifMatch, repeatability, signal }: WriteOptions = {},
): Promise<Answer> {
  const headers = {
    ...(method === "DELETE" ? {} : { Prefer: "return=representation" }),
    ...(ifMatch === undefined ? {} : { "If-Match": ifMatch }),
    ...(repeatability === undefined ? {} : repeatabilityHeaders(repeatability)),
  };
  const whole = key === undefined ? path : path + printKey(key);
  return send({ method, path: whole, headers, signal, ...(body === undefined ? {} : { body }) });
}

function printKey(key: Key): string {
  if (typeof key === "string") return `/${encodeURIComponent(key)}`;
  return `(externalId=${encodeURIComponent(printLiteral(key.externalId))})`;
}

function printRound<Entity>(path: string, query: DeltaQuery<Entity>) {
  if ("link" in query) return { path: query.link };
  const printed = printQuery(`${path}/delta()`, query);
  const from = query.from === "now" ? `${printed.includes("?") ? "&" : "?"}$deltatoken=latest` : "";
  return { path: printed + from, headers: printPreference(query) };
}

interface Removed {
  readonly id: string;
  readonly "@removed": { readonly reason: "changed" | "deleted" };
}

function readChange<Entity>(raw: Entity | Removed): Change<Entity> {
  if (isRemoved(raw)) return { kind: "removed", id: raw.id, reason: raw["@removed"].reason };
  return { kind: "present", entity: raw };
}

function isRemoved(raw: unknown): raw is Removed {
  return typeof raw === "object" && raw !== null && "@removed" in raw;
}
