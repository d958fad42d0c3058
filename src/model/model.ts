import { auditEvent } from "./audit-event.ts";
import { customer } from "./customer.ts";
import { customerCreationOperation } from "./customer-creation-operation.ts";
import type { EntityType } from "./define.ts";
import { notificationDelivery } from "./notification-delivery.ts";
import { subscription } from "./subscription.ts";

/** The namespace of all types, and the short name that stands for it. */
export const namespace = { name: "microsoft.graph", alias: "graph" } as const;

/** The entity types of the service, in the order in which documents list them. */
export const entityTypes: readonly EntityType[] = [
  customerCreationOperation,
  customer,
  subscription,
  notificationDelivery,
  auditEvent,
];

/** The version of the schema, as clients may ask for it with `$schemaversion`; it is raised when a client would break. */
export const schemaVersion = "1.0";

/** The versions of the API: the first segment of every path. */
export const versions = ["v1.0", "beta"] as const;
