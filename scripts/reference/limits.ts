import { limits } from "../../src/onboarding/limits.ts";
import { code, generatedFrom, printTable } from "./table.ts";

/** Prints the page of the limits of a server. */
export function printLimits(): string {
  const rows = Object.entries(meanings).map(([name, meaning]) => [code(name), printNumber(name), meaning]);
  const lines = [
    "# Limits",
    "",
    generatedFrom("src/onboarding/limits.ts"),
    "",
    "Each can be changed by its name: `--limits pageSizeMax=500,bodyBytesMax=2000000`. `reservationHours`, `repairHours`,",
    "`deletedDays` and `leaseSeconds` have [flags of their own](settings.md). What is beyond a limit is refused and said so;",
    "the codes are those of [the page of errors](errors.md).",
    "",
    ...printTable(["Limit", "Default", "Meaning"], rows),
  ];
  return `${lines.join("\n")}\n`;
}

function printNumber(name: string): string {
  const number = new Map<string, number>(Object.entries(limits)).get(name) ?? 0;
  return number.toLocaleString("en-US");
}

const meanings = {
  requestsPerMinuteMax: "Requests of a partner within a minute, over all processes; one more is 429.",
  refusalsAuditedPerMinuteMax:
    "Refusals for want of a permission that are put into the audit of a partner within a minute.",
  auditDays: "How long what was done is kept in the audit.",
  concurrentRequestsMax: "Requests under way in a process; one more is 503 before its body is read.",
  customersMax: "Customers of a partner; one more is 403.",
  openOperationsMax: "Operations of a partner that are not at their end; one more is 507.",
  connectionsMax: "Connections to a port of a process.",
  headersMilliseconds: "How long a client may take to send the headers of a request.",
  requestMilliseconds: "How long a client may take to send a whole request.",
  bodyBytesMax: "The length of a body; what is longer is 413.",
  bodyDepthMax: "How deeply the values of a JSON body may be nested.",
  batchSizeMax: "Requests in a batch.",
  batchRequestsUnderWayMax: "Requests of batches under way in a process; others wait until one of them has ended.",
  urlLengthMax: "Characters of a URL; what is longer is 414.",
  queryLengthMax: "Characters of the query options in the body of `$query`.",
  headerBytesMax: "The length of all headers of a request; what is longer is 431.",
  pageSizeDefault: "Entities on a page when nothing is said.",
  pageSizeMax: "Entities on a page at the most.",
  reservationHours: "How long a domain stays reserved for an operation without a customer.",
  operationsClaimedMax: "Operations that a process works on at the same time.",
  leaseSeconds: "After how long another process takes over from one that has died.",
  pollMilliseconds: "How often a process looks for work that another one was asked for.",
  attemptsMax: "Attempts of a stage that fails in passing.",
  attemptsLostMax: "Attempts of a stage that never came back, because their process died.",
  undoAttemptsMax: "Attempts to undo what was made; then it is given up, and the operation says so.",
  retrySecondsMin: "The pause before the second attempt; each further one is twice as long.",
  retrySecondsMax: "The longest pause between attempts.",
  callSecondsMax: "How long a stage may take in one call.",
  pendingHoursMax: "How long a stage that says it takes its time is waited for.",
  repairHours: "How long a failed operation keeps its domain and can be retried.",
  deletedDays: "How long what was deleted is kept, and the domain of a deleted customer with it.",
  subscriptionsMax: "Subscriptions of a partner.",
  subscriptionMinutesMin: "The shortest life of a subscription; what is shorter is raised to it.",
  subscriptionMinutesMax: "The longest life of a subscription.",
  handshakeSecondsMax: "How long a receiver may take to answer the handshake.",
  notificationSecondsMax: "How long a receiver may take to take notifications.",
  notificationSlowMilliseconds: "From when on a receiver counts as slow.",
  notificationsPerRequestMax: "Notifications of a subscription in one request.",
  notificationLanesClaimedMax: "Subscriptions that a process tells at the same time.",
  notificationRetryMillisecondsMin: "The pause before notifications are sent for the second time.",
  notificationRetryMillisecondsMax: "The longest pause between two times.",
  notificationHoursMax: "How old a notification may be that a failing receiver is still sent.",
  notificationWindowSeconds:
    "The time within which the slow answers of a receiver are counted, and for which it is then spared.",
  notificationWindowRequestsMin: "Requests within that time below which nothing is concluded.",
  deliveryDays: "How long deliveries are kept.",
  writeRetriesMax: "How often a write is tried that meets another one.",
  changeDaysMax:
    "How old a delta link may be; an older one is 410. Changes that no delta link and no subscription reaches are removed a day later.",
  deltaOptionsLengthMax: "Characters of the options of `delta()` together, since its links carry them.",
  repeatabilityHours: "How long the answer to a request with a key is kept.",
  repeatabilitySecondsAhead: "How far `Repeatability-First-Sent` may lie in the future.",
  repeatabilityKeyLengthMax: "Characters of such a key.",
  answerMilliseconds: "How long a repetition waits for the request that it repeats; then it is 409.",
  purgeSeconds: "How often what is past its time is removed.",
  recordsPurgedMax: "Records that are removed at a time.",
  entitiesPurgedMax: "Customers and operations that are removed at a time.",
} as const satisfies { readonly [Name in keyof typeof limits]: string };
