import type { ChangeStatement } from "./changes.ts";
import { type Database, everyPartner, type Row } from "./database.ts";
import { integer, join, raw, type Statement, sql } from "./sql.ts";

/** The name of the table, as a violation of its key names it. */
export const recordTable = "repeatability";

/** By what a request is known again: the key that the partner gave it. */
export interface RecordKey {
  readonly partnerId: string;
  readonly requestId: string;
}

/** An answer, as it goes over the wire. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A request that has taken effect: what it was, what it made, and what was answered. */
export interface RepeatabilityRecord {
  readonly digest: string;
  readonly recordedDateTime: string;
  /** The path of what it made or changed, such as `customers/…`; null when it found all as it asked for. */
  readonly made: string | null;
  readonly changeType: "created" | "updated" | "deleted" | null;
  /** The operation that carries out what is left to do, when it is not itself what was made. */
  readonly operationId: string | null;
  /** Undefined until it is known, and for good when the process died before it was kept. */
  readonly answer: Answer | undefined;
}

/** What a record says of its request itself. */
type Recorded = RecordKey & Pick<RepeatabilityRecord, "digest" | "recordedDateTime">;

/** Finds the record of a request. */
export async function findRecord(database: Database, key: RecordKey): Promise<RepeatabilityRecord | undefined> {
  const [row] = await database.read(
    key.partnerId,
    sql`select "digest", "recordedDateTime", "made", "changeType", "operationId", "status", "headers", "body"
      from "repeatability" where "partnerId" = ${key.partnerId} and "requestId" = ${key.requestId}`,
  );
  return row === undefined ? undefined : readRecord(row);
}

/**
 * Records a request in the transaction of the changes that it makes, if one of them has taken place; gives a row then.
 * There is no `on conflict`: the key must end the transaction of a twin, so that of two in flight one takes effect.
 */
export function insertRecord(recorded: Recorded, changes: readonly ChangeStatement[]): Statement {
  const { made, changeType, operationId } = describeChanges(changes);
  const conditions = changes.map(({ wasWritten }) => wasWritten);
  return sql`insert into "repeatability"
    ("partnerId", "requestId", "digest", "recordedDateTime", "made", "changeType", "operationId")
    select ${recorded.partnerId}, ${recorded.requestId}, ${recorded.digest}, ${recorded.recordedDateTime},
      ${made}, ${changeType}, ${operationId}
    where ${join(conditions, " or ")} returning "requestId"`;
}

/** Keeps the answer of a request that is recorded, unless one is kept already. Tells whether it did. */
export async function keepAnswer(database: Database, key: RecordKey, answer: Answer): Promise<boolean> {
  const { status, headers, body = null } = answer;
  const [rows = []] = await database.write(key.partnerId, [
    sql`update "repeatability" set "status" = ${status}, "headers" = ${JSON.stringify(headers)}, "body" = ${body}
      where "partnerId" = ${key.partnerId} and "requestId" = ${key.requestId} and "status" is null
      returning "requestId"`,
  ]);
  return rows.length > 0;
}

/** Records a request that found all as it asked for, together with its answer. A twin's record stays. */
export async function insertAnswered(
  database: Database,
  recorded: Recorded,
  made: string | null,
  answer: Answer,
): Promise<void> {
  const { status, headers, body = null } = answer;
  await database.write(recorded.partnerId, [
    sql`insert into "repeatability"
      ("partnerId", "requestId", "digest", "recordedDateTime", "made", "status", "headers", "body")
      values (${recorded.partnerId}, ${recorded.requestId}, ${recorded.digest}, ${recorded.recordedDateTime},
        ${made}, ${status}, ${JSON.stringify(headers)}, ${body})
      on conflict ("partnerId", "requestId") do nothing`,
  ]);
}

/** Removes the record of a request, if it is older than an instant. */
export async function removeRecord(database: Database, key: RecordKey, before: string): Promise<void> {
  await database.write(key.partnerId, [
    sql`delete from "repeatability" where "partnerId" = ${key.partnerId} and "requestId" = ${key.requestId}
      and "recordedDateTime" < ${before}`,
  ]);
}

/** Removes up to `limit` records of any partner that are older than an instant. Tells how many there were. */
export async function purgeRecords(database: Database, before: string, limit: number): Promise<number> {
  const [rows = []] = await database.write(everyPartner, [
    sql`delete from "repeatability" where ("partnerId", "requestId") in (
        select "partnerId", "requestId" from "repeatability" where "recordedDateTime" < ${before}
        order by "recordedDateTime" limit ${integer(limit)} ${raw(database.dialect.skipLocked)})
      returning "requestId"`,
  ]);
  return rows.length;
}

// What a request made last is what its answer is about: POST /customers makes the operation first, then the customer.
function describeChanges(changes: readonly ChangeStatement[]) {
  const told = changes.map(({ change }) => change);
  const main = told.findLast(({ changeType }) => changeType === "created") ?? told[0];
  const operation = told.find(({ entitySet }) => entitySet === "customerCreationOperations");
  return {
    made: main === undefined ? null : `${main.entitySet}/${main.key.id}`,
    changeType: main?.changeType ?? null,
    operationId: operation === undefined || operation.key.id === main?.key.id ? null : operation.key.id,
  };
}

function readRecord(row: Row): RepeatabilityRecord {
  const { digest, recordedDateTime, made, changeType, operationId, status, headers, body } = row;
  return {
    digest: String(digest),
    recordedDateTime: String(recordedDateTime),
    made: textOf(made),
    changeType: changeType === "created" || changeType === "updated" || changeType === "deleted" ? changeType : null,
    operationId: textOf(operationId),
    answer: typeof status === "number" ? answerOf(status, String(headers), textOf(body)) : undefined,
  };
}

// What is read back is what keepAnswer wrote.
function answerOf(status: number, headers: string, body: string | null): Answer {
  return { status, headers: JSON.parse(headers), ...(body === null ? {} : { body }) };
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
