import type { Database, Row } from "./database.ts";
import { type Statement, sql } from "./sql.ts";

/** Which stage of which operation a provisioner outside was asked for. */
export interface CallKey {
  readonly partnerId: string;
  readonly operationId: string;
  readonly stage: string;
}

/** What was asked of a provisioner outside, as far as it is known. */
export interface ProvisionerCall {
  /** The same as long as there was no answer. */
  readonly requestId: string;
  /** `sent`: the other side may have begun; `made`: it is done; `refused`: it was answered that it will not be done. */
  readonly outcome: "sent" | "made" | "refused";
  /** Where the stage can be asked for, when it takes its time. */
  readonly place: string | null;
  /** When it was first sent. */
  readonly callDateTime: string;
}

/** Finds what was asked for a stage. */
export async function findCall(database: Database, key: CallKey): Promise<ProvisionerCall | undefined> {
  const [row] = await database.read(
    key.partnerId,
    sql`select "requestId", "outcome", "place", "callDateTime" from "provisionerCalls" where ${isOf(key)}`,
  );
  return row === undefined ? undefined : readCall(row);
}

/** Records that a call is about to be sent. One that was not answered stays as it was; what was refused begins anew. */
export async function beginCall(
  database: Database,
  key: CallKey,
  call: { readonly requestId: string; readonly callDateTime: string },
): Promise<ProvisionerCall> {
  const results = await database.write(key.partnerId, [
    sql`insert into "provisionerCalls" ("partnerId", "operationId", "stage", "requestId", "outcome", "callDateTime")
      values (${key.partnerId}, ${key.operationId}, ${key.stage}, ${call.requestId}, 'sent', ${call.callDateTime})
      on conflict ("partnerId", "operationId", "stage") do update
        set "requestId" = excluded."requestId", "outcome" = 'sent', "place" = null,
          "callDateTime" = excluded."callDateTime"
        where "provisionerCalls"."outcome" = 'refused'`,
    sql`select "requestId", "outcome", "place", "callDateTime" from "provisionerCalls" where ${isOf(key)}`,
  ]);
  const row = results[1]?.[0];
  if (row === undefined) throw new Error("The call was not recorded.");
  return readCall(row);
}

/** Records what was answered. */
export async function endCall(
  database: Database,
  key: CallKey,
  { outcome, place = null }: { readonly outcome: ProvisionerCall["outcome"]; readonly place?: string | null },
): Promise<void> {
  await database.write(key.partnerId, [
    sql`update "provisionerCalls" set "outcome" = ${outcome}, "place" = ${place} where ${isOf(key)}`,
  ]);
}

/** Forgets all that was asked for an operation. */
export async function removeCalls(database: Database, { partnerId, operationId }: Omit<CallKey, "stage">) {
  await database.write(partnerId, [
    sql`delete from "provisionerCalls" where "partnerId" = ${partnerId} and "operationId" = ${operationId}`,
  ]);
}

function isOf({ partnerId, operationId, stage }: CallKey): Statement {
  return sql`"partnerId" = ${partnerId} and "operationId" = ${operationId} and "stage" = ${stage}`;
}

function readCall(row: Row): ProvisionerCall {
  const { requestId, outcome, place, callDateTime } = row;
  if (outcome !== "sent" && outcome !== "made" && outcome !== "refused") {
    throw new Error(`'${String(outcome)}' is no outcome of a call.`);
  }
  return {
    requestId: String(requestId),
    outcome,
    place: typeof place === "string" ? place : null,
    callDateTime: String(callDateTime),
  };
}
