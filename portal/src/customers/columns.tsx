import type { ReactNode } from "react";
import type { Customer } from "../../../src/client/types.ts";
import { RouteLink } from "../shell/route-link.tsx";
import { texts } from "../texts.ts";
import { formatInstant, nameOfCountry } from "./format.ts";
import { LifecycleBadge } from "./lifecycle-badge.tsx";
import type { SortColumn } from "./list-state.ts";

/** A column of the list of customers. */
export interface Column {
  readonly id: SortColumn | "tenantId";
  readonly label: string;
  readonly isSortable: boolean;
  /** Its share of the table, where that is not the same as for the others. */
  readonly width?: string;
  render(customer: Customer): ReactNode;
}

const labels = texts.customers.columns;

/** Every column, in the order in which they are shown. The first one names the customer, and is always there. */
export const columns: readonly [Column, ...Column[]] = [
  {
    id: "name",
    label: labels.name,
    isSortable: true,
    render: (each) => <RouteLink to={`/customers/${each.id}`}>{nameOfCustomer(each)}</RouteLink>,
  },
  {
    id: "domain",
    label: labels.domain,
    isSortable: true,
    width: "26%",
    render: ({ companyProfile }) => companyProfile.domain,
  },
  {
    id: "country",
    label: labels.country,
    isSortable: true,
    render: ({ billingProfile }) => nameOfCountry(billingProfile.defaultAddress?.country),
  },
  {
    id: "state",
    label: labels.state,
    isSortable: true,
    width: "120px",
    render: ({ lifecycleState }) => <LifecycleBadge state={lifecycleState} />,
  },
  { id: "email", label: labels.email, isSortable: true, render: ({ billingProfile }) => billingProfile.email },
  { id: "externalId", label: labels.externalId, isSortable: true, render: ({ externalId }) => externalId },
  { id: "tenantId", label: labels.tenantId, isSortable: false, render: ({ tenantId }) => tenantId },
  {
    id: "created",
    label: labels.created,
    isSortable: true,
    render: ({ createdDateTime }) => formatInstant(createdDateTime),
  },
  {
    id: "modified",
    label: labels.modified,
    isSortable: true,
    render: ({ lastModifiedDateTime }) => formatInstant(lastModifiedDateTime),
  },
];

/** What a customer is called: by its company, else by its domain. */
export function nameOfCustomer({ companyProfile }: Pick<Customer, "companyProfile">): string {
  return companyProfile.companyName ?? companyProfile.domain;
}
