import { provisioningStages } from "../../src/onboarding/provisioner.ts";

/*
 * The life of operations as docs/provisioners.md and the table of states say it, in the fewest words: what a test
 * compares the service with. It knows nothing of leases, versions or statements; instants are seconds.
 */

const reservationSeconds = 24 * 3600;
const repairSeconds = 24 * 3600;
const deletedSeconds = 30 * 86_400;
export const leaseSeconds = 15;
export const undoAttemptsMax = 3;
export const pendingSeconds = 10;
const attemptsMax = 3;
const attemptsLostMax = 5;
const pendingSecondsMax = 24 * 3600;

/** What becomes of one call of a stage. */
export type Outcome = "made" | "passing" | "permanent" | "crashBefore" | "crashAfter" | "pending";
/** What becomes of a call to undo. */
export type UndoOutcome = "undone" | "fails" | "crash";

type Work = "expire" | "provision" | "compensate" | "release";

/** An operation with its customer, as it ought to be. */
export interface Life {
  readonly id: string;
  domain: string;
  status: "notStarted" | "running" | "succeeded" | "failed" | "canceled";
  stage: string;
  attempts: number;
  error: string | null;
  retryable: boolean | null;
  /** When the reservation, or the time to repair, ends. */
  expires: number | null;
  work: Work | null;
  due: number;
  /** Until when a worker that died still counts as busy with it. */
  busyUntil: number;
  stageSince: number;
  undoAttempts: number;
  customer: "none" | "provisioning" | "active" | "failed" | "removing";
  customerId: string | undefined;
  /** When the customer was deleted. */
  customerDeleted: number | undefined;
  purged: boolean;
  deleted: boolean;
  credentials: "none" | "sealed" | "claimed";
  /** After a failure that may pass, the pause is the service's to choose within bounds; it is looked up. */
  pauseSeconds: number | undefined;
}

/** Who holds a domain, and until when; null: without an end. */
export type Holds = Map<string, { readonly id: string; readonly until: number | null }>;

export function openLife(id: string, domain: string, now: number, holds: Holds): Life {
  holds.set(domain, { id, until: now + reservationSeconds });
  return {
    ...{ id, domain, status: "notStarted", stage: "domainReserved", attempts: 0, error: null, retryable: null },
    ...{ expires: now + reservationSeconds, work: "expire", due: now + reservationSeconds, busyUntil: 0 },
    ...{ stageSince: now, undoAttempts: 0, customer: "none", customerId: undefined, customerDeleted: undefined },
    ...{ purged: false, deleted: false, credentials: "none", pauseSeconds: undefined },
  };
}

/** Why a domain is not to be had, or undefined. */
export function takenBy(domain: string, id: string | undefined, now: number, holds: Holds): string | undefined {
  const hold = holds.get(domain);
  if (hold === undefined || hold.id === id || (hold.until !== null && hold.until <= now)) return undefined;
  return hold.until === null ? "domainAlreadyInUse" : "domainReserved";
}

export function free(life: Life, holds: Holds): void {
  if (holds.get(life.domain)?.id === life.id) holds.delete(life.domain);
}

export function attach(life: Life, customerId: string, now: number, holds: Holds): void {
  Object.assign(life, { status: "running", stage: "validating", customer: "provisioning", customerId });
  Object.assign(life, { expires: null, work: "provision", due: now, stageSince: now });
  if (holds.get(life.domain)?.id === life.id) holds.set(life.domain, { id: life.id, until: null });
}

export function cancel(life: Life, now: number, holds: Holds): void {
  Object.assign(life, { status: "canceled", error: "canceledByClient", retryable: false, expires: null });
  life.undoAttempts = 0;
  life.stageSince = now;
  life.work = life.customerId === undefined ? null : "compensate";
  life.due = now;
  if (life.customerId === undefined) free(life, holds);
  else if (life.customerDeleted === undefined) life.customer = "removing";
}

export function deleteCustomer(life: Life, now: number): void {
  life.customerDeleted = now;
  if (life.status !== "running" && life.status !== "failed") return;
  Object.assign(life, { work: "compensate", due: now, undoAttempts: 0 });
}

export function retry(life: Life, now: number): void {
  Object.assign(life, { status: "running", attempts: 0, error: null, retryable: null, expires: null });
  Object.assign(life, { work: "provision", due: now, stageSince: now, customer: "provisioning" });
}

/** Whether a worker that looks now takes the operation up. */
export function isDue(life: Life, now: number): boolean {
  return life.work !== null && life.due <= now && life.busyUntil <= now && !life.purged;
}

/** What a worker does with an operation that is due. */
export function work(life: Life, now: number, holds: Holds, outcomes: readonly Outcome[], undo: UndoOutcome): void {
  life.busyUntil = 0;
  life.pauseSeconds = undefined;
  if (life.work === "provision") provision(life, now, [...outcomes]);
  else if (life.work === "expire") expire(life, holds);
  else undoLife(life, now, holds, undo);
}

function expire(life: Life, holds: Holds): void {
  Object.assign(life, { status: "failed", error: "reservationExpired", retryable: false, work: null });
  free(life, holds);
}

function provision(life: Life, now: number, outcomes: Outcome[]): void {
  if (life.stage === "validating") enter(life, provisioningStages[0], now);
  else if (life.attempts >= attemptsLostMax) fail(life, now, "provisioningTimeout", true);
  else life.attempts++;
  while (life.status === "running" && call(life, now, outcomes.shift() ?? "made") === "goesOn");
}

/** What one call of a stage brings about. */
function call(life: Life, now: number, outcome: Outcome): "goesOn" | "stops" {
  switch (outcome) {
    case "crashBefore":
    case "crashAfter":
      life.busyUntil = now + leaseSeconds;
      return "stops";
    case "permanent":
      fail(life, now, faultOf(life.stage), false);
      return "stops";
    case "passing":
      failInPassing(life, now);
      return "stops";
    case "pending":
      wait(life, now);
      return "stops";
    case "made": {
      const stages: readonly string[] = provisioningStages;
      const next = stages[stages.indexOf(life.stage) + 1];
      if (next === undefined) succeed(life, now);
      else enter(life, next, now);
      return "goesOn";
    }
  }
}

function enter(life: Life, stage: string, now: number): void {
  Object.assign(life, { stage, attempts: 1, stageSince: now });
}

function succeed(life: Life, now: number): void {
  Object.assign(life, { status: "succeeded", stage: "completed", attempts: 0, work: null, customer: "active" });
  Object.assign(life, { credentials: "sealed", stageSince: now });
}

function failInPassing(life: Life, now: number): void {
  if (life.attempts >= attemptsMax) fail(life, now, faultOf(life.stage), true);
  else life.pauseSeconds = 2 ** life.attempts;
}

function wait(life: Life, now: number): void {
  if (now >= life.stageSince + pendingSecondsMax) {
    fail(life, now, "provisioningTimeout", true);
    return;
  }
  life.attempts--;
  life.due = now + pendingSeconds;
}

function fail(life: Life, now: number, error: string, retryable: boolean): void {
  Object.assign(life, { status: "failed", error, retryable, customer: "failed", undoAttempts: 0, stageSince: now });
  Object.assign(life, { expires: now + repairSeconds, work: "release", due: now + repairSeconds });
}

function undoLife(life: Life, now: number, holds: Holds, undo: UndoOutcome): void {
  life.undoAttempts++;
  const usedUp = life.undoAttempts > undoAttemptsMax;
  if (undo === "crash" && !usedUp) {
    life.busyUntil = now + leaseSeconds;
    return;
  }
  const fails = usedUp || undo === "fails";
  if (fails && life.undoAttempts < undoAttemptsMax) {
    life.pauseSeconds = 2 ** life.undoAttempts;
    return;
  }
  const released = life.work === "release";
  const error = fails ? "compensationFailed" : released ? life.error : "canceledByClient";
  Object.assign(life, { error, retryable: false, work: null, undoAttempts: 0, credentials: "none" });
  free(life, holds);
  if (released) return;
  life.status = "canceled";
  life.customerDeleted ??= now;
}

function faultOf(stage: string): string {
  const codes: Readonly<Record<string, string>> = {
    provisioningTenant: "tenantProvisioningFailed",
    linkingPartner: "relationshipLinkFailed",
    creatingBillingAccount: "billingAccountFailed",
    issuingCredentials: "credentialsFailed",
  };
  return codes[stage] ?? "";
}

/** What is removed for good, since it was deleted long ago. */
export function purge(lives: readonly Life[], now: number, holds: Holds): void {
  for (const life of lives) {
    const isOld = life.customerDeleted !== undefined && life.customerDeleted < now - deletedSeconds;
    if (!isOld || life.work !== null || life.purged) continue;
    life.purged = true;
    life.credentials = "none";
    for (const [domain, { id }] of holds) if (id === life.id) holds.delete(domain);
  }
}
