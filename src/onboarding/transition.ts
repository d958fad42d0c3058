import type { Operation } from "../model/customer-creation-operation.ts";

export type Status = Operation["status"];
export type Stage = Operation["stage"];

/** The stages in their order, each with the share of the work that is done when it begins. */
const percentAt = {
  domainReserved: 0,
  validating: 5,
  provisioningTenant: 10,
  linkingPartner: 40,
  creatingBillingAccount: 60,
  issuingCredentials: 80,
  publishing: 95,
  completed: 100,
} as const;

/** Gives the properties that change when an operation takes a step, its history among them. */
export function transition(
  from: Operation | undefined,
  to: { readonly status: Status; readonly stage: Exclude<Stage, "unknownFutureValue"> },
  now: string,
  version: string,
) {
  const step = { status: to.status, stage: to.stage, transitionDateTime: now };
  return {
    ...to,
    percentComplete: percentAt[to.stage],
    history: [...(from?.history ?? []), step],
    lastActionDateTime: now,
    version,
  };
}

/** Gives the properties that change when an operation ends where it is. */
export function ending(from: Operation, status: Status, now: string, version: string) {
  const step = { status, stage: from.stage, transitionDateTime: now };
  return { status, history: [...from.history, step], lastActionDateTime: now, version };
}
