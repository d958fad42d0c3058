import { auditEvent } from "../model/audit-event.ts";
import { countSet, listEntities, readOne } from "./entities.ts";
import type { Offer } from "./offer.ts";

const read = { method: "GET", permission: "AuditEvent.Read.All", accepts: { body: "none" } } as const;

/** What can be asked of the audit: nothing writes to it but the service itself. */
export const auditOffers: readonly Offer[] = [
  {
    ...read,
    path: "/auditEvents",
    summary: "List what the partner's applications and people did, or were refused.",
    answers: { result: "collection", type: auditEvent },
    run: (task) => listEntities(task, auditEvent),
  },
  {
    ...read,
    path: "/auditEvents/$count",
    summary: "Count what the partner's applications and people did, or were refused.",
    answers: { result: "count", type: auditEvent },
    run: (task) => countSet(task, auditEvent),
  },
  {
    ...read,
    path: "/auditEvents/{id}",
    summary: "Read one event of the audit.",
    answers: { result: "entity", type: auditEvent },
    run: (task) => readOne(task, auditEvent),
  },
];
