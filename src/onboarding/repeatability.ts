import { setTimeout as sleep } from "node:timers/promises";
import { Problem } from "../model/problem.ts";
import { isChangeStatement } from "../store/changes.ts";
import { type Database, UniqueViolation } from "../store/database.ts";
import {
  type Answer,
  findRecord,
  insertAnswered,
  insertRecord,
  keepAnswer,
  type RecordKey,
  type RepeatabilityRecord,
  recordTable,
  removeRecord,
} from "../store/repeatability.ts";
import { findEntity } from "../store/select.ts";
import type { Context, Offer, Result, Task } from "./offer.ts";
import { later } from "./operation.ts";

const pollMilliseconds = 20;

/*
 * The life of a repeatable request. Its record is written in the transaction of its change, its answer right after it.
 *
 *   (none)      ─ recorder ───────► recorded   the change has taken place; a twin fails on the key, and changes nothing
 *   (none)      ─ (refused) ──────► (none)     nothing took place: the same key may carry the corrected request
 *   (none)      ─ insertAnswered ─► answered   all was as the request asks already
 *   recorded    ─ keepAnswer ─────► answered   a repetition gets this answer
 *   recorded    ─ answerAgain ────► answered   the process died in between: the answer tells what was made, as it is now
 *   any         ─ purge ──────────► (none)     after the window
 */

/** What makes a request repeatable: the key that the partner gave it, and what tells it from every other request. */
export interface Repeatable {
  readonly requestId: string;
  readonly digest: string;
}

/** What comes of a repeatable request. */
export type Outcome =
  | { readonly kind: "carriedOut"; readonly answer: Answer }
  | { readonly kind: "answeredAgain"; readonly answer: Answer }
  /** The key is another request's, which made what is at this path. */
  | { readonly kind: "keyReused"; readonly made: string | null };

/** Prints a result as an answer; `made` is the path of what a request made and what is no longer there to be shown. */
export type PrintAnswer = (result: Result, made?: string) => Promise<Answer>;

/** Carries a request out once, however often it is sent (OASIS Repeatable Requests 1.0 section 5). */
export async function carryOutOnce(
  task: Task,
  offer: Offer,
  repeatable: Repeatable,
  print: PrintAnswer,
): Promise<Outcome> {
  const { context, caller } = task;
  const key = { partnerId: caller.partnerId, requestId: repeatable.requestId };
  const known = await findKept(context, key);
  if (known !== undefined) return answerAgain(task, offer, repeatable, known, print);
  const entry = { ...key, digest: repeatable.digest, recordedDateTime: context.clock() };
  const recording = recorder(context.database, entry);
  const attempt = await attemptTo(() => offer.run({ ...task, context: { ...context, database: recording.database } }));
  // What was refused, or found nothing to do, may be so because a twin came first: then the twin's answer counts.
  const twin = recording.hasRecorded() ? undefined : await findTwin(context, key, attempt);
  if (twin !== undefined) return answerAgain(task, offer, repeatable, twin, print);
  if ("refusal" in attempt) throw attempt.refusal;
  const answer = await print(attempt.result);
  const kept = await keptAnswer(attempt.result, answer, print);
  if (recording.hasRecorded()) await keepOrAskAgain(context, key, kept);
  else await insertAnswered(context.database, entry, pathOf(attempt.result), kept);
  return { kind: "carriedOut", answer };
}

/** The instant before which a record is past its time. A request that was first sent a little ahead of us counts too. */
export function forgottenBefore({ clock, limits }: Context): string {
  return later(clock(), -(limits.repeatabilityHours * 3600 + limits.repeatabilitySecondsAhead));
}

/** A twin in flight has taken the key: nothing was written. */
class KeyTaken extends Error {
  constructor(cause: unknown) {
    super("The request is recorded already.", { cause });
    this.name = "KeyTaken";
  }
}

/** A database whose next write that changes something records the request too, in the same transaction. */
function recorder(
  database: Database,
  entry: RecordKey & { readonly digest: string; readonly recordedDateTime: string },
) {
  let recorded = false;
  const recording: Database = {
    ...database,
    async write(scope, statements) {
      const changes = statements.filter(isChangeStatement);
      if (recorded || changes.length === 0) return database.write(scope, statements);
      try {
        const rows = await database.write(scope, [...statements, insertRecord(entry, changes)]);
        recorded = rows[statements.length]?.[0] !== undefined;
        return rows.slice(0, statements.length);
      } catch (error) {
        if (error instanceof UniqueViolation && error.table === recordTable) throw new KeyTaken(error);
        throw error;
      }
    },
  };
  return { database: recording, hasRecorded: () => recorded };
}

type Attempt = { readonly result: Result } | { readonly refusal: Problem | KeyTaken };

async function attemptTo(run: () => Promise<Result>): Promise<Attempt> {
  try {
    return { result: await run() };
  } catch (error) {
    if (error instanceof Problem || error instanceof KeyTaken) return { refusal: error };
    throw error;
  }
}

async function findTwin(context: Context, key: RecordKey, attempt: Attempt): Promise<RepeatabilityRecord | undefined> {
  if (!("refusal" in attempt) || attempt.refusal instanceof Problem) return findKept(context, key);
  try {
    const twin = await findRecord(context.database, key);
    if (twin !== undefined) return twin;
  } catch (error) {
    // The key is known to be taken: whoever asks again gets the answer, and nothing is done twice.
    throw inProgress(error);
  }
  throw inProgress(attempt.refusal);
}

async function findKept(context: Context, key: RecordKey): Promise<RepeatabilityRecord | undefined> {
  const record = await findRecord(context.database, key);
  const before = forgottenBefore(context);
  if (record === undefined || record.recordedDateTime >= before) return record;
  await removeRecord(context.database, key, before);
  return undefined;
}

async function answerAgain(
  task: Task,
  offer: Offer,
  repeatable: Repeatable,
  known: RepeatabilityRecord,
  print: PrintAnswer,
): Promise<Outcome> {
  if (known.digest !== repeatable.digest) return { kind: "keyReused", made: known.made };
  const { context, caller } = task;
  const key = { partnerId: caller.partnerId, requestId: repeatable.requestId };
  const record = await awaitAnswer(context, key, known);
  if (record.answer !== undefined) return { kind: "answeredAgain", answer: record.answer };
  const answer = await recoverAnswer(task, offer, record, print);
  if (await keepAnswer(context.database, key, answer)) return { kind: "answeredAgain", answer };
  // The first one has kept its own after all, or the record was purged this very moment.
  const last = await findRecord(context.database, key);
  return { kind: "answeredAgain", answer: last?.answer ?? answer };
}

// As long as the first one may still be about to keep its answer, a twin waits for it. Counted too: clocks may differ.
async function awaitAnswer(context: Context, key: RecordKey, known: RepeatabilityRecord): Promise<RepeatabilityRecord> {
  const { answerMilliseconds } = context.limits;
  const deadline = later(known.recordedDateTime, answerMilliseconds / 1000);
  let record = known;
  for (let waited = 0; waited < answerMilliseconds; waited += pollMilliseconds) {
    if (record.answer !== undefined || context.clock() > deadline) return record;
    await sleep(pollMilliseconds);
    record = (await findRecord(context.database, key)) ?? record;
  }
  return record;
}

/** The answer that was never kept, from what was made as it is now (section 3.2.1.1: the current state of the system). */
async function recoverAnswer(
  task: Task,
  offer: Offer,
  { made, changeType, operationId }: RepeatabilityRecord,
  print: PrintAnswer,
): Promise<Answer> {
  const { type, result } = offer.answers;
  const isShown = result === "entity" || (result === "created" && changeType === "created");
  if (made === null || !isShown) return print({ kind: "done" });
  // An operation that was opened together with its customer is what the answer is about, though made before it.
  const isMain = made.startsWith(`${type.set}/`);
  const id = isMain ? made.slice(made.lastIndexOf("/") + 1) : (operationId ?? "");
  const entity = await findEntity(task.context.database, type, { partnerId: task.caller.partnerId, id });
  if (entity === undefined) return print({ kind: "done" }, made);
  // A change that created what was not there (upsert) is answered as a creation.
  if (changeType !== "created") return print({ kind: "entity", type, entity });
  const byDefault = offer.path.endsWith("/$ref") ? "minimal" : "representation";
  return print({
    kind: "created",
    type,
    entity,
    byDefault,
    ...(isMain && operationId !== null ? { operationId } : {}),
  });
}

// Only answers that show an entity are kept. What is handed over once, such as credentials (D17), is never said again.
async function keptAnswer({ kind }: Result, answer: Answer, print: PrintAnswer): Promise<Answer> {
  return kind === "created" || kind === "entity" || kind === "done" ? answer : print({ kind: "done" });
}

// Clients send again what is answered 503, and then are told what was made.
async function keepOrAskAgain(context: Context, key: RecordKey, answer: Answer): Promise<void> {
  try {
    await keepAnswer(context.database, key, answer);
  } catch (error) {
    const message =
      "The request was carried out, but its answer was lost. Send it again with the same key: it is not carried out twice.";
    throw new Problem("serviceNotAvailable", message, { cause: error, headers: { "Retry-After": "1" } });
  }
}

function inProgress(cause: unknown): Problem {
  const message = "The same request is being carried out at this moment. Send it again to get its answer.";
  return new Problem("requestInProgress", message, { cause, headers: { "Retry-After": "1" } });
}

function pathOf(result: Result): string | null {
  return result.kind === "entity" || result.kind === "created"
    ? `${result.type.set}/${String(result.entity["id"])}`
    : null;
}
