import { customer } from "../model/customer.ts";
import { customerCreationOperation, type Operation } from "../model/customer-creation-operation.ts";
import type { Values } from "../model/define.ts";
import type { RowKey } from "../store/changes.ts";
import { releaseDomain } from "../store/domains.ts";
import { type Statement, sql } from "../store/sql.ts";
import { updateEntity, wasWritten } from "../store/write.ts";
import { currentTraceParent } from "../telemetry/trace.ts";
import type { Task } from "./offer.ts";
import { ending } from "./transition.ts";

/**
 * Cancels an operation that has not come to its end, and gives its row first. Without a customer the domain is free at
 * once; otherwise the work loop undoes the finished stages, and the domain is free after that. A worker that is busy
 * with the operation keeps its lease, so that nothing is undone while something is still being made.
 */
export function cancelStatements(task: Task, operation: Operation, more: Values): readonly Statement[] {
  const { context, correlationId } = task;
  const now = context.clock();
  const version = context.newId();
  const note = { changeDateTime: now, correlationId };
  const { partnerId, id, provisionedCustomerId } = operation;
  const changes = {
    ...ending(operation, "canceled", now, version),
    error: canceledByClient,
    isRetryable: false,
    expirationDateTime: null,
    undoAttempts: 0,
    work: provisionedCustomerId === null ? null : "compensate",
    dueDateTime: provisionedCustomerId === null ? null : now,
    traceParent: currentTraceParent(),
    ...more,
  };
  const written = wasWritten(customerCreationOperation, { partnerId, id }, version);
  return [
    ...updateEntity(customerCreationOperation, operation, changes, {
      ...note,
      ...(more["deletedDateTime"] === undefined ? {} : { changeType: "deleted" }),
      when: sql`"version" = ${operation.version}`,
    }),
    ...(provisionedCustomerId === null
      ? [releaseDomain(operation.domain, id, written)]
      : updateEntity(
          customer,
          { partnerId, id: provisionedCustomerId },
          { lifecycleState: "removing", lastModifiedDateTime: now, version: context.newId() },
          { ...note, when: sql`"deletedDateTime" is null and ${written}` },
        )),
  ];
}

/** The error of an operation that was canceled. */
export const canceledByClient = {
  code: "conflict",
  message: "The operation was canceled by a request.",
  target: null,
  details: [],
  innerError: { code: "canceledByClient" },
} as const;

/** Has the work loop cancel and undo what made a customer that is deleted before it was finished, or after it failed. */
export function abandonStatement(deleted: RowKey, now: string, when: Statement): Statement {
  return sql`update "customerCreationOperations" set "work" = 'compensate', "dueDateTime" = ${now}, "undoAttempts" = 0
    where "partnerId" = ${deleted.partnerId} and "provisionedCustomerId" = ${deleted.id}
      and "status" in ('running', 'failed') and ${when}`;
}
