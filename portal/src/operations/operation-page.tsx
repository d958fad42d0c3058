import { MessageBar, MessageBarBody, MessageBarTitle, makeStyles, Text } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";
import type { Customer, CustomerCreationOperation } from "../../../src/client/types.ts";
import { withOptions } from "../api/api.ts";
import { useApi } from "../api/api-context.tsx";
import { nameOfCustomer } from "../customers/columns.tsx";
import { formatInstant } from "../customers/format.ts";
import { nameFields } from "../fields/customer-fields.ts";
import { operationsCrumb } from "../shell/destinations.tsx";
import { Failure } from "../shell/failure.tsx";
import { Loaded } from "../shell/loaded.tsx";
import { PageHead } from "../shell/page-head.tsx";
import { PassingButton } from "../shell/passing-button.tsx";
import { RouteLink } from "../shell/route-link.tsx";
import { texts } from "../texts.ts";
import { Credentials } from "./credentials.tsx";
import { isCancelable, useCancel } from "./operation-actions.ts";
import { RetryForm } from "./retry-form.tsx";
import { StatusBadge } from "./status-badge.tsx";
import { Timeline } from "./timeline.tsx";

const useStyles = makeStyles({
  details: { display: "flex", flexDirection: "column", gap: "12px", marginBottom: "16px" },
});

const pollMilliseconds = 500;

/** An operation with its customer, if it has one. */
type Expanded = CustomerCreationOperation & { readonly customer: readonly Customer[] };

/** The life of one operation, while it goes on. */
export function OperationPage() {
  const { id = "" } = useParams();
  const api = useApi();
  const path = withOptions(`/customerCreationOperations/${encodeURIComponent(id)}`, { $expand: "customer" });
  const query = useQuery({
    queryKey: ["operations", id],
    queryFn: () => api.read<Expanded>(path),
    refetchInterval: ({ state }) => (state.data?.status === "running" ? pollMilliseconds : false),
  });
  return (
    <Loaded query={query} title={texts.operation.title("")} trail={[operationsCrumb]}>
      {(operation) => <OperationDetails operation={operation} />}
    </Loaded>
  );
}

function OperationDetails({ operation }: { readonly operation: Expanded }) {
  const styles = useStyles();
  const cancel = useCancel();
  const [customer] = operation.customer;
  const { status, expirationDateTime } = operation;
  return (
    <>
      <PageHead title={texts.operation.title(operation.domain)} trail={[operationsCrumb]} here={operation.domain}>
        {isCancelable(operation) ? (
          <PassingButton onClick={() => cancel.mutate(operation.id)} isPending={cancel.isPending}>
            {texts.operation.cancel}
          </PassingButton>
        ) : null}
      </PageHead>
      <div className={styles.details}>
        {cancel.error === null ? null : <Failure error={cancel.error} />}
        <div>
          <StatusBadge status={status} />
        </div>
        {customer === undefined ? null : (
          <Text block>
            {texts.operation.customer}{" "}
            <RouteLink to={`/customers/${customer.id}`}>{nameOfCustomer(customer)}</RouteLink>
          </Text>
        )}
        {expirationDateTime === null ? null : (
          <Text block>{texts.operation.expires(formatInstant(expirationDateTime))}</Text>
        )}
        <OperationError operation={operation} />
      </div>
      <Timeline operation={operation} />
      {status === "succeeded" ? <Credentials operationId={operation.id} /> : null}
      {status === "failed" && customer !== undefined ? (
        <RetryForm key={operation.lastActionDateTime} operation={operation} customer={customer} />
      ) : null}
    </>
  );
}

function OperationError({ operation: { error, status } }: { readonly operation: CustomerCreationOperation }) {
  if (error === null) return null;
  return (
    <MessageBar intent={status === "failed" ? "error" : "info"} layout="multiline" politeness="assertive">
      <MessageBarBody>
        <MessageBarTitle>{texts.operation.endedAs(texts.statuses[status])}</MessageBarTitle>
        {nameFields(error.message)}
      </MessageBarBody>
    </MessageBar>
  );
}
