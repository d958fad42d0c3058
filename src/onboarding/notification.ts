import type { Subscription } from "../model/subscription.ts";
import type { ToldChange } from "../store/notifications.ts";
import { encryptContent } from "./encrypted-content.ts";
import { parseCertificate } from "./encryption-certificate.ts";
import type { Context } from "./offer.ts";
import { aboutClientState } from "./subscriptions.ts";
import { resourceOf } from "./watched-resource.ts";

/** What becomes of a subscription itself. */
export type LifecycleEvent = "reauthorizationRequired" | "subscriptionRemoved" | "missed";

/**
 * The id of a notification. It is that of the change: told again, it has the same one, so that whoever has taken it in
 * already can tell. After a restore, positions are given anew; the name of the log keeps these changes apart from those
 * that were lost.
 */
export function notificationId(
  { changeLog }: Pick<Context, "changeLog">,
  { id }: Pick<Subscription, "id">,
  { place }: Pick<ToldChange, "place">,
): string {
  return `${id}_${changeLog}_${place.position}`;
}

/** The position of the change that a notification of the subscription has told; undefined when it is none of its. */
export function positionOf({ id }: Pick<Subscription, "id">, notification: string): string | undefined {
  return notification.startsWith(`${id}_`) ? /_(\d{1,18})$/.exec(notification)?.[1] : undefined;
}

/** Prints the notification of a change (Microsoft Graph, changeNotification resource type). */
export function printNotification(context: Context, subscription: Subscription, change: ToldChange) {
  const { type } = resourceOf(subscription);
  const { changeType, entityId, entity } = change;
  const resource = `${type.set}/${entityId}`;
  return {
    id: notificationId(context, subscription, change),
    ...printCommon(context, subscription),
    changeType,
    resource,
    resourceData: {
      "@odata.type": `#Microsoft.Graph.${type.name}`,
      "@odata.id": resource,
      ...(entity === undefined ? {} : { "@odata.etag": `W/"${String(entity["version"])}"` }),
      id: entityId,
    },
    ...encryptEntity(context, subscription, change),
  };
}

/** Prints a notification that tells of no change: of the subscription itself alone. */
export function printTest(context: Context, subscription: Subscription) {
  const { id, resource } = subscription;
  return {
    id: `${id}_test`,
    ...printCommon(context, subscription),
    changeType: "updated",
    resource: `subscriptions/${id}`,
    resourceData: { "@odata.type": "#Microsoft.Graph.subscription", "@odata.id": `subscriptions/${id}`, id },
    isTest: true,
    watchedResource: resource,
  };
}

/** Prints what becomes of the subscription itself (Microsoft Graph, lifecycle notifications). */
export function printLifecycle(context: Context, subscription: Subscription, lifecycleEvent: string) {
  return { ...printCommon(context, subscription), lifecycleEvent };
}

function printCommon({ vault }: Context, subscription: Subscription) {
  const { id, expirationDateTime, partnerId, sealedClientState: sealed } = subscription;
  return {
    subscriptionId: id,
    subscriptionExpirationDateTime: expirationDateTime,
    clientState: sealed === null ? null : vault.open(sealed, aboutClientState(subscription)),
    tenantId: partnerId,
  };
}

// Of what is deleted nothing is left to be told but its id.
function encryptEntity({ notation }: Context, subscription: Subscription, { changeType, entity }: ToldChange) {
  const { includeResourceData, encryptionCertificate, encryptionCertificateId: id } = subscription;
  if (!includeResourceData || entity === undefined || changeType === "deleted") return {};
  const certificate = parseCertificate(encryptionCertificate ?? "");
  if (certificate === undefined || id === null) throw new Error("The subscription has no certificate to encrypt for.");
  const data = notation.printEntity(resourceOf(subscription).type, entity);
  return { encryptedContent: encryptContent(data, { certificate, id }) };
}
