import { LRUCache } from "lru-cache";
import { Problem } from "../model/problem.ts";
import { type AuditEvent, insertEvent } from "../store/audit.ts";
import { type ChangeStatement, isChangeStatement } from "../store/changes.ts";
import type { Database } from "../store/database.ts";
import { join, raw } from "../store/sql.ts";
import type { Caller, Context, Offer, Task } from "./offer.ts";

const partnersMax = 10_000;

/** Makes of a task one whose first change is recorded with who asked for it, in the transaction of that change. */
export function audited(task: Task, offer: Offer): Task {
  if (offer.method === "GET") return task;
  const { context, caller, correlationId } = task;
  return { ...task, context: { ...context, database: recording(context.database) } };

  function recording(database: Database): Database {
    let isRecorded = false;
    return {
      ...database,
      async write(scope, statements) {
        const changes = statements.filter(isChangeStatement);
        if (isRecorded || changes.length === 0) return database.write(scope, statements);
        const event = eventOf(context, caller, offer, correlationId);
        // An entity that is written twice stands in its last version only.
        const when = join(
          changes.map(({ wasWritten }) => wasWritten),
          " or ",
        );
        const record = insertEvent({ ...event, result: "success", ...toldOf(changes) }, when);
        const rows = await database.write(scope, [...statements, record]);
        // What was not carried out is tried again, and then recorded.
        isRecorded = rows.some((each) => each.length > 0);
        return rows.slice(0, statements.length);
      },
    };
  }
}

/** A request, and what was refused of it. */
interface Refused {
  readonly caller: Caller;
  readonly offer: Offer;
  readonly correlationId: string;
  readonly error: unknown;
}

/** Records that a request was refused, when it was for want of a permission or as one too many. */
export type AuditRefusal = (context: Context, refused: Refused) => Promise<void>;

/** Makes what records refusals. Of what a partner is refused in a minute only so many are recorded. */
export function refusalAudit(): AuditRefusal {
  const recorded = new LRUCache<string, number>({ max: partnersMax });
  return async (context, { caller, offer, correlationId, error }) => {
    const result = resultOf(error);
    if (result === undefined) return;
    const { database, clock, limits, log } = context;
    const minute = `${clock().slice(0, 16)} ${caller.partnerId}`;
    const count = recorded.get(minute) ?? 0;
    if (count >= limits.refusalsAuditedPerMinuteMax) return;
    recorded.set(minute, count + 1);
    const event = {
      ...eventOf(context, caller, offer, correlationId),
      result,
      resourceLocation: null,
      changedProperties: [],
    };
    try {
      await database.write(caller.partnerId, [insertEvent(event, raw("true"))]);
    } catch (fault) {
      // The refusal itself is answered all the same.
      log.error({ err: fault }, "a refusal could not be recorded");
    }
  };
}

function resultOf(error: unknown): "accessDenied" | "throttled" | undefined {
  if (!(error instanceof Problem)) return undefined;
  if (error.code === "throttledRequest") return "throttled";
  return error.code === "accessDenied" ? "accessDenied" : undefined;
}

function eventOf({ newId, clock }: Context, { partnerId, name }: Caller, offer: Offer, correlationId: string) {
  const id = newId();
  return {
    id,
    activityDateTime: clock(),
    activity: `${offer.method} ${offer.path}`,
    initiatedBy: name,
    correlationId,
    partnerId,
    deletedDateTime: null,
    version: id,
  } satisfies Omit<AuditEvent, "result" | "resourceLocation" | "changedProperties">;
}

// What was made last is what the request was about: POST /customers makes the operation first, then the customer.
function toldOf(changes: readonly ChangeStatement[]): Pick<AuditEvent, "resourceLocation" | "changedProperties"> {
  const told = changes.map(({ change }) => change);
  const made = told.findLast(({ changeType }) => changeType === "created");
  const main = made ?? told[0];
  return {
    resourceLocation: main === undefined ? "" : `${main.entitySet}/${main.key.id}`,
    changedProperties: made === undefined ? told.flatMap(({ changedProperties }) => changedProperties ?? []) : [],
  };
}
