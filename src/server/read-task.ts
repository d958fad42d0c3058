import { customer } from "../model/customer.ts";
import type { EntityKey } from "../model/key.ts";
import { Problem } from "../model/problem.ts";
import type { ConstantValue, OrderKey, Projection } from "../model/query.ts";
import { bindOptions } from "../odata/bind/options.ts";
import { bindPropertyOptions } from "../odata/bind/property-options.ts";
import { bindDeltaOptions, type DeltaOptions } from "../odata/delta-query.ts";
import { parseEntityTags, withBodyTag } from "../odata/entity-tags.ts";
import { assertAcceptable, defaultFormat, type Format, negotiateFormat } from "../odata/media.ts";
import type { Target } from "../odata/path.ts";
import { parseReference } from "../odata/reference.ts";
import { assertCursor, parseSkipToken } from "../odata/skip-token.ts";
import type { Body, Caller, Context, Offer, Task } from "../onboarding/offer.ts";
import { optionsOf } from "../onboarding/offers.ts";
import { readBody } from "./body.ts";
import { wantedType } from "./documents.ts";
import { readPropertyBody } from "./property-body.ts";
import type { Request } from "./request.ts";
import type { Asked } from "./respond.ts";
import type { Routed } from "./route.ts";

/** A request that was read whole: what is to be done, and how the answer is shown. */
export interface Reading {
  readonly task: Task;
  readonly showing: Asked;
}

/** Reads the options, the headers and the body of a request. What is wrong with them is refused before anything is done. */
export function readTask(context: Context, caller: Caller, request: Request, asked: Asked, routed: Routed): Reading {
  const { offer, target, query } = routed;
  const options = readOptions(context, caller, asked, routed);
  const { skiptoken, id, format, query: shown } = options;
  const wanted = negotiate(wantedType(format, request), offer);
  const body = readTargeted(context, request, asked, routed);
  const preconditions = readPreconditions(request, body);
  const { ifNoneMatch } = preconditions;
  const projection = withInserted(options.projection, offer, body);
  const named = id === undefined ? undefined : parseReference(customer, id, asked.root, "$id");
  const { keys, alternateKeys } = keysOf(target, named);
  const task: Task = {
    context,
    caller,
    correlationId: asked.clientRequestId,
    keys,
    body,
    preconditions,
    options: {
      ...options,
      projection,
      count: options.count && (skiptoken === undefined || asked.profile.count === "everyPage"),
      ...(skiptoken === undefined ? {} : { after: cursorOf(skiptoken, query, options.orderBy) }),
      ...(asked.preferences.pageSize === undefined ? {} : { pageSize: asked.preferences.pageSize }),
    },
    ...(alternateKeys === undefined ? {} : { alternateKeys }),
  };
  const showing = {
    ...asked,
    query: shown,
    projection,
    partnerId: caller.partnerId,
    format: wanted,
    ...(options.top === undefined ? {} : { top: options.top }),
    ...(ifNoneMatch === undefined ? {} : { ifNoneMatch }),
  };
  return { task, showing };
}

/** The options of a request, and the query string that its links carry on. */
function readOptions(context: Context, caller: Caller, asked: Asked, { offer, target, query }: Routed): DeltaOptions {
  const { type, result } = offer.answers;
  const { members, root } = asked;
  const { property, filters } = target;
  if (property !== undefined) return { ...bindPropertyOptions(property, query, optionsOf(offer), asked), query };
  if (result !== "changes") return { ...bindOptions(type, query, optionsOf(offer), asked, filters), query };
  const { partnerId } = caller;
  const { changeLog, changesKeptSince, limits } = context;
  const request = { partnerId, changeLog, changesKeptSince, root, now: context.clock(), limits, members };
  return bindDeltaOptions(type, query, optionsOf(offer), request);
}

function readTargeted(context: Context, request: Request, asked: Asked, { offer, target }: Routed): Body {
  const { property } = target;
  if (property === undefined || offer.method === "GET") return readBody(offer, request, asked, context);
  return readPropertyBody(offer, property, request, asked, context);
}

/** Gives the format of an answer, or refuses when the request accepts none that it can have. */
function negotiate(accept: string | undefined, { answers }: Offer): Format {
  if (answers.result === "count" || answers.part === "text") {
    assertAcceptable(accept, "text");
    return defaultFormat;
  }
  const format = negotiateFormat(accept);
  if (answers.result !== "changes" || format.metadata !== "none") return format;
  // OData JSON Format 3.1.3: without metadata nobody could tell what has changed from what is gone.
  const message = "Delta cannot be answered with odata.metadata=none. Ask for odata.metadata=minimal or full.";
  throw new Problem("invalidRequest", message);
}

function readPreconditions({ headers }: Request, body: Body): Task["preconditions"] {
  const inBody = body.kind === "entity" || body.kind === "upsert" ? body.version : undefined;
  const ifMatch = withBodyTag(parseEntityTags("If-Match", headers["if-match"]), inBody);
  const ifNoneMatch = parseEntityTags("If-None-Match", headers["if-none-match"]);
  return { ...(ifMatch === undefined ? {} : { ifMatch }), ...(ifNoneMatch === undefined ? {} : { ifNoneMatch }) };
}

// OData Protocol 11.4.2.2: the answer to a deep insert is expanded at least as deep as what was inserted.
function withInserted(projection: Projection, { related }: Offer, body: Body): Projection {
  const { expand } = projection;
  const isInserted = body.kind === "entity" && body.related?.kind === "entity";
  if (!isInserted || related === undefined || expand.some(({ name }) => name === related.navigation)) return projection;
  const options = { orderBy: [], count: false, projection: { expand: [] } };
  return { ...projection, expand: [...expand, { name: related.navigation, shape: "entities", options }] };
}

/** The keys in the path, with the one that `$id` names. */
function keysOf({ keys, alternateKeys }: Target, named: EntityKey | undefined) {
  if (named !== undefined && named.property !== "id") {
    return { keys, alternateKeys: { ...alternateKeys, customerId: { ...named, type: customer } } };
  }
  return {
    keys: named === undefined ? keys : { ...keys, customerId: named.value },
    ...(alternateKeys === undefined ? {} : { alternateKeys }),
  };
}

function cursorOf(token: string, query: string, orderBy: readonly OrderKey[]): readonly ConstantValue[] {
  const after = parseSkipToken(token, query);
  assertCursor(after, orderBy);
  return after;
}
