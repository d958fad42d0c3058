import { makeStyles, Spinner, Text, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import type { Customer, CustomerCreationOperation } from "../../../src/client/types.ts";
import { literal, type Page, withOptions } from "../api/api.ts";
import { useApi } from "../api/api-context.tsx";
import { Failure } from "../shell/failure.tsx";
import { RouteLink } from "../shell/route-link.tsx";
import { texts } from "../texts.ts";
import { formatInstant } from "./format.ts";

const useStyles = makeStyles({
  list: { listStyleType: "none", margin: "0 0 16px", padding: 0 },
  event: {
    display: "flex",
    flexWrap: "wrap",
    gap: "4px 16px",
    padding: "8px 0",
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  time: { minWidth: "190px", color: tokens.colorNeutralForeground3 },
});

interface Event {
  readonly at: string;
  readonly what: string;
}

/** What happened to a customer: the life of its operations, its creation and its last change, the newest first. */
export function CustomerHistory({ customer }: { readonly customer: Customer }) {
  const styles = useStyles();
  const api = useApi();
  const path = withOptions("/customerCreationOperations", {
    $filter: `domain eq ${literal(customer.companyProfile.domain)}`,
    $orderby: "createdDateTime desc",
  });
  const { data, error } = useQuery({
    queryKey: ["operations", path],
    queryFn: () => api.read<Page<CustomerCreationOperation>>(path),
  });
  if (error !== null) return <Failure error={error} />;
  if (data === undefined) return <Spinner label={texts.loading} />;
  return (
    <>
      <ol className={styles.list}>
        {eventsOf(customer, data.value).map(({ at, what }) => (
          <li key={`${at} ${what}`} className={styles.event}>
            <time dateTime={at} className={styles.time}>
              {formatInstant(at, { seconds: true })}
            </time>
            <Text>{what}</Text>
          </li>
        ))}
      </ol>
      {data.value.map(({ id, createdDateTime }) => (
        <p key={id}>
          <RouteLink to={`/operations/${id}`}>{texts.customer.operationOf(formatInstant(createdDateTime))}</RouteLink>
        </p>
      ))}
    </>
  );
}

function eventsOf(customer: Customer, operations: readonly CustomerCreationOperation[]): readonly Event[] {
  const { events } = texts.customer;
  const steps = operations.flatMap(({ history }) =>
    history.map(({ status, stage, transitionDateTime }) => ({
      at: transitionDateTime,
      what: events.transition(texts.statuses[status], texts.stages[stage]),
    })),
  );
  const own = [
    { at: customer.createdDateTime, what: events.created },
    { at: customer.lastModifiedDateTime, what: events.modified },
  ];
  return [...steps, ...own].sort((one, other) => other.at.localeCompare(one.at));
}
