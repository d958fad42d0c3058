import type { LimitFunction } from "p-limit";
import { Problem } from "../model/problem.ts";
import type { BatchAnswer, BatchItem } from "../odata/batch.ts";
import { fillReferences } from "../odata/batch-references.ts";
import { atomically } from "../onboarding/atomically.ts";
import type { Caller, Context } from "../onboarding/offer.ts";
import type { Request, Response } from "./request.ts";

/** On what a batch runs, and for whom. */
interface Run {
  readonly context: Context;
  readonly caller: Caller;
  /** The batch itself: its requests inherit some of its headers. */
  readonly outer: Request;
  readonly handle: (context: Context, caller: Caller, request: Request) => Promise<Response>;
  readonly refuse: (request: Request, error: unknown) => Response;
  readonly inTurn: LimitFunction;
}

/** In which order requests are carried out, and whether the first failure ends the batch. */
interface Pace {
  /** `asNeeded`: each has its turn as soon as those that it depends on are done. */
  readonly order: "asReceived" | "asNeeded";
  readonly onError: "continue" | "stop";
}

interface Done {
  readonly request: Request;
  readonly response: Response;
}

/** An item and its place in the batch. */
interface Placed {
  readonly item: BatchItem;
  readonly place: number;
}

/** Carries out the requests of a batch and gives their answers in its order; what was not begun has none. */
export async function runBatch(run: Run, items: readonly BatchItem[], pace: Pace): Promise<readonly BatchAnswer[]> {
  const done = new Map<number, Done>();
  const running = new Map<number, Promise<void>>();
  for (const unit of unitsOf(items)) {
    const needed = unit.flatMap(({ item }) => item.dependsOn.map((place) => running.get(place)));
    const ended = Promise.all(needed).then(() => run.inTurn(runUnit, run, unit, done));
    for (const { place } of unit) running.set(place, ended);
    if (pace.order === "asNeeded") continue;
    await ended;
    if (pace.onError === "stop" && unit.some(({ place }) => hasFailed(done.get(place)))) break;
  }
  await Promise.all(running.values());
  return items.flatMap((item, place) => {
    const response = done.get(place)?.response;
    return response === undefined ? [] : [{ item, response }];
  });
}

/** What is carried out together: a group, or a request by itself. */
function unitsOf(items: readonly BatchItem[]): readonly (readonly Placed[])[] {
  const units: Placed[][] = [];
  for (const [place, item] of items.entries()) {
    const last = units.at(-1);
    if (item.group !== undefined && last?.[0]?.item.group === item.group) last.push({ item, place });
    else units.push([{ item, place }]);
  }
  return units;
}

async function runUnit(run: Run, unit: readonly Placed[], done: Map<number, Done>): Promise<void> {
  const failed = unit.flatMap(({ item }) => item.dependsOn).find((place) => hasFailed(done.get(place)));
  if (failed !== undefined) {
    for (const each of unit) done.set(each.place, refuse(run, each, done, failedDependency("one that it depends on")));
    return;
  }
  const [first] = unit;
  if (first === undefined) return;
  if (first.item.group !== undefined) return runGroup(run, unit, done);
  done.set(first.place, await runItem(run, run.context, first, done));
}

// Nothing of a group is kept when one of its requests fails, so that no other one has an answer but that (JSON 19.1).
async function runGroup(run: Run, unit: readonly Placed[], done: Map<number, Done>): Promise<void> {
  let failed: Placed | undefined;
  try {
    failed = await atomically(run.context, run.caller, async (context) => {
      for (const each of unit) {
        done.set(each.place, await runItem(run, context, each, done));
        if (hasFailed(done.get(each.place))) return { result: each, changes: "undone" };
      }
      return { result: undefined, changes: "kept" };
    });
  } catch (error) {
    // The transaction itself could not be begun, or not be brought to its end.
    failed = unit[0];
    if (failed !== undefined) done.set(failed.place, refuse(run, failed, done, error));
  }
  if (failed === undefined) return;
  for (const each of unit) {
    if (each === failed) continue;
    done.set(each.place, refuse(run, each, done, failedDependency("another one of its group")));
  }
}

async function runItem(run: Run, context: Context, placed: Placed, done: ReadonlyMap<number, Done>): Promise<Done> {
  const { fault } = placed.item;
  if (fault !== undefined) return refuse(run, placed, done, fault);
  // The members of an atomic group bear one Repeatability-Request-ID (Repeatable Requests 8.4): their place tells them apart.
  const member = placed.item.group === undefined ? {} : { member: String(placed.place) };
  const request = { ...requestOf(run.outer, placed.item, done), ...member };
  return { request, response: await run.handle(context, run.caller, request) };
}

function refuse(run: Run, { item }: Placed, done: ReadonlyMap<number, Done>, error: unknown): Done {
  const request = requestOf(run.outer, item, done);
  return { request, response: run.refuse(request, error) };
}

function failedDependency(which: string): Problem {
  return new Problem("failedDependency", `The request was not carried out: ${which} has failed.`);
}

function hasFailed(done: Done | undefined): boolean {
  return done !== undefined && done.response.status >= 400;
}

function requestOf(outer: Request, item: BatchItem, done: ReadonlyMap<number, Done>): Request {
  const { method, url, from, body, headers } = item;
  const urlOf = (place: number | undefined) =>
    place === undefined ? undefined : new URL(resultUrl(outer.origin, done.get(place)), outer.origin).href;
  const tags = Object.entries(item.tagsFrom).flatMap(([name, place]) => {
    const tag = done.get(place)?.response.headers["ETag"];
    return tag === undefined ? [] : [[name, tag]];
  });
  const prefer = [headers["prefer"], inheritedAnnotations(outer, headers["prefer"])].filter(
    (each) => each !== undefined,
  );
  return {
    method,
    origin: outer.origin,
    url: from === undefined ? url : resultUrl(outer.origin, done.get(from)) + url,
    headers: {
      ...inheritedHeaders(outer),
      ...headers,
      ...Object.fromEntries(tags),
      ...(prefer.length === 0 ? {} : { prefer: prefer.join(", ") }),
    },
    ...(body === undefined ? {} : { body: fillReferences(body, (id) => urlOf(item.bodyFrom.get(id))) }),
  };
}

/** The URL of what an earlier request made, or else of what it was about, from the root of the host. */
function resultUrl(origin: string, done: Done | undefined): string {
  const { Location, "OData-EntityId": entityId } = done?.response.headers ?? {};
  const made = Location ?? entityId;
  if (made !== undefined) return made.startsWith(`${origin}/`) ? made.slice(origin.length) : made;
  return done?.request.url.split("?")[0] ?? "";
}

// OData Protocol 8.1.5, 8.2.7 and 8.2.1 to 8.2.3: what a request in a batch does not say itself is said by the batch.
function inheritedHeaders({ headers }: Request): Readonly<Record<string, string>> {
  const inherited = Object.entries(headers).flatMap(([name, value]) => {
    const isInherited = name.startsWith("odata-") || name === "accept-language" || name === "client-request-id";
    return isInherited && value !== undefined ? [[name, value]] : [];
  });
  // Of the formats only that of JSON can be meant for a request as well. Counts and metadata come in others: hence `*/*`.
  const formats = (headers["accept"] ?? "").split(",").filter((range) => /^\s*application\/json\b/i.test(range));
  const accept = formats.length === 0 ? [] : [["accept", `${formats.join(",")}, */*;q=0.1`]];
  return Object.fromEntries([...inherited, ...accept]);
}

// OData Protocol 8.2.8.4: of all preferences this one is inherited.
function inheritedAnnotations({ headers }: Request, own: string | undefined): string | undefined {
  const pattern = /(?:odata\.)?include-annotations\s*=\s*(?:"[^"]*"|[^\s,;]*)/i;
  return own !== undefined && pattern.test(own) ? undefined : pattern.exec(headers["prefer"] ?? "")?.[0];
}
