import type { Values } from "../../model/define.ts";

/** One fault of a row: where it is, and what is wrong. */
export interface RowFault {
  readonly line: number;
  /** Which column of the line it is, from 1; null when it is no column's, or the file has none. */
  readonly column: number | null;
  /** The property, such as `billingProfile/email`; null when the row is none of the kind. */
  readonly path: string | null;
  readonly code: string;
  readonly message: string;
}

/** One row of a file: where it begins, what it says, and what is wrong with it before any server has seen it. */
export interface ImportRow {
  readonly line: number;
  /** Undefined when the row cannot be read. */
  readonly values: Values | undefined;
  readonly faults: readonly RowFault[];
  /** Tells where a fault of a property is. */
  locate(path: string | undefined): Pick<RowFault, "line" | "column" | "path">;
}

/** The columns in which faults are printed. */
export const faultColumns = ["line", "column", "path", "code", "message"] as const;

/** Lists the faults of all rows in the order of the file. */
export function inOrder(faults: ReadonlyMap<number, readonly RowFault[]>): readonly RowFault[] {
  const rows = [...faults].sort(([a], [b]) => a - b);
  return rows.flatMap(([, found]) => found.toSorted((a, b) => (a.column ?? 0) - (b.column ?? 0)));
}
