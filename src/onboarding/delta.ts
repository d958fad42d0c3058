import type { EntityType } from "../model/define.ts";
import { beginning, type DeltaState } from "../model/delta.ts";
import { newestPlace, selectChanges } from "../store/changes.ts";
import { selectPage } from "../store/select.ts";
import type { Result, Task } from "./offer.ts";

type Changes = Result & { readonly kind: "changes" };
type StateOf<Round extends DeltaState["round"]> = DeltaState & { readonly round: Round };

/**
 * Follows an entity set (Microsoft Graph, delta query): the first round gives every entity, each later one those that
 * have changed since the last. Something may be told twice; nothing is left out.
 */
export async function followChanges(task: Task, type: EntityType): Promise<Result> {
  const { delta } = task.options;
  if (delta === "latest") return beginAtPresent(task, type);
  if (delta === undefined) return listEverything(task, type, await beginEverything(task));
  if (delta.round === "everything") return listEverything(task, type, delta);
  if (delta.round === "changes") return listChanges(task, type, delta);
  return beginChanges(task, type, delta);
}

async function beginAtPresent(task: Task, type: EntityType): Promise<Changes> {
  const { since, sinceDateTime } = await presentPlace(task);
  return { kind: "changes", type, changes: [], state: { round: "none", since, sinceDateTime, shown: beginning } };
}

// The place is fixed before the first entity is read: whatever changes from now on is told by the next round.
async function beginEverything(task: Task): Promise<Omit<StateOf<"everything">, "afterId">> {
  return { round: "everything", ...(await presentPlace(task)) };
}

async function listEverything(
  task: Task,
  type: EntityType,
  state: Omit<StateOf<"everything">, "afterId"> & { readonly afterId?: string },
): Promise<Changes> {
  const { context, caller, options } = task;
  const { partnerId } = caller;
  const { afterId, since, sinceDateTime } = state;
  const query = {
    type,
    partnerId,
    limit: pageSizeOf(task),
    ...(options.filter === undefined ? {} : { filter: options.filter }),
    ...(afterId === undefined ? {} : { after: [afterId] }),
  };
  const { entities, next } = await selectPage(context.database, query, context.clock());
  const changes = entities.map((entity) => ({ kind: "present", entity }) as const);
  if (next !== undefined) {
    return {
      kind: "changes",
      type,
      changes,
      state: { round: "everything", since, sinceDateTime, afterId: String(next[0]) },
    };
  }
  // What was made while the pages were read may have been shown; when it is deleted again, that must be told.
  const shown = await newestPlace(context.database, partnerId, "visible");
  return { kind: "changes", type, changes, state: { round: "none", since, sinceDateTime, shown } };
}

async function beginChanges(task: Task, type: EntityType, state: StateOf<"none">): Promise<Changes> {
  const { since: until, sinceDateTime: untilDateTime } = await presentPlace(task);
  return listChanges(task, type, { ...state, round: "changes", until, untilDateTime, after: state.since });
}

async function listChanges(task: Task, type: EntityType, state: StateOf<"changes">): Promise<Changes> {
  const { context, caller, options } = task;
  const { since, shown, until, untilDateTime, after } = state;
  const { filter } = options;
  const { changes, next } = await selectChanges(
    context.database,
    {
      type,
      partnerId: caller.partnerId,
      limit: pageSizeOf(task),
      ...(filter === undefined ? {} : { filter }),
      ...{ since, shown, until, after },
    },
    context.clock(),
  );
  if (next !== undefined) return { kind: "changes", type, changes, state: { ...state, after: next } };
  const ended = { round: "none", since: until, sinceDateTime: untilDateTime, shown } as const;
  return { kind: "changes", type, changes, state: ended };
}

// The clock is read first: whoever keeps the log must keep what is behind this place from that time on.
async function presentPlace({ context, caller }: Task) {
  const sinceDateTime = context.clock();
  return { since: await newestPlace(context.database, caller.partnerId, "settled"), sinceDateTime };
}

function pageSizeOf({ context, options }: Task): number {
  const { pageSizeMax, pageSizeDefault } = context.limits;
  const { top = pageSizeMax, pageSize = options.top ?? pageSizeDefault } = options;
  return Math.min(top, pageSize, pageSizeMax);
}
