import {
  makeStyles,
  Skeleton,
  SkeletonItem,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  tokens,
} from "@fluentui/react-components";
import { memo, useDeferredValue } from "react";
import type { Customer } from "../../../src/client/types.ts";
import { texts } from "../texts.ts";
import { type Column, columns } from "./columns.tsx";
import type { ListPreferences } from "./list-preferences.ts";
import type { ListState, SortColumn } from "./list-state.ts";

const useStyles = makeStyles({
  scroll: { overflowX: "auto", border: `1px solid ${tokens.colorNeutralStroke2}`, borderRadius: "6px" },
  table: { minWidth: "720px" },
  cell: { overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" },
});

interface Props {
  readonly customers: readonly Customer[] | undefined;
  readonly state: ListState;
  readonly preferences: ListPreferences;
  readonly onSort: (column: SortColumn) => void;
}

/** The customers of one page of the list. */
export function CustomerGrid({ customers, state, preferences, onSort }: Props) {
  const styles = useStyles();
  // A menu that was pressed answers at once, and the rows follow.
  const { columns: wanted, density } = useDeferredValue(preferences);
  const shown = columns.filter(({ id }, index) => index === 0 || wanted.includes(id));
  const size = density === "compact" ? "extra-small" : "medium";
  return (
    // A table that is wider than the screen is scrolled, and by the keyboard too (WCAG 2.1.1).
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section className={styles.scroll} tabIndex={0} aria-label={texts.customers.title}>
      <Table
        size={size}
        className={styles.table}
        aria-label={texts.customers.title}
        aria-busy={customers === undefined}
      >
        <TableHeader>
          <TableRow>
            {shown.map((column) => (
              <SortHeader key={column.id} column={column} state={state} onSort={onSort} />
            ))}
          </TableRow>
        </TableHeader>
        <TableBody>
          {customers === undefined ? (
            <LoadingRows count={8} columns={shown.length} />
          ) : (
            customers.map((customer) => <CustomerRow key={customer.id} customer={customer} columns={shown} />)
          )}
        </TableBody>
      </Table>
    </section>
  );
}

type SortHeaderProps = Pick<Props, "state" | "onSort"> & { readonly column: Column };

function SortHeader({ column: { id, label, isSortable, width }, state, onSort }: SortHeaderProps) {
  if (!isSortable || id === "tenantId") return <TableHeaderCell>{label}</TableHeaderCell>;
  const isSorted = state.sort === id;
  return (
    <TableHeaderCell
      sortable
      {...(isSorted ? { sortDirection: state.descending ? "descending" : "ascending" } : {})}
      {...(width === undefined ? {} : { style: { width } })}
      onClick={() => onSort(id)}
    >
      {label}
    </TableHeaderCell>
  );
}

// A row changes only with its customer or the columns: what is typed above the list must not draw a hundred again.
const CustomerRow = memo(function CustomerRow(props: {
  readonly customer: Customer;
  readonly columns: readonly Column[];
}) {
  const styles = useStyles();
  return (
    <TableRow>
      {props.columns.map((column) => (
        <TableCell key={column.id} className={styles.cell}>
          {column.render(props.customer)}
        </TableCell>
      ))}
    </TableRow>
  );
});

function LoadingRows({ count, columns: width }: { readonly count: number; readonly columns: number }) {
  return Array.from({ length: count }, (_, row) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike
    <TableRow key={row}>
      <TableCell colSpan={width}>
        <Skeleton aria-label={texts.loading}>
          <SkeletonItem />
        </Skeleton>
      </TableCell>
    </TableRow>
  ));
}
