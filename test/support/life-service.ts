import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import { later } from "../../src/onboarding/operation.ts";
import { type Provisioner, ProvisioningFailure } from "../../src/onboarding/provisioner.ts";
import { carryOn } from "../../src/onboarding/provisioning.ts";
import { claimOperations } from "../../src/store/claim.ts";
import { type Database, everyPartner } from "../../src/store/database.ts";
import { sql } from "../../src/store/sql.ts";
import { purger } from "../../src/work/purge.ts";
import {
  type Holds,
  isDue,
  type Life,
  leaseSeconds,
  type Outcome,
  pendingSeconds,
  purge,
  type UndoOutcome,
  undoAttemptsMax,
  work,
} from "./life-model.ts";
import { type Answer, type Engine, type Json, type Service, signToken, startService } from "./service.ts";

const beginning = Date.parse("2030-01-01T00:00:00.000Z");

/** The service on a clock that only the test moves. */
export interface LifeService extends AsyncDisposable {
  readonly service: Service;
  /** Seconds since the beginning. */
  now(): number;
  advance(seconds: number): void;
}

export async function startLifeService(engine: Engine): Promise<LifeService> {
  let seconds = 0;
  const clock = () => new Date(beginning + seconds * 1000).toISOString();
  const limits = { undoAttemptsMax, leaseSeconds };
  const service = await startService(engine, { clock, limits, inMemory: true, log: () => undefined });
  return {
    service,
    now: () => seconds,
    advance: (more) => {
      seconds += more;
    },
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  };
}

/** One partner of the service, and the lives of its operations as they ought to be. */
export interface LifeWorld {
  readonly real: LifeService;
  readonly partnerId: string;
  readonly token: string;
  readonly domains: readonly string[];
  readonly lives: Life[];
  readonly holds: Holds;
  /** What the provisioner outside has made: stages by operation. */
  readonly made: Map<string, Set<string>>;
  corrections: number;
}

export async function newLifeWorld(real: LifeService): Promise<LifeWorld> {
  const partnerId = randomUUID();
  const token = await signToken({ tid: partnerId });
  const label = `m${partnerId.replaceAll("-", "").slice(0, 20)}`;
  const domains = ["a", "b", "c"].map((each) => `${label}${each}.onmicrosoft.com`);
  return { real, partnerId, token, domains, lives: [], holds: new Map(), made: new Map(), corrections: 0 };
}

/** Sends a request for the partner of a world. */
export function send(world: LifeWorld, method: string, path: string, body?: object): Promise<Answer> {
  const { token } = world;
  return world.real.service.send(method, path, { token, ...(body === undefined ? {} : { body }) });
}

/** Lets a worker do everything that is due, with the outcomes given for the calls of each operation. */
export async function doWork(world: LifeWorld, outcomes: readonly Outcome[], undo: UndoOutcome): Promise<void> {
  const { real, lives, holds } = world;
  const { context } = real.service;
  const due = lives.filter((each) => isDue(each, real.now()));

  const claimed = await claimOperations(context.database, {
    owner: context.newId(),
    now: context.clock(),
    leaseExpirationDateTime: later(context.clock(), leaseSeconds),
    limit: 100,
  });
  const own = claimed.filter(({ partnerId }) => partnerId === world.partnerId);
  for (const operation of own) {
    const { database, die } = mortal(context.database);
    const provisioner = scripted(world, [...outcomes], undo, die);
    const worker = { context: { ...context, database }, provisioner, leaseOwner: operation.leaseOwner ?? "" };
    // What is thrown is that the process died: the loop of work/loop.ts would log it.
    await carryOn(worker, operation).catch(() => undefined);
  }
  await purger(context)();

  expect(own.map(({ id }) => id).sort()).toEqual(due.map(({ id }) => id).sort());
  for (const life of due) work(life, real.now(), holds, outcomes, undo);
  purge(lives, real.now(), holds);
}

/** A database that answers nothing any more once its process has died. */
function mortal(database: Database) {
  let dead = false;
  const write: Database["write"] = (...asked) =>
    dead ? Promise.reject(new Error("The process died.")) : database.write(...asked);
  const die = () => {
    dead = true;
    return new Error("The process died.");
  };
  return { database: { ...database, write }, die };
}

function scripted(world: LifeWorld, outcomes: Outcome[], undo: UndoOutcome, die: () => Error): Provisioner {
  return {
    provision(stage, { operationId }) {
      const outcome = outcomes.shift() ?? "made";
      if (outcome === "crashBefore") return Promise.reject(die());
      if (outcome === "pending") return Promise.resolve({ pendingSeconds });
      if (outcome === "passing" || outcome === "permanent") {
        return Promise.reject(new ProvisioningFailure(outcome, { passing: outcome === "passing" }));
      }
      const made = world.made.get(operationId) ?? new Set();
      world.made.set(operationId, made.add(stage));
      if (outcome === "crashAfter") return Promise.reject(die());
      const credentials = { credentials: { userName: "admin", password: randomUUID() } };
      return Promise.resolve(stage === "issuingCredentials" ? credentials : {});
    },
    undo({ operationId }) {
      if (undo === "crash") return Promise.reject(die());
      if (undo === "fails") return Promise.reject(new ProvisioningFailure("It stays.", { passing: true }));
      world.made.delete(operationId);
      return Promise.resolve();
    },
  };
}

/** Compares everything that the service keeps of a partner with what it ought to be. */
export async function compare(world: LifeWorld): Promise<void> {
  const { lives, holds, real, partnerId } = world;
  const { database } = real.service;
  const [operations, customers, domains] = await Promise.all([
    database.read(
      partnerId,
      sql`select * from "customerCreationOperations"
      where "partnerId" = ${partnerId}`,
    ),
    database.read(
      partnerId,
      sql`select "id", "lifecycleState" from "customers"
      where "partnerId" = ${partnerId} and "deletedDateTime" is null`,
    ),
    database.read(
      everyPartner,
      sql`select * from "domains" where "domain" in (
      ${world.domains[0] ?? ""}, ${world.domains[1] ?? ""}, ${world.domains[2] ?? ""})`,
    ),
  ]);
  for (const life of lives) notePause(life, operations, real.now());
  const living = lives.filter(({ deleted }) => !deleted);
  const shown = operations.filter(({ deletedDateTime }) => deletedDateTime === null);
  expect(shown.map(describeRow).sort()).toEqual(living.map(describeLife).sort());
  expect(customers.map(({ id, lifecycleState }) => `${id} ${lifecycleState}`).sort()).toEqual(
    lives
      .filter((each) => each.customerId !== undefined && each.customerDeleted === undefined)
      .map((each) => `${each.customerId} ${each.customer}`)
      .sort(),
  );
  expect(
    domains.map(({ domain, operationId, expirationDateTime }) => [domain, operationId, secondsOf(expirationDateTime)]),
  ).toEqual(expect.arrayContaining([...holds].map(([domain, { id, until }]) => [domain, id, until])));
  expect(domains).toHaveLength(holds.size);
}

// The pause after a failure is within bounds, and longer by up to a half: what it is, is looked up.
function notePause(life: Life, operations: readonly Json[], now: number): void {
  const row = operations.find(({ id }) => id === life.id);
  if (life.pauseSeconds === undefined || row === undefined) return;
  const pause = (secondsOf(row.dueDateTime) ?? 0) - now;
  expect(pause).toBeGreaterThanOrEqual(life.pauseSeconds);
  expect(pause).toBeLessThanOrEqual(life.pauseSeconds * 1.5);
  life.due = now + pause;
  life.pauseSeconds = undefined;
}

function secondsOf(instant: unknown): number | null {
  return typeof instant === "string" ? (Date.parse(instant) - beginning) / 1000 : null;
}

function describeRow(row: Json): string {
  const error = row.error === null ? null : JSON.parse(row.error).innerError.code;
  const retryable = row.isRetryable === null ? null : Boolean(row.isRetryable);
  return `${row.id} ${row.domain} ${row.status} ${row.stage} ${row.attempts} ${error} ${retryable} ${row.work} ${row.undoAttempts}`;
}

function describeLife(life: Life): string {
  const { id, domain, status, stage, attempts, error, retryable, undoAttempts } = life;
  return `${id} ${domain} ${status} ${stage} ${attempts} ${error} ${retryable} ${life.work} ${undoAttempts}`;
}
