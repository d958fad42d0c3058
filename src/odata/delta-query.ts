import type { EntityType } from "../model/define.ts";
import type { DeltaState } from "../model/delta.ts";
import { Problem } from "../model/problem.ts";
import { type Expression, partsOf } from "../model/query.ts";
import type { BoundOptions } from "./bind/known-options.ts";
import { bindOptions, readQuery, type SystemOption } from "./bind/options.ts";
import { type DeltaToken, parseDeltaToken, printDeltaUrl } from "./delta-token.ts";
import type { Naming } from "./print-value.ts";
import { encodeQuery } from "./skip-token.ts";
import type { QueryPart } from "./syntax/query-string.ts";

/** Who asks, where, and when; and how long a token is good for. */
export interface DeltaRequest extends Naming {
  readonly partnerId: string;
  readonly changeLog: string;
  readonly changesKeptSince: string;
  readonly now: string;
  readonly limits: { readonly changeDaysMax: number; readonly deltaOptionsLengthMax: number };
}

/** The options of a request to delta, resolved; how far it has come; and the options as its links carry them. */
export interface DeltaOptions extends BoundOptions {
  readonly delta?: DeltaState | "latest";
  readonly query: string;
}

/**
 * Reads the query of a request to delta: either options that begin it, or the token of a link, which carries them
 * (Microsoft Graph guidelines, change tracking).
 */
export function bindDeltaOptions(
  type: EntityType,
  query: string,
  supported: readonly SystemOption[],
  request: DeltaRequest,
): DeltaOptions {
  const parts = readQuery(query).filter(({ kind }) => kind !== "custom");
  const tokens = parts.filter(isToken);
  const [token, another] = tokens;
  const others = parts.filter((part) => !isToken(part));
  if (another !== undefined) {
    throw invalid(another.name, "'$skiptoken' and '$deltatoken' cannot stand together. Follow the link as it is.");
  }
  if (token === undefined || isLatest(token)) {
    const options = beginDelta(type, encodeQuery(others), supported, request);
    return token === undefined ? options : { ...options, delta: "latest" };
  }
  const [other] = others;
  if (other !== undefined) {
    const message = `'${other.name}' cannot be added to a link of delta, which carries the options of its beginning. Follow it as it is.`;
    throw invalid(other.name, message);
  }
  const { query: original, state } = continueDelta(type, token, request);
  return { ...bindOptions(type, original, supported, request), delta: state, query: original };
}

function isToken(part: QueryPart): part is QueryPart & { readonly name: "$skiptoken" | "$deltatoken" } {
  return part.name === "$skiptoken" || part.name === "$deltatoken";
}

function isLatest({ name, value }: QueryPart): boolean {
  return name === "$deltatoken" && value.toLowerCase() === "latest";
}

function beginDelta(
  type: EntityType,
  query: string,
  supported: readonly SystemOption[],
  request: DeltaRequest,
): DeltaOptions {
  const refused = readQuery(query).find((part) => part.kind === "system" && !supported.includes(part.option));
  if (refused !== undefined) {
    throw invalid(
      refused.name,
      `'${refused.name}' is not supported by delta. It takes $select, $compute, $filter and $top.`,
    );
  }
  const { limits } = request;
  if (query.length > limits.deltaOptionsLengthMax) {
    const message = `The options of delta may take ${limits.deltaOptionsLengthMax} characters together, since its links carry them. They take ${query.length}.`;
    throw new Problem("invalidQueryOption", message);
  }
  const options = bindOptions(type, query, supported, request);
  if (options.top === 0) throw invalid("$top", "'$top' is the size of a page of delta, and must be 1 or more.");
  if (options.filter !== undefined) assertLooksAtEntity("$filter", options.filter);
  for (const { expression } of options.projection.computed ?? []) assertLooksAtEntity("$compute", expression);
  return { ...options, query };
}

function continueDelta(
  type: EntityType,
  { name, value }: QueryPart & { readonly name: "$skiptoken" | "$deltatoken" },
  request: DeltaRequest,
): DeltaToken {
  const { partnerId, changeLog, root } = request;
  const token = parseDeltaToken({ type, partnerId, changeLog }, name, value);
  if (token === undefined) {
    const message = `The '${name}' is not one of this service for ${type.set}, or older than its database, which was restored. Begin anew at the Location of this answer.`;
    throw new Problem("syncStateNotFound", message, {
      target: name,
      headers: { Location: printDeltaUrl(type, root, "") },
    });
  }
  const age = complainAboutAge(token.state.sinceDateTime, request);
  if (age === undefined) return token;
  const message = `The '${name}' is ${age}. Begin anew at the Location of this answer.`;
  throw new Problem("resyncRequired", message, {
    target: name,
    headers: { Location: printDeltaUrl(type, root, token.query) },
  });
}

/** Says how a link is too old, if it is: for the days of now, or for those when the changes behind it were removed. */
function complainAboutAge(sinceDateTime: string, request: DeltaRequest): string | undefined {
  const { changesKeptSince, now, limits } = request;
  const days = (Date.parse(now) - Date.parse(sinceDateTime)) / 86_400_000;
  if (days > limits.changeDaysMax) return `older than the ${limits.changeDaysMax} days for which changes are kept`;
  // The instant itself is of a change that may be another partner's.
  return sinceDateTime < changesKeptSince ? "older than the changes that are kept" : undefined;
}

function assertLooksAtEntity(option: string, expression: Expression): void {
  if (!looksBeyond(expression)) return;
  const message =
    `A '${option}' of delta may look at the entity alone: not at the present instant, nor at what navigation leads to, ` +
    "for what changes there is no change of the entity.";
  throw invalid(option, message);
}

/** Whether the value of an expression can become another one while the entity stays as it is. */
function looksBeyond(expression: Expression): boolean {
  if (expression.kind === "now") return true;
  const { kind } = expression;
  if ((kind === "any" || kind === "all" || kind === "count") && expression.over.kind === "navigation") return true;
  return partsOf(expression).some(looksBeyond);
}

function invalid(target: string, message: string): Problem {
  return new Problem("invalidQueryOption", message, { target });
}
