import type { Values } from "../model/define.ts";
import { Problem, refuse } from "../model/problem.ts";
import { type Subscription, subscription } from "../model/subscription.ts";
import { newestPlace } from "../store/changes.ts";
import { asStored } from "../store/columns.ts";
import { atOnce, closeLanes, openLanes, takeLaneBack } from "../store/notification-lanes.ts";
import { giveUpDeliveries } from "../store/notifications.ts";
import { readEntity } from "../store/rows.ts";
import { countEntities, findEntity } from "../store/select.ts";
import { sql } from "../store/sql.ts";
import { insertEntity, updateEntity, wasWritten } from "../store/write.ts";
import { assertUntagged, assertVersion, getEntity, isAlready, readChanges } from "./entities.ts";
import { shakeHands } from "./handshake.ts";
import type { Result, Task } from "./offer.ts";
import { later, noteOf, retried, valuesOf } from "./operation.ts";
import { assertPermitted } from "./permissions.ts";
import { expirationOf } from "./subscription-checks.ts";
import { parseResource, resourceOf, type WatchedResource } from "./watched-resource.ts";

/*
 * The life of a subscription.
 *
 *   (none)   ─ createSubscription ─► active    its receivers have answered the handshake
 *   active   ─ updateSubscription ─► active    renewed, or sent elsewhere after a handshake there
 *   active   ─ reauthorize ────────► active    the caller may still have it
 *   active   ─ deleteSubscription ─► (ended)   nothing more is sent
 *   active   ─ tellLifecycle ──────► (ended)   at its expiration; its lifecycle receiver is told
 */

/** Makes a subscription, once its receivers have shown that they want it. Everything that is settled later is told. */
export async function createSubscription(task: Task): Promise<Result> {
  const { context, caller } = task;
  assertUntagged(task);
  const given = valuesOf(task);
  const resource = parseResource(String(given["resource"]));
  if (resource === undefined) throw new Problem("malformedValue", "'resource' cannot be watched.");
  assertPermitted(caller, resource.permission);
  await assertExists(task, resource);
  await assertRoom(task);
  const made = newSubscription(task, given);
  await shakeHands(context, receiversOf(made), made.latestSupportedTlsVersion);

  const now = context.clock();
  const place = await newestPlace(context.database, caller.partnerId, "settled");
  const { expirationDateTime } = made;
  const rows = await context.database.write(caller.partnerId, [
    ...insertEntity(subscription, made, { ...noteOf(task), when: sql`true` }),
    ...openLanes(
      made,
      { place, now, lifecycleDueDateTime: noticeDateTime(now, expirationDateTime) },
      wasWritten(subscription, made, made.version),
    ),
  ]);
  if (rows[0]?.[0] === undefined) throw new Error("The subscription was not written.");
  return {
    kind: "created",
    type: subscription,
    entity: asStored(subscription, made),
    byDefault: "representation",
  };
}

/** Renews a subscription, or sends it elsewhere. Where that is must answer the handshake first. */
export function updateSubscription(task: Task): Promise<Result> {
  return retried(task.context, async () => {
    const current = await getEntity(task, subscription);
    assertMayWatch(task, current);
    const given = readChanges(subscription, current, valuesOf(task));
    assertVersion(task, current.version);
    if (isAlready(current, given)) return { kind: "entity", type: subscription, entity: current };
    const { expirationDateTime, notificationUrl } = given;
    if (typeof notificationUrl === "string" && notificationUrl !== current.notificationUrl) {
      const receivers = [{ property: "notificationUrl", url: notificationUrl }];
      await shakeHands(
        task.context,
        receivers,
        String(given["latestSupportedTlsVersion"] ?? current.latestSupportedTlsVersion),
      );
    }
    assertEncryption({ ...current, ...given });
    return writeSubscription(task, current, {
      ...given,
      ...(typeof expirationDateTime === "string"
        ? { expirationDateTime: expirationOf(task.context, expirationDateTime) }
        : {}),
    });
  });
}

/** Ends a subscription. What was not sent yet never is. */
export async function deleteSubscription(task: Task): Promise<Result> {
  const { context, caller } = task;
  await retried(context, async () => {
    const current = await getEntity(task, subscription);
    assertMayWatch(task, current);
    assertVersion(task, current.version);
    const version = context.newId();
    const note = noteOf(task);
    const rows = await context.database.write(caller.partnerId, [
      ...updateEntity(
        subscription,
        current,
        { deletedDateTime: note.changeDateTime, version },
        { ...note, changeType: "deleted", when: sql`"version" = ${current.version}` },
      ),
      closeLanes(current, wasWritten(subscription, current, version)),
      giveUpDeliveries(current, context.newId(), wasWritten(subscription, current, version)),
    ]);
    return rows[0]?.[0];
  });
  return { kind: "done" };
}

/** Confirms that the caller may still have the subscription. Nothing changes, but that no notice of it is due any more. */
export async function reauthorizeSubscription(task: Task): Promise<Result> {
  await retried(task.context, async () => {
    const current = await getEntity(task, subscription);
    assertMayWatch(task, current);
    return writeSubscription(task, current, {});
  });
  return { kind: "done" };
}

/** Refuses a caller who may not read what a subscription watches: he could have it sent to himself. */
export function assertMayWatch({ caller }: Task, current: Subscription): void {
  assertPermitted(caller, resourceOf(current).permission);
}

/** When an application is reminded that its subscription ends: a day before, and no sooner than in three quarters of what is left. */
export function noticeDateTime(now: string, expirationDateTime: string): string {
  const left = (Date.parse(expirationDateTime) - Date.parse(now)) / 1000;
  return later(expirationDateTime, -Math.min(86_400, left / 4));
}

async function assertExists({ context, caller }: Task, { type, id }: WatchedResource): Promise<void> {
  if (id === undefined) return;
  const found = await findEntity(context.database, type, { partnerId: caller.partnerId, id });
  if (found !== undefined) return;
  throw new Problem("invalidEntityReference", `There is no ${type.name} with the id '${id}' to be watched.`, {
    target: "resource",
  });
}

async function assertRoom({ context, caller }: Task): Promise<void> {
  const { database, limits, clock } = context;
  const count = await countEntities(database, { type: subscription, partnerId: caller.partnerId }, clock());
  if (count < limits.subscriptionsMax) return;
  throw new Problem(
    "accessDenied",
    `The partner has reached its limit of ${limits.subscriptionsMax} subscriptions. Delete one that is not needed any more.`,
  );
}

function newSubscription(task: Task, given: Values): Subscription {
  const { context, caller } = task;
  const id = context.newId();
  const { partnerId, name } = caller;
  const text = (property: string) => (typeof given[property] === "string" ? given[property] : null);
  const clientState = text("clientState");
  const about = { partnerId, id };
  return {
    id,
    resource: String(given["resource"]).replace(/^\//, ""),
    changeType: String(given["changeType"]),
    notificationUrl: String(given["notificationUrl"]),
    lifecycleNotificationUrl: text("lifecycleNotificationUrl"),
    expirationDateTime: expirationOf(context, String(given["expirationDateTime"])),
    clientState: null,
    latestSupportedTlsVersion: text("latestSupportedTlsVersion") ?? "v1_2",
    includeResourceData: given["includeResourceData"] === true,
    encryptionCertificate: text("encryptionCertificate"),
    encryptionCertificateId: text("encryptionCertificateId"),
    notificationQueryOptions: text("notificationQueryOptions"),
    notificationContentType: "application/json",
    notificationUrlAppId: text("notificationUrlAppId"),
    applicationId: name,
    creatorId: name,
    partnerId,
    version: context.newId(),
    createdDateTime: context.clock(),
    deletedDateTime: null,
    sealedClientState: clientState === null ? null : context.vault.seal(clientState, aboutClientState(about)),
  };
}

/** What a sealed client state is bound to: it opens for its own subscription only. */
export function aboutClientState({ partnerId, id }: { readonly partnerId: string; readonly id: string }): string {
  return `${partnerId}/subscriptions/${id}/clientState`;
}

function receiversOf({ notificationUrl, lifecycleNotificationUrl: url }: Subscription) {
  const own = { property: "notificationUrl", url: notificationUrl };
  return url === null ? [own] : [own, { property: "lifecycleNotificationUrl", url }];
}

function assertEncryption(after: Values): void {
  const names = ["encryptionCertificate", "encryptionCertificateId"] as const;
  refuse(
    names.flatMap((target) => {
      const isGiven = typeof after[target] === "string";
      if (isGiven === (after["includeResourceData"] === true)) return [];
      const message = `'${target}' goes with 'includeResourceData', which is ${String(after["includeResourceData"])} here.`;
      return [{ code: "malformedValue", message, target } as const];
    }),
  );
}

/** Writes a subscription; undefined when another writer came first. Its next notice is reckoned anew. */
async function writeSubscription(task: Task, current: Subscription, changes: Values): Promise<Result | undefined> {
  const { context, caller } = task;
  const note = noteOf(task);
  const version = context.newId();
  const expirationDateTime = String(changes["expirationDateTime"] ?? current.expirationDateTime);
  const notice = noticeDateTime(note.changeDateTime, expirationDateTime);
  const written = wasWritten(subscription, current, version);
  const rows = await context.database.write(caller.partnerId, [
    ...updateEntity(
      subscription,
      current,
      { ...changes, version },
      {
        ...note,
        when: sql`"version" = ${current.version}`,
      },
    ),
    takeLaneBack(current, "lifecycle", { dueDateTime: notice }, sql`"pending" = '' and ${written}`),
    // A receiver at another place has not failed yet.
    ...(changes["notificationUrl"] === undefined
      ? []
      : [
          takeLaneBack(current, "changes", atOnce(note.changeDateTime), written),
          giveUpDeliveries(current, context.newId(), sql`"purpose" = 'changes' and ${written}`),
        ]),
  ]);
  const [row] = rows[0] ?? [];
  return row === undefined ? undefined : { kind: "entity", type: subscription, entity: readEntity(subscription, row) };
}
