import { hash } from "node:crypto";
import { type EntityType, isValues, type Values } from "../model/define.ts";
import type { ChangePlace, DeltaState } from "../model/delta.ts";

/** To whom a token belongs: it says nothing in the hands of another. */
export interface TokenOwner {
  readonly type: EntityType;
  readonly partnerId: string;
  /** The log of changes in which it is a place. */
  readonly changeLog: string;
}

/** What a link of delta carries: the options of the request that began it, and how far the client has come. */
export interface DeltaToken {
  /** The options as a query string. */
  readonly query: string;
  readonly state: DeltaState;
}

/** Prints the URL at which delta begins, with the options given. */
export function printDeltaUrl(type: EntityType, root: string, query: string): string {
  return `${root}/${type.set}/delta${query === "" ? "" : `?${query}`}`;
}

/** Prints the link to the next page or round, and says which it is. It carries a token and nothing else. */
export function printDeltaLink(owner: TokenOwner, root: string, { query, state }: DeltaToken) {
  const content = Buffer.from(JSON.stringify({ version, query, state }), "utf8").toString("base64url");
  const token = digestOf(content, owner) + content;
  if (state.round === "none") {
    return { name: "deltaLink", url: printDeltaUrl(owner.type, root, `$deltatoken=${token}`) } as const;
  }
  return { name: "nextLink", url: printDeltaUrl(owner.type, root, `$skiptoken=${token}`) } as const;
}

/** Reads a token that the option of this name has; undefined when it is not one of ours for this set, partner and log. */
export function parseDeltaToken(
  owner: TokenOwner,
  name: "$skiptoken" | "$deltatoken",
  token: string,
): DeltaToken | undefined {
  const content = token.slice(digestLength);
  if (token.slice(0, digestLength) !== digestOf(content, owner)) return undefined;
  const values = parseJson(Buffer.from(content, "base64url").toString("utf8"));
  if (!isValues(values) || values["version"] !== version || typeof values["query"] !== "string") return undefined;
  const state = isValues(values["state"]) ? readState(values["state"]) : undefined;
  if (state === undefined || (state.round === "none") !== (name === "$deltatoken")) return undefined;
  return { query: values["query"], state };
}

/** Another form of token gets another number, so that one of an older form is known as such. */
const version = 1;
const digestLength = 12;

// The digest guards against mistakes and mixed-up tokens. Whoever forges one reads no more than his own partner's
// entities, as every statement says whose they are.
function digestOf(content: string, { type, partnerId, changeLog }: TokenOwner): string {
  const owned = JSON.stringify([version, type.set, partnerId, changeLog, content]);
  return hash("sha256", owned, "base64url").slice(0, digestLength);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readState(values: Values): DeltaState | undefined {
  const { round, sinceDateTime } = values;
  const since = readPlace(values["since"]);
  if (since === undefined || !isInstant(sinceDateTime)) return undefined;
  const { afterId } = values;
  if (round === "everything") return isId(afterId) ? { round, since, sinceDateTime, afterId } : undefined;
  const shown = readPlace(values["shown"]);
  if (shown === undefined) return undefined;
  if (round === "none") return { round, since, sinceDateTime, shown };
  const until = readPlace(values["until"]);
  const after = readPlace(values["after"]);
  const { untilDateTime } = values;
  if (round !== "changes" || until === undefined || after === undefined || !isInstant(untilDateTime)) return undefined;
  return { round, since, sinceDateTime, shown, until, untilDateTime, after };
}

function readPlace(value: unknown): ChangePlace | undefined {
  if (!isValues(value)) return undefined;
  const { transactionId, position } = value;
  return isWholeNumber(transactionId) && isWholeNumber(position) ? { transactionId, position } : undefined;
}

// Eighteen digits fit into 64 bits, whatever they are.
function isWholeNumber(value: unknown): value is string {
  return typeof value === "string" && /^\d{1,18}$/.test(value);
}

function isInstant(value: unknown): value is string {
  return typeof value === "string" && !Number.isNaN(Date.parse(value));
}

function isId(value: unknown): value is string {
  return typeof value === "string" && /^[0-9a-f-]{1,36}$/.test(value);
}
