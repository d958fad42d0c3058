import type { Fault } from "../api/api.ts";
import { nameFields } from "./customer-fields.ts";
import type { FieldValues } from "./field-values.ts";

/** The faults of a form, each at its field, and those that belong to none of them. */
export interface SortedFaults {
  readonly byField: Readonly<Record<string, string>>;
  readonly others: readonly Fault[];
}

export const noFaults: SortedFaults = { byField: {}, others: [] };

/** Puts each fault at the field that it names. A target may name its property within the parameter of an action. */
export function sortFaults(faults: readonly Fault[], paths: readonly string[]): SortedFaults {
  const byField: Record<string, string> = {};
  const others: Fault[] = [];
  for (const fault of faults) {
    const path = paths.find((each) => fault.target === each || fault.target === `customer/${each}`);
    if (path === undefined) others.push(fault);
    else byField[path] = [byField[path] ?? [], nameFields(fault.message)].flat().join(" ");
  }
  return { byField, others };
}

/** Leaves out the faults of fields that were changed since they were found. */
export function standingFaults(faults: SortedFaults, found: FieldValues, now: FieldValues): SortedFaults {
  const isAsFound = (path: string) => (found[path] ?? "") === (now[path] ?? "");
  return { ...faults, byField: Object.fromEntries(Object.entries(faults.byField).filter(([path]) => isAsFound(path))) };
}

/** What a field shows of its fault, if it has one. */
export function faultAt(message: string | undefined) {
  return message === undefined ? {} : ({ validationMessage: message, validationState: "error" } as const);
}
