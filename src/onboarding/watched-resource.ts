import { customer } from "../model/customer.ts";
import { customerCreationOperation } from "../model/customer-creation-operation.ts";
import type { EntityType } from "../model/define.ts";
import type { Subscription } from "../model/subscription.ts";
import type { Watch } from "../store/notifications.ts";
import type { Context, Permission } from "./offer.ts";

/** What a subscription watches: an entity set, or one of its entities. */
export interface WatchedResource {
  readonly type: EntityType;
  readonly id?: string;
  /** What a caller must be allowed to have it watched. */
  readonly permission: Permission;
}

const watched: readonly WatchedResource[] = [
  { type: customer, permission: "Customer.Read.All" },
  { type: customerCreationOperation, permission: "CustomerCreationOperation.Read.All" },
];

/** What can be watched, in words. */
export const resourceForms = watched.flatMap(({ type }) => [type.set, `${type.set}/{id}`]).join(", ");

/** Reads the resource of a subscription, which is relative to the service root; undefined when it cannot be watched. */
export function parseResource(text: string): WatchedResource | undefined {
  const [, set, segment, key] = /^\/?(\w+)(?:\/([^/?#()]+)|\('([^/?#()']+)'\))?$/.exec(text) ?? [];
  const found = watched.find(({ type }) => type.set === set);
  const id = segment ?? key;
  if (found === undefined || id === undefined) return found;
  return { ...found, id };
}

/** The resource of a subscription that was made, which can be watched. */
export function resourceOf({ resource }: Subscription): WatchedResource {
  const parsed = parseResource(resource);
  if (parsed === undefined) throw new Error(`'${resource}' cannot be watched.`);
  return parsed;
}

/** The kinds of change that can be told. */
export const changeTypes = ["created", "updated", "deleted"] as const;

/** Reads a list of kinds of change; undefined when there is something else in it, or something twice. */
export function parseChangeTypes(text: string): readonly string[] | undefined {
  const names = text.split(",").map((each) => each.trim());
  const isKnown = (name: string) => changeTypes.some((each) => each === name);
  return names.every(isKnown) && new Set(names).size === names.length ? names : undefined;
}

/** Which changes a subscription is told of. */
export function watchOf({ notation }: Context, subscription: Subscription): Watch {
  const { type, id } = resourceOf(subscription);
  const { partnerId, changeType, notificationQueryOptions } = subscription;
  const filter = notificationQueryOptions === null ? undefined : notation.readFilter(type, notificationQueryOptions);
  return {
    type,
    partnerId,
    changeTypes: parseChangeTypes(changeType) ?? [],
    ...(id === undefined ? {} : { id }),
    ...(filter === undefined ? {} : { filter }),
  };
}
