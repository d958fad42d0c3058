import { ServiceError } from "../../client/client.ts";
import type { ImportRow, RowFault } from "./import-row.ts";

const untold: readonly number[] = [401, 403, 429];

/** Gives the faults of a row for which the service refused it. What is no fault of the row is thrown again. */
export function faultsOf(row: ImportRow, error: unknown): readonly RowFault[] {
  const isOfRow =
    error instanceof ServiceError && error.status >= 400 && error.status < 500 && !untold.includes(error.status);
  if (!isOfRow) throw error;
  const { code, message, target, details } = error;
  const faults = details.length > 0 ? details : [{ code, message, ...(target === undefined ? {} : { target }) }];
  return faults.map((fault) => ({ ...row.locate(fault.target), code: fault.code, message: fault.message }));
}
