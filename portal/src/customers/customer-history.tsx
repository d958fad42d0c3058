import { makeStyles, Spinner, Text, tokens } from "@fluentui/react-components";
import type { Customer } from "../../../src/client/types.ts";
import { Failure } from "../shell/failure.tsx";
import { RouteLink } from "../shell/route-link.tsx";
import { texts } from "../texts.ts";
import { formatInstant } from "./format.ts";
import { useHistory } from "./history-events.ts";

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

/** What happened to a customer, the newest first: who did what to it, and the life of its operations. */
export function CustomerHistory({ customer }: { readonly customer: Customer }) {
  const styles = useStyles();
  const { events, operations, isAuditReadable, error, retry } = useHistory(customer);
  if (error !== null) return <Failure error={error} onRetry={retry} />;
  if (events === undefined) return <Spinner label={texts.loading} />;
  return (
    <>
      {isAuditReadable ? null : (
        <Text as="p" block>
          {texts.history.withoutAudit}
        </Text>
      )}
      <ol className={styles.list} aria-label={texts.customer.tabs.history}>
        {events.map(({ key, at, what }) => (
          <li key={key} className={styles.event}>
            <time dateTime={at} className={styles.time}>
              {formatInstant(at, { seconds: true })}
            </time>
            <Text>{what}</Text>
          </li>
        ))}
      </ol>
      {operations.map(({ id, createdDateTime }) => (
        <p key={id}>
          <RouteLink to={`/operations/${id}`}>{texts.history.operationOf(formatInstant(createdDateTime))}</RouteLink>
        </p>
      ))}
    </>
  );
}
