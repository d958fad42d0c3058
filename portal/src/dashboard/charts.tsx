import { makeStyles, tokens } from "@fluentui/react-components";
import type { Counted } from "./statistics.ts";

const wide = "@media (min-width: 600px)";

const useStyles = makeStyles({
  columns: {
    display: "flex",
    alignItems: "flex-end",
    gap: "4px",
    height: "180px",
    listStyleType: "none",
    margin: 0,
    padding: 0,
    overflowX: "auto",
  },
  column: {
    display: "flex",
    flexDirection: "column",
    justifyContent: "flex-end",
    alignItems: "center",
    flexGrow: 1,
    minWidth: "30px",
    height: "100%",
    fontSize: tokens.fontSizeBase200,
    whiteSpace: "nowrap",
  },
  upright: {
    width: "70%",
    minHeight: "2px",
    backgroundColor: tokens.colorBrandBackground,
    borderRadius: "3px 3px 0 0",
    transform: "translateZ(0)",
  },
  // One grid for all bars: a bar beside a wider value must not be drawn on another scale.
  bars: {
    listStyleType: "none",
    margin: 0,
    padding: 0,
    display: "grid",
    gridTemplateColumns: "1fr auto",
    gap: "8px 12px",
    [wide]: { gridTemplateColumns: "minmax(100px, max-content) 1fr auto" },
  },
  bar: { display: "grid", gridTemplateColumns: "subgrid", gridColumn: "1 / -1", alignItems: "center" },
  // Beneath its name and its value where the screen is narrow, between them otherwise.
  track: { height: "14px", order: 1, gridColumn: "1 / -1", [wide]: { order: 0, gridColumn: "auto" } },
  lying: { height: "100%", minWidth: "2px", borderRadius: "3px", backgroundColor: tokens.colorBrandBackground },
  value: { textAlign: "right", fontVariantNumeric: "tabular-nums" },
});

// The tallest column leaves room for the number on it and the day below.
const columnHeightMax = 130;

interface ColumnProps {
  readonly label: string;
  readonly values: readonly Counted[];
  readonly printLabel: (label: string) => string;
}

/** Columns side by side, each with its number: a list for whoever cannot see them. */
export function ColumnChart({ label, values, printLabel }: ColumnProps) {
  const styles = useStyles();
  const most = Math.max(1, ...values.map(({ count }) => count));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls where the screen is narrow (WCAG 2.1.1)
    <ol ref={showEnd} className={styles.columns} aria-label={label} tabIndex={0}>
      {values.map(({ label: each, count }) => (
        <li key={each} className={styles.column}>
          <span>{count}</span>
          <div className={styles.upright} style={{ height: `${(count / most) * columnHeightMax}px` }} />
          <span>{printLabel(each)}</span>
        </li>
      ))}
    </ol>
  );
}

// Where not all fit, the last ones are what one looks for.
function showEnd(list: HTMLOListElement | null): void {
  list?.scrollTo({ left: list.scrollWidth });
}

interface BarProps {
  readonly label: string;
  readonly values: readonly { readonly label: string; readonly value: number; readonly printed: string }[];
}

/** Bars below each other, each with what it stands for and its value. */
export function BarChart({ label, values }: BarProps) {
  const styles = useStyles();
  const most = Math.max(...values.map(({ value }) => value));
  return (
    <ol className={styles.bars} aria-label={label}>
      {values.map(({ label: each, value, printed }) => (
        <li key={each} className={styles.bar}>
          <span>{each}</span>
          <div className={styles.track}>
            <div className={styles.lying} style={{ width: `${most === 0 ? 0 : (value / most) * 100}%` }} />
          </div>
          <span className={styles.value}>{printed}</span>
        </li>
      ))}
    </ol>
  );
}
