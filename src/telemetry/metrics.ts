import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { printerOf } from "./common-metrics.ts";
import {
  type NotificationMetrics,
  openNotificationMetrics,
  type WaitingNotifications,
  waitingGauges,
} from "./notification-metrics.ts";
import { together } from "./together.ts";

/** A request that was answered. */
interface AnsweredRequest {
  readonly method: string;
  /** The template of its path, such as `/customers/{id}`; undefined when it leads nowhere. */
  readonly path: string | undefined;
  readonly status: number;
  readonly seconds: number;
}

/** What came of a call of the provisioner: the stage is done, takes its time, or failed. */
type StageOutcome = "done" | "pending" | "failed";

/** The operations whose next work is due and has not been taken up, of one kind of work. */
export interface DueWork {
  readonly work: string;
  readonly operations: number;
  /** How long the oldest of them has been due. */
  readonly seconds: number;
}

/** How busy a database is: its open connections, and what is under way on them or waits for one. */
export interface DatabaseLoad {
  readonly connections: number;
  readonly pending: number;
}

/** Where the gauges look when somebody asks. */
interface MetricSources {
  /** Gives undefined when the database does not answer: all other numbers are told nevertheless. */
  readonly readDueWork: () => Promise<readonly DueWork[] | undefined>;
  /** Gives undefined like `readDueWork`. */
  readonly readWaitingNotifications: () => Promise<readonly WaitingNotifications[] | undefined>;
  readonly databaseLoad: () => DatabaseLoad;
}

/** The numbers that a process keeps of its own work. */
export interface Metrics extends NotificationMetrics {
  requestBegan(): void;
  requestEnded(request: AnsweredRequest): void;
  /** A request was refused because too many were under way. */
  requestShed(): void;
  stageEnded(stage: string, outcome: StageOutcome, seconds: number): void;
  operationEnded(status: "succeeded" | "failed"): void;
  /** Adds what is looked up when it is asked for, and the numbers of the process itself. */
  watch(sources: MetricSources): void;
  /** Prints everything in the text format of Prometheus. */
  print(): Promise<{ readonly contentType: string; readonly text: string }>;
}

const requestBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
const stageBuckets = [0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120];
const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** Begins to count. The names follow the practices of Prometheus: unit last, in base units, `_total` for counters. */
export function openMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const durations = new Histogram({
    name: "tenantry_http_request_duration_seconds",
    help: "How long requests took, by offer (method and template of the path) and class of the status.",
    labelNames: ["method", "path", "status"],
    buckets: requestBuckets,
    registers,
  });
  const stages = new Histogram({
    name: "tenantry_provisioning_stage_duration_seconds",
    help: "How long calls of the provisioner took, by stage and outcome: done, pending, failed.",
    labelNames: ["stage", "outcome"],
    buckets: stageBuckets,
    registers,
  });
  const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter({ name, help, labelNames, registers });
  const throttled = counter("tenantry_http_requests_throttled_total", "Requests refused with 429.");
  const shed = counter("tenantry_http_requests_shed_total", "Requests refused because too many were under way.");
  const ended = counter("tenantry_operations_ended_total", "Operations that came to an end, by status.", "status");
  // A rate needs a beginning: what has not happened yet is zero, not absent.
  for (const status of ["succeeded", "failed"]) ended.inc({ status }, 0);
  const print = printerOf(registry);
  let underWay = 0;
  gauge(registry, "tenantry_http_requests_under_way", "Requests that are being carried out.", () => underWay);

  return {
    ...openNotificationMetrics(registry),
    requestBegan() {
      underWay++;
    },
    requestEnded({ method, path = "none", status, seconds }) {
      underWay--;
      const known = methods.includes(method) ? method : "other";
      durations.observe({ method: known, path, status: classOf(status) }, seconds);
      if (status === 429) throttled.inc();
    },
    requestShed: () => shed.inc(),
    stageEnded: (stage, outcome, seconds) => stages.observe({ stage, outcome }, seconds),
    operationEnded: (status) => ended.inc({ status }),
    watch(sources) {
      collectDefaultMetrics({ register: registry });
      // Of several processes the one that is worst off tells, not the sum, the mean or nothing.
      for (const name of ["process_start_time_seconds", "nodejs_eventloop_lag_p99_seconds"]) {
        Object.assign(registry.getSingleMetric(name) ?? {}, { aggregator: "max" });
      }
      watchSources(registry, sources);
    },
    print: async () => ({ contentType: registry.contentType, text: await print() }),
  };
}

// What is not supported is asked for by the caller: it must not stand among the faults of ours.
function classOf(status: number): string {
  return status === 501 ? "501" : `${Math.floor(status / 100)}xx`;
}

const works = ["provision", "compensate", "release", "expire"];

/** Registers the gauges of what is looked up. */
function watchSources(registry: Registry, sources: MetricSources): void {
  const { readDueWork, readWaitingNotifications, databaseLoad } = sources;
  const collect = together(async () => setDue(await readDueWork()));
  const byWork = <Name extends string>(name: Name, help: string) =>
    new Gauge({ name, help, labelNames: ["work"], registers: [registry], aggregator: "max", collect });
  const due = byWork(
    "tenantry_operations_due",
    "Operations whose work is due and not taken up, by work; those of all processes on the database.",
  );
  const ages = byWork("tenantry_operations_due_age_seconds", "How long the oldest operation has been due, by work.");
  const load = (name: keyof DatabaseLoad) => () => databaseLoad()[name];
  gauge(registry, "tenantry_database_connections", "Connections to the database.", load("connections"));
  gauge(registry, "tenantry_database_pending", "Statements and transactions under way or waiting.", load("pending"));
  waitingGauges(registry, readWaitingNotifications);

  function setDue(found: readonly DueWork[] | undefined): void {
    due.reset();
    ages.reset();
    if (found === undefined) return;
    for (const work of works) {
      const one = found.find((each) => each.work === work);
      due.set({ work }, one?.operations ?? 0);
      ages.set({ work }, one?.seconds ?? 0);
    }
  }
}

function gauge(registry: Registry, name: string, help: string, read: () => number): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(read());
    },
  });
}
