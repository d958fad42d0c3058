import { useQuery } from "@tanstack/react-query";
import type { AuditEvent, Customer, CustomerCreationOperation } from "../../../src/client/types.ts";
import { ApiError, literal, type Page, rootOf, withOptions } from "../api/api.ts";
import { useApi } from "../api/api-context.tsx";
import { labelOf } from "../fields/customer-fields.ts";
import { texts } from "../texts.ts";

const auditedMax = 200;
const forbidden = 403;

/** Something that happened to a customer. */
export interface HistoryEvent {
  readonly key: string;
  readonly at: string;
  readonly what: string;
}

/** Reads what happened to a customer, the newest first. Whoever may not read the audit learns what happened, not by whom. */
export function useHistory(customer: Customer) {
  const operations = useOperationsOf(customer);
  const audit = useAuditOf(customer, operations.data);
  const isAuditReadable = !(audit.error instanceof ApiError && audit.error.status === forbidden);
  const error = operations.error ?? (isAuditReadable ? audit.error : null);
  const retry = operations.error === null ? audit.refetch : operations.refetch;
  const known = operations.data?.value ?? [];
  if (operations.data === undefined || (audit.data === undefined && isAuditReadable)) {
    return { events: undefined, operations: known, isAuditReadable, error, retry };
  }
  const done = audit.data === undefined ? ownEvents(customer) : auditedEvents(audit.data);
  // Of what happened at the same instant, what was recorded later stands above.
  const events = [...stageEvents(known), ...done].sort((one, other) => one.at.localeCompare(other.at)).reverse();
  return { events, operations: known, isAuditReadable, error, retry };
}

function useOperationsOf({ companyProfile }: Customer) {
  const api = useApi();
  const path = withOptions("/customerCreationOperations", {
    $filter: `domain eq ${literal(companyProfile.domain)}`,
    $orderby: "id desc",
  });
  return useQuery({
    queryKey: ["operations", path],
    queryFn: () => api.read<Page<CustomerCreationOperation>>(path),
  });
}

/** What was asked for and done about the customer or one of its operations. */
function useAuditOf(customer: Customer, operations: Page<CustomerCreationOperation> | undefined) {
  const api = useApi();
  const root = operations === undefined ? "" : rootOf(operations);
  const places = [
    `${root}/customers/${customer.id}`,
    ...(operations?.value ?? []).map(({ id }) => `${root}/customerCreationOperations/${id}`),
  ];
  // One by one, as an index serves each of these questions and not one about all of them.
  const read = async (place: string) => {
    const options = { $filter: `resourceLocation eq ${literal(place)}`, $orderby: "id desc", $top: auditedMax };
    return (await api.read<Page<AuditEvent>>(withOptions("/auditEvents", options))).value;
  };
  return useQuery({
    queryKey: ["customer", customer.id, "audit", places],
    queryFn: async () =>
      (await Promise.all(places.map(read))).flat().sort((one, other) => (one.id < other.id ? -1 : 1)),
    enabled: operations !== undefined,
  });
}

function stageEvents(operations: readonly CustomerCreationOperation[]): readonly HistoryEvent[] {
  return operations.flatMap(({ id, history }) =>
    history.map(({ status, stage, transitionDateTime }, index) => ({
      key: `${id} ${index}`,
      at: transitionDateTime,
      what: texts.history.transition(texts.statuses[status], texts.stages[stage]),
    })),
  );
}

function auditedEvents(events: readonly AuditEvent[]): readonly HistoryEvent[] {
  const { activities } = texts.history;
  const isKnown = (activity: string): activity is keyof typeof activities => activity in activities;
  return events.map(({ id, activity, activityDateTime, initiatedBy, changedProperties }) => ({
    key: id,
    at: activityDateTime,
    what: texts.history.by(
      isKnown(activity) ? activities[activity] : activity,
      initiatedBy,
      // That the status has changed is what the activity says.
      changedProperties.filter((path) => path !== "status").map((path) => labelOf(path)),
    ),
  }));
}

// All that the customer itself tells.
function ownEvents({ createdDateTime, lastModifiedDateTime }: Customer): readonly HistoryEvent[] {
  return [
    { key: "created", at: createdDateTime, what: texts.history.created },
    { key: "modified", at: lastModifiedDateTime, what: texts.history.modified },
  ];
}
