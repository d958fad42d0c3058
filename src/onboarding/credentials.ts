import { customerCreationOperation, type Operation } from "../model/customer-creation-operation.ts";
import { customerCredentials } from "../model/customer-credentials.ts";
import { isValues } from "../model/define.ts";
import { Problem } from "../model/problem.ts";
import type { RowKey } from "../store/changes.ts";
import { eraseClaimed, findSealed, isUnclaimed, keepSealed } from "../store/credentials.ts";
import { type Statement, sql } from "../store/sql.ts";
import { updateEntity, wasWritten } from "../store/write.ts";
import { assertVersion, getEntity } from "./entities.ts";
import type { Context, Result, Task } from "./offer.ts";
import { noteOf, retried } from "./operation.ts";
import type { Credentials } from "./provisioner.ts";

/** Gives the statements that keep what a stage issued, sealed, in the write that records the stage. */
export function keepCredentials(
  { vault }: Context,
  operation: Operation,
  credentials: Credentials | undefined,
  now: string,
): (written: Statement) => readonly Statement[] {
  if (credentials === undefined) return () => [];
  const sealed = vault.seal(JSON.stringify(credentials), aboutOf(operation));
  return (written) => [keepSealed(operation, sealed, now, written)];
}

/**
 * Hands the credentials of the new tenant over, once, and erases them (D17): the action `claimCredentials`. They are
 * erased before they are sent: what is lost on the way is lost, and nobody else has seen it.
 */
export function handOverCredentials(task: Task): Promise<Result> {
  const { context } = task;
  return retried(context, async () => {
    const operation = await getEntity(task, customerCreationOperation);
    assertVersion(task, operation.version);
    const sealed = await getSealed(task, operation);
    const value: unknown = JSON.parse(context.vault.open(sealed, aboutOf(operation)));
    if (!isValues(value)) throw new Error(`The credentials of operation ${operation.id} are no values.`);
    const note = noteOf(task);
    const changes = { lastActionDateTime: note.changeDateTime, version: context.newId() };
    const [rows] = await context.database.write(operation.partnerId, [
      ...updateEntity(customerCreationOperation, operation, changes, {
        ...note,
        when: sql`"version" = ${operation.version} and ${isUnclaimed(operation, sealed)}`,
      }),
      eraseClaimed(operation, note.changeDateTime, wasWritten(customerCreationOperation, operation, changes.version)),
    ]);
    return rows?.[0] === undefined ? undefined : { kind: "value", type: customerCredentials, value, secret: true };
  });
}

async function getSealed({ context }: Task, operation: Operation): Promise<string> {
  if (operation.status !== "succeeded") {
    const message = `Credentials can be claimed once the operation has succeeded; it is ${operation.status}.`;
    throw new Problem("credentialsNotReady", message);
  }
  const sealed = await findSealed(context.database, operation);
  if (sealed === undefined) {
    throw new Problem("itemNotFound", "The operation has no credentials: its provisioner issued none.");
  }
  if (sealed !== null) return sealed;
  throw new Problem(
    "credentialsAlreadyClaimed",
    "The credentials were handed over already and are erased. Set a new password in the tenant.",
  );
}

function aboutOf({ partnerId, id }: RowKey): string {
  return `${partnerId}/${id}`;
}
