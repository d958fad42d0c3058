import {
  Button,
  makeStyles,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  Text,
  Title3,
} from "@fluentui/react-components";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { NotificationDelivery } from "../../../src/client/types.ts";
import { type Page, withOptions } from "../api/api.ts";
import { useApi } from "../api/api-context.tsx";
import { formatInstant } from "../customers/format.ts";
import { Pager } from "../customers/pager.tsx";
import { Failure } from "../shell/failure.tsx";
import { texts } from "../texts.ts";
import { DeliveryBadge } from "./delivery-badge.tsx";
import { pathOf } from "./subscription-actions.ts";

const useStyles = makeStyles({
  title: { margin: "24px 0 8px" },
  scroll: { overflowX: "auto" },
  table: { minWidth: "900px" },
  narrow: { width: "84px" },
  wide: { width: "24%" },
  row: { height: "52px" },
});

const pollMilliseconds = 2_000;
const sizeDefault = 25;
const { deliveries: words } = texts.subscriptions;
const { columns } = words;

interface Props {
  readonly subscriptionId: string;
  /** Called with the notification from which on all is to be told again. */
  readonly onRedeliver: (notificationId: string) => void;
}

/** What was sent for a subscription and what came of it, the newest first. */
export function DeliveryTable({ subscriptionId, onRedeliver }: Props) {
  const styles = useStyles();
  const [{ page, size }, setPlace] = useState({ page: 1, size: sizeDefault });
  const { deliveries, count, error, retry } = useDeliveries(subscriptionId, page, size);
  return (
    <>
      <Title3 as="h2" block className={styles.title}>
        {words.title}
      </Title3>
      {error === null ? null : <Failure error={error} onRetry={retry} />}
      {deliveries?.length === 0 ? (
        <Text as="p" block>
          {words.none}
        </Text>
      ) : (
        // It is scrolled with the keyboard too, where no row has anything to press.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
        <section className={styles.scroll} tabIndex={0} aria-label={words.title}>
          <Table size="small" className={styles.table} aria-label={words.title}>
            <Head />
            <TableBody>
              {(deliveries ?? []).map((delivery) => (
                <Row key={delivery.id} delivery={delivery} onRedeliver={onRedeliver} />
              ))}
            </TableBody>
          </Table>
        </section>
      )}
      <Pager
        page={page}
        size={size}
        shown={deliveries?.length ?? 0}
        count={count}
        onPage={(to) => setPlace({ page: to, size })}
        onSize={(rows) => setPlace({ page: 1, size: rows })}
      />
    </>
  );
}

function useDeliveries(subscriptionId: string, page: number, size: number) {
  const api = useApi();
  const options = { $orderby: "id desc", $top: size, $skip: (page - 1) * size, $count: true };
  const { data, error, refetch } = useQuery({
    queryKey: ["subscriptions", subscriptionId, "deliveries", page, size],
    queryFn: ({ signal }) =>
      api.read<Page<NotificationDelivery>>(withOptions(`${pathOf(subscriptionId)}/deliveries`, options), { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: pollMilliseconds,
  });
  return { deliveries: data?.value, count: data?.["@odata.count"], error, retry: refetch };
}

function Head() {
  const styles = useStyles();
  const widths: Partial<Record<keyof typeof columns, string>> = {
    attempts: styles.narrow,
    latency: styles.narrow,
    answer: styles.wide,
  };
  const names = ["sent", "purpose", "status", "attempts", "answer", "latency", "next", "actions"] as const;
  return (
    <TableHeader>
      <TableRow>
        {names.map((name) => (
          <TableHeaderCell key={name} className={widths[name]}>
            {columns[name]}
          </TableHeaderCell>
        ))}
      </TableRow>
    </TableHeader>
  );
}

function Row({ delivery, onRedeliver }: { readonly delivery: NotificationDelivery } & Pick<Props, "onRedeliver">) {
  const styles = useStyles();
  const { purpose, status, statusCode, failure, firstNotificationId: first } = delivery;
  const sent = formatInstant(delivery.firstAttemptDateTime, { seconds: true });
  return (
    <TableRow className={styles.row}>
      <TableCell>{sent}</TableCell>
      <TableCell>{words.purposes[purpose](delivery.notificationCount)}</TableCell>
      <TableCell>
        <DeliveryBadge status={status} />
      </TableCell>
      <TableCell>{delivery.attempts}</TableCell>
      <TableCell>{failure ?? statusCode ?? words.unanswered}</TableCell>
      <TableCell>{words.latency(delivery.latencyMilliseconds)}</TableCell>
      <TableCell>{formatInstant(delivery.nextAttemptDateTime, { seconds: true }) || texts.empty}</TableCell>
      <TableCell>
        {purpose === "changes" && first !== null ? (
          <Button size="small" aria-label={words.fromHereAt(sent)} onClick={() => onRedeliver(first)}>
            {words.fromHere}
          </Button>
        ) : null}
      </TableCell>
    </TableRow>
  );
}
