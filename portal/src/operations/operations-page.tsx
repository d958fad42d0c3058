import {
  makeStyles,
  Tab,
  TabList,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  Text,
} from "@fluentui/react-components";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useSearchParams } from "react-router";
import type { CustomerCreationOperation } from "../../../src/client/types.ts";
import { type Page, withOptions } from "../api/api.ts";
import { useApi } from "../api/api-context.tsx";
import { formatInstant } from "../customers/format.ts";
import { Pager } from "../customers/pager.tsx";
import { Failure } from "../shell/failure.tsx";
import { PageHead } from "../shell/page-head.tsx";
import { PassingButton } from "../shell/passing-button.tsx";
import { RouteLink } from "../shell/route-link.tsx";
import { useTabStyles } from "../shell/tab-styles.ts";
import { texts } from "../texts.ts";
import { isCancelable, useCancel, useRetry } from "./operation-actions.ts";
import { StatusBadge } from "./status-badge.tsx";

const useStyles = makeStyles({
  scroll: { overflowX: "auto", marginTop: "12px" },
  table: { minWidth: "960px" },
  cell: { overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" },
  // What is left is the domain's.
  status: { width: "95px" },
  stage: { width: "170px" },
  instant: { width: "134px" },
  lastColumn: { width: "96px" },
  actions: { display: "flex", gap: "4px" },
});

const pollMilliseconds = 3_000;
const sizeDefault = 50;
const expiringHours = 4;
const hourMilliseconds = 3_600_000;

/** What can be looked at, and the condition of each. */
const views = {
  all: () => "",
  running: () => "status eq 'running'",
  waiting: () => "status eq 'notStarted'",
  failed: () => "status eq 'failed'",
  expiring: (now: number) =>
    `status in ('notStarted','failed') and expirationDateTime lt ${new Date(now + expiringHours * hourMilliseconds).toISOString()}`,
  succeeded: () => "status eq 'succeeded'",
} as const;
type View = keyof typeof views;
const viewNames: readonly View[] = ["all", "running", "waiting", "failed", "expiring", "succeeded"];

/** The operations of the partner, the newest first, and what can be done with each. */
export function OperationsPage() {
  const styles = useStyles();
  const tabStyles = useTabStyles();
  const [parameters, setParameters] = useSearchParams();
  const view = viewNames.find((each) => each === parameters.get("show")) ?? "all";
  const page = Math.max(1, Number(parameters.get("page")) || 1);
  const size = Number(parameters.get("size")) || sizeDefault;
  const { operations, count, error, retry } = useOperations(view, page, size);
  const go = (to: Readonly<Record<string, string>>) =>
    setParameters({
      ...(view === "all" ? {} : { show: view }),
      ...(size === sizeDefault ? {} : { size: `${size}` }),
      ...to,
    });
  return (
    <>
      <PageHead title={texts.operations.title} />
      <TabList
        className={tabStyles.list}
        selectedValue={view}
        onTabSelect={(_, { value }) => go({ show: String(value) })}
      >
        {viewNames.map((each) => (
          <Tab key={each} id={`show-${each}`} value={each} aria-controls="operations">
            {texts.operations.views[each]}
          </Tab>
        ))}
      </TabList>
      <div id="operations" role="tabpanel" aria-labelledby={`show-${view}`} className={styles.scroll}>
        {error === null ? null : <Failure error={error} onRetry={retry} />}
        {error !== null && operations === undefined ? null : <OperationTable operations={operations ?? []} />}
        {operations?.length === 0 ? (
          <Text as="p" block>
            {texts.operations.none}
          </Text>
        ) : null}
      </div>
      <Pager
        page={page}
        size={size}
        shown={operations?.length ?? 0}
        count={count}
        onPage={(to) => go({ page: String(to) })}
        onSize={(rows) => go({ size: String(rows) })}
      />
    </>
  );
}

function useOperations(view: View, page: number, size: number) {
  const api = useApi();
  const { data, error, refetch } = useQuery({
    queryKey: ["operations", view, page, size],
    queryFn: ({ signal }) => {
      const condition = views[view](Date.now());
      const path = withOptions("/customerCreationOperations", {
        $orderby: "id desc",
        $top: size,
        $skip: (page - 1) * size,
        $count: true,
        ...(condition === "" ? {} : { $filter: condition }),
      });
      return api.read<Page<CustomerCreationOperation>>(path, { signal });
    },
    placeholderData: keepPreviousData,
    refetchInterval: pollMilliseconds,
  });
  return { operations: data?.value, count: data?.["@odata.count"], error, retry: refetch };
}

function OperationTable({ operations }: { readonly operations: readonly CustomerCreationOperation[] }) {
  const styles = useStyles();
  const { columns } = texts.operations;
  return (
    <Table size="small" className={styles.table} aria-label={texts.operations.title}>
      <TableHeader>
        <TableRow>
          <TableHeaderCell>{columns.domain}</TableHeaderCell>
          <TableHeaderCell className={styles.status}>{columns.status}</TableHeaderCell>
          <TableHeaderCell className={styles.stage}>{columns.stage}</TableHeaderCell>
          <TableHeaderCell className={styles.instant}>{columns.opened}</TableHeaderCell>
          <TableHeaderCell className={styles.instant}>{columns.expires}</TableHeaderCell>
          <TableHeaderCell className={styles.lastColumn}>{columns.actions}</TableHeaderCell>
        </TableRow>
      </TableHeader>
      <TableBody>
        {operations.map((operation) => (
          <TableRow key={operation.id}>
            <TableCell className={styles.cell}>
              <RouteLink to={`/operations/${operation.id}`}>{operation.domain}</RouteLink>
            </TableCell>
            <TableCell>
              <StatusBadge status={operation.status} />
            </TableCell>
            <TableCell>{texts.operations.stageAt(texts.stages[operation.stage], operation.percentComplete)}</TableCell>
            <TableCell className={styles.cell}>{formatInstant(operation.createdDateTime)}</TableCell>
            <TableCell className={styles.cell}>{formatInstant(operation.expirationDateTime)}</TableCell>
            <TableCell>
              <RowActions operation={operation} />
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

function RowActions({ operation }: { readonly operation: CustomerCreationOperation }) {
  const styles = useStyles();
  const retry = useRetry();
  const cancel = useCancel();
  const { id, domain, status, isRetryable } = operation;
  const failure = retry.error ?? cancel.error;
  return (
    <div className={styles.actions}>
      {status === "failed" && isRetryable === true ? (
        <PassingButton
          size="small"
          label={texts.operations.retry(domain)}
          isPending={retry.isPending}
          onClick={() => retry.mutate({ id })}
        >
          {texts.retry}
        </PassingButton>
      ) : null}
      {status === "failed" && isRetryable !== true ? (
        <RouteLink to={`/operations/${id}`}>{texts.operation.correct}</RouteLink>
      ) : null}
      {isCancelable(operation) ? (
        <PassingButton
          size="small"
          label={texts.operations.cancel(domain)}
          isPending={cancel.isPending}
          onClick={() => cancel.mutate(id)}
        >
          {texts.cancel}
        </PassingButton>
      ) : null}
      {failure === null ? null : <Text role="alert">{failure.message}</Text>}
    </div>
  );
}
