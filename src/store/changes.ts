import { type Statement, sql } from "./sql.ts";

/** Which row a write is about. */
export interface RowKey {
  readonly partnerId: string;
  readonly id: string;
}

/** When something was done, and under which client-request-id. */
export interface Note {
  readonly changeDateTime: string;
  readonly correlationId: string;
}

/** One thing that happened to an entity. */
interface Change extends Note {
  readonly entitySet: string;
  readonly key: RowKey;
  readonly changeType: "created" | "updated" | "deleted";
}

/** Records a change, in the transaction of the write that it tells of, if that write has taken place. */
export function changeStatement(change: Change, wasWritten: Statement): Statement {
  const { key, entitySet, changeType, changeDateTime, correlationId } = change;
  return sql`insert into "changes"
    ("partnerId", "entitySet", "entityId", "changeType", "changeDateTime", "correlationId")
    select ${key.partnerId}, ${entitySet}, ${key.id}, ${changeType}, ${changeDateTime}, ${correlationId}
    where ${wasWritten}`;
}
