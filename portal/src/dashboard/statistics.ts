import type { CustomerCreationOperation, CustomerCreationOperationStage } from "../../../src/client/types.ts";

/** A number with what it is the number of. */
export interface Counted {
  readonly label: string;
  readonly count: number;
}

/** How long something took, in seconds: half of all at the most the one, and 95 of 100 the other. */
export interface Durations {
  readonly p50: number;
  readonly p95: number;
}

/** How long operations took from their customer to their success; undefined when there are none. */
export function measureOperations(operations: readonly CustomerCreationOperation[]): Durations | undefined {
  return percentiles(
    operations.flatMap(({ history }) => {
      const began = history.find(({ status }) => status === "running");
      const ended = history.findLast(({ status }) => status === "succeeded");
      if (began === undefined || ended === undefined) return [];
      return [secondsBetween(began.transitionDateTime, ended.transitionDateTime)];
    }),
  );
}

/** How long each stage took, in the order in which they come. */
export function measureStages(
  operations: readonly CustomerCreationOperation[],
): readonly (Durations & { readonly stage: CustomerCreationOperationStage })[] {
  const seconds = new Map<CustomerCreationOperationStage, number[]>();
  for (const { history } of operations) {
    for (const [index, { stage, status, transitionDateTime }] of history.entries()) {
      const next = history[index + 1];
      if (next === undefined || status !== "running") continue;
      const known = seconds.get(stage) ?? [];
      known.push(secondsBetween(transitionDateTime, next.transitionDateTime));
      seconds.set(stage, known);
    }
  }
  return [...seconds].flatMap(([stage, values]) => {
    const measured = percentiles(values);
    return measured === undefined ? [] : [{ stage, ...measured }];
  });
}

/** How many operations failed of each reason, the most frequent first. */
export function countReasons(operations: readonly CustomerCreationOperation[]): readonly Counted[] {
  const counts = new Map<string, number>();
  for (const { error } of operations) {
    const reason = error?.innerError?.code ?? error?.code ?? "unknown";
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts].map(([label, count]) => ({ label, count })).sort((one, other) => other.count - one.count);
}

// The nearest rank: the value that was really measured, not one between two.
function percentiles(values: readonly number[]): Durations | undefined {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  const [p50, p95] = [at(0.5), at(0.95)];
  return p50 === undefined || p95 === undefined ? undefined : { p50, p95 };
}

function secondsBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 1000;
}
