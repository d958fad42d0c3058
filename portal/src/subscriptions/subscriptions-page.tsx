import {
  Badge,
  Button,
  makeStyles,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  Text,
} from "@fluentui/react-components";
import { AddRegular } from "@fluentui/react-icons";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearchParams } from "react-router";
import type { NotificationDelivery, Subscription } from "../../../src/client/types.ts";
import { type Page, withOptions } from "../api/api.ts";
import { useApi } from "../api/api-context.tsx";
import { formatInstant } from "../customers/format.ts";
import { Pager } from "../customers/pager.tsx";
import { Failure } from "../shell/failure.tsx";
import { PageHead } from "../shell/page-head.tsx";
import { RouteLink } from "../shell/route-link.tsx";
import { texts } from "../texts.ts";
import { DeliveryBadge } from "./delivery-badge.tsx";
import { nameOfResource, printChangeTypes } from "./subscription-words.ts";

const useStyles = makeStyles({
  scroll: { overflowX: "auto" },
  table: { minWidth: "900px" },
  // What is left is the URL's.
  resource: { width: "110px" },
  changes: { width: "190px" },
  ends: { width: "240px" },
  deliveries: { width: "110px" },
  cell: { overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" },
  badge: { marginLeft: "8px" },
});

const pollMilliseconds = 3_000;
const sizeDefault = 50;
const retryingMax = 999;
const soonMilliseconds = 86_400_000;

/** The subscriptions of the partner, the newest first. */
export function SubscriptionsPage() {
  const styles = useStyles();
  const navigate = useNavigate();
  const [parameters, setParameters] = useSearchParams();
  const page = Math.max(1, Number(parameters.get("page")) || 1);
  const size = Number(parameters.get("size")) || sizeDefault;
  const { subscriptions, count, error, retry } = useSubscriptions(page, size);
  return (
    <>
      <PageHead title={texts.subscriptions.title}>
        <Button appearance="primary" icon={<AddRegular />} onClick={() => navigate("/subscriptions/new")}>
          {texts.subscriptions.add}
        </Button>
      </PageHead>
      <div className={styles.scroll}>
        {error === null ? null : <Failure error={error} onRetry={retry} />}
        {error !== null && subscriptions === undefined ? null : (
          <SubscriptionTable subscriptions={subscriptions ?? []} />
        )}
      </div>
      {subscriptions?.length === 0 ? (
        <Text as="p" block>
          {texts.subscriptions.none}
        </Text>
      ) : null}
      <Pager
        page={page}
        size={size}
        shown={subscriptions?.length ?? 0}
        count={count}
        onPage={(to) => setParameters({ page: String(to), size: String(size) })}
        onSize={(rows) => setParameters({ size: String(rows) })}
      />
    </>
  );
}

function useSubscriptions(page: number, size: number) {
  const api = useApi();
  const { data, error, refetch } = useQuery({
    queryKey: ["subscriptions", "list", page, size],
    queryFn: ({ signal }) =>
      api.read<Page<Subscription>>(
        withOptions("/subscriptions", { $orderby: "id desc", $top: size, $skip: (page - 1) * size, $count: true }),
        { signal },
      ),
    placeholderData: keepPreviousData,
    refetchInterval: pollMilliseconds,
  });
  return { subscriptions: data?.value, count: data?.["@odata.count"], error, retry: refetch };
}

/** The subscriptions whose receivers do not take what they are sent. */
function useRetrying(): ReadonlySet<string> {
  const api = useApi();
  const path = withOptions("/notificationDeliveries", {
    $filter: "status eq 'retrying'",
    $select: "subscriptionId",
    $top: retryingMax,
  });
  const { data } = useQuery({
    queryKey: ["subscriptions", "retrying"],
    queryFn: () => api.read<Page<Pick<NotificationDelivery, "subscriptionId">>>(path),
    refetchInterval: pollMilliseconds,
  });
  return new Set(data?.value.map(({ subscriptionId }) => subscriptionId));
}

function SubscriptionTable({ subscriptions }: { readonly subscriptions: readonly Subscription[] }) {
  const styles = useStyles();
  const retrying = useRetrying();
  const { columns } = texts.subscriptions;
  return (
    <Table size="small" className={styles.table} aria-label={texts.subscriptions.title}>
      <TableHeader>
        <TableRow>
          <TableHeaderCell>{columns.url}</TableHeaderCell>
          <TableHeaderCell className={styles.resource}>{columns.resource}</TableHeaderCell>
          <TableHeaderCell className={styles.changes}>{columns.changes}</TableHeaderCell>
          <TableHeaderCell className={styles.ends}>{columns.expires}</TableHeaderCell>
          <TableHeaderCell className={styles.deliveries}>{columns.deliveries}</TableHeaderCell>
        </TableRow>
      </TableHeader>
      <TableBody>
        {subscriptions.map(({ id, notificationUrl, resource, changeType, expirationDateTime }) => (
          <TableRow key={id}>
            <TableCell className={styles.cell}>
              <RouteLink to={`/subscriptions/${id}`}>{notificationUrl}</RouteLink>
            </TableCell>
            <TableCell className={styles.cell}>{nameOfResource(resource)}</TableCell>
            <TableCell className={styles.cell}>{printChangeTypes(changeType)}</TableCell>
            <TableCell className={styles.cell}>
              {formatInstant(expirationDateTime)}
              {Date.parse(expirationDateTime) - Date.now() < soonMilliseconds ? (
                <Badge className={styles.badge} appearance="tint" color="warning">
                  {texts.subscriptions.endsSoon}
                </Badge>
              ) : null}
            </TableCell>
            <TableCell>{retrying.has(id) ? <DeliveryBadge status="retrying" /> : texts.empty}</TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
