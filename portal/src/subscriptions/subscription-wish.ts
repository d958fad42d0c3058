import type { FieldValues } from "../fields/field-values.ts";
import { readLocal } from "./local-instant.ts";

/** What can be watched. */
export const resources = ["customers", "customerCreationOperations"] as const;

/** The kinds of change that can be told. */
export const changeTypes = ["created", "updated", "deleted"] as const;

/** What stands in the form of a new subscription. */
export interface Wish {
  readonly resource: string;
  readonly key: string;
  readonly changes: readonly (typeof changeTypes)[number][];
  readonly url: string;
  readonly lifecycleUrl: string;
  readonly expires: string;
  readonly clientState: string;
  readonly filter: string;
}

/** The properties that the form asks for, as faults name them. */
export const wishPaths = [
  "resource",
  "changeType",
  "notificationUrl",
  "lifecycleNotificationUrl",
  "expirationDateTime",
  "clientState",
  "notificationQueryOptions",
] as const;

/** Makes the body of a request that subscribes: what is empty is left out, and the server says whether it is needed. */
export function printSubscription(wish: Wish): FieldValues {
  const [key, filter] = [wish.key.trim(), wish.filter.trim()];
  const entries: Readonly<Record<(typeof wishPaths)[number], string | undefined>> = {
    resource: key === "" ? wish.resource : `${wish.resource}/${key}`,
    changeType: wish.changes.join(","),
    notificationUrl: wish.url.trim(),
    lifecycleNotificationUrl: wish.lifecycleUrl.trim(),
    expirationDateTime: readLocal(wish.expires),
    clientState: wish.clientState,
    notificationQueryOptions: filter === "" || filter.startsWith("$") ? filter : `$filter=${filter}`,
  };
  return Object.fromEntries(
    Object.entries(entries).flatMap(([path, value]) => (value === undefined || value === "" ? [] : [[path, value]])),
  );
}
